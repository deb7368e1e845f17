"""PURE: whether two texts are one with a few words changed (SimHash).

HTML becomes text, NFKC and casefolded. Mentions are left out, an address becomes the host it leads
to, a digit 0, and all but letters and digits a space. The features are pairs of neighbouring words,
or pieces of four characters where a writing has few spaces. Three bits of distance, as is common
for pages of the web, would miss even a first name that is put in.

Source: policy.md 10
"""

import re
import unicodedata
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import Final, NamedTuple

from federation.content.plain import to_text

BITS: Final = 64
# Below it only equality counts.
SHORT_CHARS: Final = 40
CHARS_A_SPACE: Final = 12
PIECE_CHARS: Final = 4

_ADDRESS: Final = re.compile(r"https?://([^\s/?#]+)[^\s]*")
_MENTION: Final = re.compile(r"@[\w.-]+(?:@[\w.-]+)?")
_DIGIT: Final = re.compile(r"\d")
_APART: Final = re.compile(r"[\W_]+")


class Fingerprint(NamedTuple):
    """What is kept of a text.

    Attributes:
        exact: Of the text as it is compared.
        simhash: Near for texts that are near; None for one that is too short.
    """

    exact: bytes
    simhash: int | None


def fingerprint(html: str) -> Fingerprint:
    """What is kept of a message's HTML to compare it by; its text cannot be read there."""
    text = compared(html)
    exact = blake2b(text.encode(), digest_size=16).digest()
    return Fingerprint(exact, simhash(text) if len(text) >= SHORT_CHARS else None)


def is_near(one: Fingerprint, other: Fingerprint, distance: int) -> bool:
    """Whether two texts are the same, or their fingerprints within so many bits."""
    if one.exact == other.exact:
        return True
    if one.simhash is None or other.simhash is None:
        return False
    return (one.simhash ^ other.simhash).bit_count() <= distance


def compared(html: str) -> str:
    """The text of a message as it is compared with others."""
    text = unicodedata.normalize("NFKC", to_text(html)).casefold()
    hosts = _ADDRESS.sub(r" link:\1 ", text)
    plain = _DIGIT.sub("0", _MENTION.sub(" ", hosts))
    return _APART.sub(" ", plain).strip()


def simhash(text: str) -> int:
    """The fingerprint of a text as it is compared: a bit is what most features have there."""
    votes = [0] * BITS
    for feature in _features(text):
        hashed = int.from_bytes(blake2b(feature.encode(), digest_size=BITS // 8).digest())
        for bit in range(BITS):
            votes[bit] += 1 if hashed >> bit & 1 else -1
    return sum(1 << bit for bit, vote in enumerate(votes) if vote > 0)


def _features(text: str) -> Iterator[str]:
    if text.count(" ") * CHARS_A_SPACE < len(text):
        pieces = text.replace(" ", "")
        return (pieces[at : at + PIECE_CHARS] for at in range(len(pieces) - PIECE_CHARS + 1))
    words = text.split(" ")
    return (f"{one} {other}" for one, other in pairwise(words))
