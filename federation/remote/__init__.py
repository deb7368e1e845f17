"""Other servers are asked here: bounded, one question at a time per document, and remembered."""
