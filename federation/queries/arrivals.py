"""What arrived at a group's home, in the order of arrival, and which of it a host may read.

Entries come in the order in which they were written here, state changes by their epoch, and what
home says besides (removals, and what it wraps of unaware members) by its ids; the three are merged
by the moment at which they were kept. A place in the merged order is a `Cursor`, which names the
copy of the database whose numbers it counts by.

Source: groups-protocol.md 3.4 and 9.4
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from typing import Final

import msgspec

from federation.protocol.errors import RemoteProtocolError
from federation.queries.fetchable import PersonThere, read_number
from storage.database import Row
from storage.times import from_ms

FIRST: Final = "0"
SHARED: Final = "shared"
INVITED: Final = "invited"
JOINED: Final = "joined"
EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
WORD: Final = re.compile(r"[0-9A-Z]{26}")


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order of arrival.

    Attributes:
        run: The incarnation of the database.
        entry: The number of the last entry before this place.
        epoch: The epoch of the last state change before it.
        word: The end of the id of the last that home had said besides, "" before the first.
    """

    run: str
    entry: int = 0
    epoch: int = 0
    word: str = ""

    def __str__(self) -> str:
        """As it stands in `?after=`."""
        place = f"{self.run}.{self.entry}.{self.epoch}"
        return f"{place}.{self.word}" if self.word else place


def read_cursor(text: str, run: str) -> Cursor | None:
    """The place that a cursor names; None for one of another copy of the database.

    Raises:
        RemoteProtocolError: It names this copy, and then no place (400).
    """
    if text == FIRST:
        return Cursor(run)
    named, _, place = text.partition(".")
    if named != run:
        return None
    entry, _, rest = place.partition(".")
    epoch, _, word = rest.partition(".")
    if word and not WORD.fullmatch(word):
        raise RemoteProtocolError("the cursor names no place", word[:80])
    return Cursor(run, read_number(entry), read_number(epoch), word)


@dataclass(frozen=True, slots=True)
class Arrival:
    """An entry, a state change or something else that arrived.

    Attributes:
        epoch: The group's epoch here once it had arrived; a change's own.
        number: Of an entry; 0 for anything else.
        message_uri: The message that it brought, "" for anything else.
        history: Of a change: how far back members may read what arrives from here on; "" if that
            is not kept.
        word: The end of the id of what home says besides; "" for anything else.
        readers: Who alone may read it, whatever the policy; nobody for what all may.
    """

    at: datetime
    epoch: int
    number: int
    activity_id: str
    message_uri: str
    history: str = ""
    word: str = ""
    readers: tuple[str, ...] = ()

    def after(self, cursor: Cursor) -> Cursor:
        """The place behind it."""
        is_change = not self.number and not self.word
        return Cursor(
            cursor.run,
            self.number or cursor.entry,
            self.epoch if is_change else cursor.epoch,
            self.word or cursor.word,
        )


def changes(rows: Iterable[Row]) -> tuple[Arrival, ...]:
    """State changes, from the rows of storage.readers.changes_of."""
    return tuple(
        Arrival(from_ms(row["created_at"]), row["epoch"], 0, row["activity_id"], "", row["history"])
        for row in rows
    )


def entries(rows: Iterable[Row], chain: Sequence[Arrival]) -> tuple[Arrival, ...]:
    """Entries, from the rows of storage.readers.entries_of.

    Of a change in the same millisecond nobody can tell which came first: the entry counts as the
    earlier one, unless it names that epoch itself.

    Args:
        rows: In their order.
        chain: All state changes, by epoch.
    """
    epoch_at = _epochs(chain)
    found = []
    for row in rows:
        at = from_ms(row["created_at"])
        epoch = max(epoch_at(at), row["epoch"] or 0)
        found.append(Arrival(at, epoch, row["id"], row["activity_id"], row["message_uri"] or ""))
    return tuple(found)


def words(rows: Iterable[Row], chain: Sequence[Arrival]) -> tuple[Arrival, ...]:
    """What home says besides, from the rows of storage.readers.words_of."""
    epoch_at = _epochs(chain)
    return tuple(
        Arrival(
            at=from_ms(row["created_at"]),
            epoch=epoch_at(from_ms(row["created_at"])),
            number=0,
            activity_id=row["activity_id"],
            message_uri=row["message_uri"] or "",
            word=row["word"],
            readers=msgspec.json.decode(row["readers"] or "[]", type=tuple[str, ...]),
        )
        for row in rows
    )


def _epochs(chain: Sequence[Arrival]) -> Callable[[datetime], int]:
    """In which epoch the group was at a moment."""
    times = [change.at for change in chain]

    def epoch_at(at: datetime) -> int:
        held = bisect_left(times, at)
        return chain[held - 1].epoch if held else 0

    return epoch_at


def merged(*some: Iterable[Arrival]) -> list[Arrival]:
    """All in one order; each keeps its own."""
    return list(merge(*some, key=lambda arrival: arrival.at))


@dataclass(frozen=True, slots=True)
class Readers:
    """The members of one host, and how far back the group lets them read.

    Attributes:
        history: "shared", "invited" or "joined": the setting that held from each epoch on.
    """

    members: Sequence[PersonThere]
    history: Mapping[int, str]

    def may_read(self, arrival: Arrival) -> bool:
        """Whether any of them may read it (9.4); what is set later changes nothing about it."""
        if arrival.readers:
            return any(person.uri in arrival.readers for person in self.members)
        history = self.history.get(arrival.epoch, JOINED)
        return history == SHARED or any(
            person.was_member(arrival.epoch)
            or (history == INVITED and _was_invited(person, arrival.at))
            for person in self.members
        )

    def since(self, chain: Sequence[Arrival]) -> datetime:
        """A moment before which none of them may read an entry."""
        kept = {change.epoch: change.at for change in chain}
        starts = [kept.get(first, EVER) for one in self.members for first, _ in one.spans]
        shared = [epoch for epoch, history in self.history.items() if history == SHARED]
        starts += [kept.get(epoch, EVER) for epoch in shared]
        if INVITED in self.history.values():
            starts += [one.invited_at for one in self.members if one.invited_at is not None]
        return min(starts, default=EVER)


def _was_invited(person: PersonThere, at: datetime) -> bool:
    return person.invited_at is not None and person.invited_at <= at


def histories(chain: Iterable[Arrival], present: str) -> dict[int, str]:
    """The setting that held from each epoch on; `present` where it is not kept."""
    return {change.epoch: change.history or present for change in chain}
