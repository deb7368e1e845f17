"""A text that is looked for stands for itself in a pattern of LIKE with ESCAPE '!'."""

from typing import Final

ESCAPED: Final = "!%_"


def containing(text: str) -> str:
    """The pattern of what has this text in it, in lower case."""
    return f"%{beginning(text.lower())}"


def beginning(text: str) -> str:
    """The pattern of what begins with this text."""
    return "".join(f"!{letter}" if letter in ESCAPED else letter for letter in text) + "%"
