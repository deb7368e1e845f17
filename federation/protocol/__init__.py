"""The wire: documents, signatures and names; nothing here is believed yet."""
