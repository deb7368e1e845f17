"""What grants is stored as its hash alone."""

import hashlib


def fingerprint(token: str) -> str:
    """SHA-256 of a token, in hexadecimal; enough, since a token has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()
