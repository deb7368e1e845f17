"""What a bearer token may do."""

from typing import Final

READ: Final = "read"
WRITE: Final = "write"
SCOPES: Final = (READ, WRITE)
ALL: Final = frozenset(SCOPES)


def parse_scopes(text: str) -> frozenset[str] | None:
    """The scopes named in a text, or None if it names none or one that does not exist."""
    named = frozenset(text.split())
    return named if named and named <= ALL else None


def write_scopes(scopes: frozenset[str]) -> str:
    """Scopes as they are stored and shown, always in the same order."""
    return " ".join(each for each in SCOPES if each in scopes)
