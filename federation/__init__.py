"""The federation: it decides, and speaks; every activity takes one road through here."""
