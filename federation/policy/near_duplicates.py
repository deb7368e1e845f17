"""PURE: whether two texts are one with a few words changed (SimHash).

HTML becomes text, NFKC and casefolded. Mentions are left out, an address becomes the host it leads
to, a digit 0, and all but letters and digits a space. The features are pairs of neighbouring words,
or pieces of four characters where a writing has few spaces. Three bits of distance, as is common
for pages of the web, would miss even a first name that is put in.

Source: policy.md 10
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from hashlib import blake2b
from itertools import pairwise
from typing import Any, Final, NamedTuple

from federation.content.links import targets_in
from federation.content.plain import to_text
from federation.content.sanitize import clean_html
from federation.policy.facts import Window
from federation.policy.statement import hosts_of
from federation.protocol import json_ld
from federation.protocol.attachment import parse_attachments
from federation.protocol.domain import registrable_domain

BITS: Final = 64
# Below it only equality counts.
SHORT_CHARS: Final = 40
CHARS_A_SPACE: Final = 12
PIECE_CHARS: Final = 4

_ADDRESS: Final = re.compile(r"https?://([^\s/?#]+)[^\s]*")
_MENTION: Final = re.compile(r"@[\w.-]+(?:@[\w.-]+)?")
_DIGIT: Final = re.compile(r"\d")
_APART: Final = re.compile(r"[\W_]+")
_NOTHING: Final = blake2b(b"", digest_size=16).digest()


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


class Sample(NamedTuple):
    """What is kept of a message to find others like it.

    Attributes:
        media: Digests of its files.
        links: The hosts it leads to that are not its sender's.
    """

    print: Fingerprint
    media: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


class Trace(NamedTuple):
    """One stranger's message, and one person here whom it was for."""

    at: datetime
    person: str
    actor: str
    activity_id: str
    sample: Sample


def sample_of(note: Mapping[str, Any], sender: str) -> Sample:
    """What is kept of a message.

    Args:
        note: What its sender has made.
        sender: Their host.
    """
    content = note.get("content")
    html = content if isinstance(content, str) else ""
    tags = [tag for tag in json_ld.as_list(note.get("tag")) if isinstance(tag, Mapping)]
    named = {href for tag in tags if isinstance(href := tag.get("href"), str)}
    links = [link for link in targets_in(clean_html(html) or "") if link not in named]
    own = registrable_domain(sender)
    hosts = {host for host in hosts_of(*links) if registrable_domain(host) != own}
    digests = {one.digest for one in parse_attachments(note.get("attachment"))} - {""}
    return Sample(fingerprint(html), frozenset(digests), frozenset(hosts))


def is_alike(one: Sample, other: Sample, distance: int) -> bool:
    """Whether two messages are as one: the same text nearly, a same file, or the same links."""
    if not one.media.isdisjoint(other.media):
        return True
    if one.links and one.links == other.links:
        return True
    # Two pictures without a word are not the same for that.
    return one.print.exact != _NOTHING and is_near(one.print, other.print, distance)


def like(sample: Sample, traces: Iterable[Trace], window: Window, now: datetime) -> list[Trace]:
    """The messages within a window that are as this one."""
    since = now - window.length
    return [
        each
        for each in traces
        if each.at > since and is_alike(sample, each.sample, window.distance)
    ]


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
