"""PURE: what can stand below a message as a reaction: one character as people count, or a name."""

import re
import unicodedata
from typing import Final

HEART: Final = "\N{HEAVY BLACK HEART}"
CHARS_MAX: Final = 32
FLAG_LETTERS: Final = 2
NAME: Final = re.compile(r":[A-Za-z0-9_+-]{1,64}(?:@[A-Za-z0-9.:-]{1,60})?:")

_JOINER: Final = "\N{ZERO WIDTH JOINER}"
_VARIATION: Final = "\N{VARIATION SELECTOR-16}"
_FLAGS: Final = range(0x1F1E6, 0x1F200)
_SKINS: Final = range(0x1F3FB, 0x1F400)
_TAGS: Final = range(0xE0020, 0xE0080)


def as_grapheme(text: str) -> str | None:
    """The text in one spelling if it is one visible character; None for anything else.

    A character may carry marks, a skin, a variation, tags, or others joined to it; two regional
    letters are one flag.
    """
    text = unicodedata.normalize("NFC", text.strip())
    if not text or len(text) > CHARS_MAX or not _is_one(text):
        return None
    return HEART if text.rstrip(_VARIATION) == HEART else text


def _is_one(text: str) -> bool:
    first = text[0]
    if unicodedata.category(first)[0] in "CZM":
        return False
    flags = sum(ord(char) in _FLAGS for char in text)
    if ord(first) in _FLAGS:
        # Two letters are one flag.
        return flags == len(text) == FLAG_LETTERS
    joined = True
    for char in text:
        if not joined and not _extends(char):
            return False
        joined = char == _JOINER
    return flags == 0 and not joined


def _extends(char: str) -> bool:
    """Whether a character belongs to the one before it."""
    is_mark = unicodedata.category(char) in {"Mn", "Mc", "Me"}
    return is_mark or char == _JOINER or ord(char) in _SKINS or ord(char) in _TAGS
