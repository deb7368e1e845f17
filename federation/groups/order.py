"""Every node shows the same messages in the same order, whichever came first.

A message's place is (t, id); t is the later of its claim and a step after its parent's t. Where
messages name each other in a circle, none of the circle has a parent, or t would have no value.

Source: groups-protocol.md 6.6
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.groups.clock import STEP, is_too_far_ahead

LATE_AFTER: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Held:
    """A message as far as order needs it.

    Attributes:
        parent_uri: What it names as `inReplyTo`, "" for nothing.
        published: What `claim` made of it.
        t: Its present place.
    """

    uri: str
    parent_uri: str
    published: datetime
    t: datetime


def claim(published: datetime, *, arrived_at: datetime, aware: bool) -> datetime:
    """Answer the time that counts: of an unaware author none more than 2 min ahead of arrival."""
    if not aware and is_too_far_ahead(published, arrived_at):
        return arrived_at
    return published


def place(
    published: datetime, parent_t: datetime | None, *, arrived_at: datetime, aware: bool
) -> datetime:
    """Answer t.

    Args:
        published: As the document claims it. An aware author's was judged when it arrived.
        parent_t: The parent's place, None if it is unknown in this conversation.
        arrived_at: When it reached this node.
        aware: Whether its author speaks the profile.
    """
    return _after(claim(published, arrived_at=arrived_at, aware=aware), parent_t)


def sort_key(t: datetime, uri: str) -> tuple[datetime, bytes]:
    """Answer what messages are sorted by; ids compare as UTF-8 bytes."""
    return t, uri.encode()


def is_late(t: datetime, arrived_at: datetime) -> bool:
    """Say whether a message arrives with a place more than ten minutes in the past."""
    return arrived_at - t > LATE_AFTER


def resettle(arrived: Held, descendants: Sequence[Held]) -> Mapping[str, datetime]:
    """Answer the new t of every message that moves because another came.

    Args:
        arrived: The message that came, with the t that `place` gave it.
        descendants: Those held that answer it, that answer those, and so on, in any order. Where
            `arrived` closes a circle, all of the circle is among them.

    Returns:
        By URI, and only what differs. `arrived` itself is among them if it closes a circle.
    """
    held = {message.uri: message for message in (*descendants, arrived)}
    settled: dict[str, datetime] = {}
    for start in held:
        _settle_chain(start, held, settled)
    return {uri: t for uri, t in settled.items() if t != held[uri].t}


def _settle_chain(start: str, held: Mapping[str, Held], settled: dict[str, datetime]) -> None:
    """Walk up to what is settled, out of what is held or into a circle; settle on the way back."""
    chain: dict[str, None] = {}
    above = start
    while above in held and above not in settled and above not in chain:
        chain[above] = None
        above = held[above].parent_uri
    in_circle = above in chain
    for uri in reversed(chain):
        settled[uri] = _settled(held[uri], settled, in_circle=in_circle)
        in_circle = in_circle and uri != above


def _settled(message: Held, settled: Mapping[str, datetime], *, in_circle: bool) -> datetime:
    if in_circle:
        return message.published
    if message.parent_uri in settled:
        return _after(message.published, settled[message.parent_uri])
    # Its t counts its parent already, if there is one.
    return message.t


def _after(published: datetime, parent_t: datetime | None) -> datetime:
    return published if parent_t is None else max(published, parent_t + STEP)
