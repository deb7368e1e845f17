"""Home lets the hosts of members read again what arrived there, page by page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from federation.groups.settings import read_settings
from federation.keyring import Keyring
from federation.protocol.build import conversation as build
from federation.protocol.build.conversation import Slice
from federation.queries import arrivals
from federation.queries.arrivals import Arrival, Cursor, Readers, read_cursor
from federation.queries.fetchable import Answer, Asker, Gone, Hidden, Private, encoded, members
from federation.queries.served_groups import HomeGroup, find_home_group, people_of
from storage import activities, readers
from storage.incarnation import get_incarnation

PAGE_ITEMS: Final = 100
# Whoever reads a page takes in at most 1 MiB.
PAGE_BYTES: Final = 900 * 1024
# More entries than a group can have.
ALL: Final = 2**31


@dataclass(frozen=True, slots=True)
class Shelf:
    """One of the two collections: ids of messages, or whole activities.

    Attributes:
        holds_changes: Whether state changes stand among its items.
    """

    head: Callable[..., Mapping[str, Any]]
    page: Callable[[str, Slice], Mapping[str, Any]]
    holds_changes: bool

    def holds(self, arrival: Arrival) -> bool:
        """Whether it is an item of this collection."""
        return self.holds_changes or bool(arrival.message_uri)


CONTEXT: Final = Shelf(build.context, build.context_page, holds_changes=False)
HISTORY: Final = Shelf(build.history, build.history_page, holds_changes=True)


async def arrived(
    conversation_id: str, *, shelf: Shelf, after: str | None, asker: Asker, keyring: Keyring
) -> Answer:
    """What arrived at home, as far as the asking host's members may read it.

    Every page but an empty one leads on; an empty one says that there is no more yet.

    Args:
        conversation_id: The group.
        shelf: `CONTEXT` or `HISTORY`.
        after: The cursor that a page begins behind; None for the head.
        asker: Who asks.
        keyring: Makes the proofs of keys that our actors use no more anew.

    Raises:
        RemoteProtocolError: The cursor names no place (400).
    """
    there = members(await people_of(conversation_id, asker))
    group = await find_home_group(conversation_id) if there else None
    if group is None:
        return Hidden()
    history = read_settings(group.state["settings"]).history
    chain = arrivals.changes(await readers.changes_of(group.id))
    may_read = Readers(there, arrivals.histories(chain, history))
    reading = Reading(group, shelf, may_read, chain)
    if after is None:
        return Private(encoded(shelf.head(group.uri, total=await reading.total())))
    cursor = read_cursor(after, await get_incarnation())
    if cursor is None:
        return Gone()
    found, behind = await reading.page(cursor)
    items = await _items(found, shelf, keyring)
    if len(items) < len(found):
        for arrival in found[: len(items)]:
            cursor = arrival.after(cursor)
        behind = cursor
    part = Slice(after=after, items=items, next_after=str(behind))
    return Private(encoded(shelf.page(group.uri, part)))


@dataclass(frozen=True, slots=True)
class Reading:
    """One host reads one collection of a group; `chain` are its state changes."""

    group: HomeGroup
    shelf: Shelf
    readers: Readers
    chain: Sequence[Arrival]

    async def total(self) -> int:
        """How many items the host may read in all."""
        found = [
            *await self._entries(Cursor(""), limit=ALL),
            *await self._words(Cursor(""), limit=ALL),
        ]
        return len(self._readable([*found, *(self.chain if self.shelf.holds_changes else ())]))

    async def page(self, cursor: Cursor) -> tuple[list[Arrival], Cursor]:
        """The next readable items, at most 100, and the place behind them; none at the end."""
        while True:
            found = await self._entries(cursor, limit=PAGE_ITEMS)
            words = await self._words(cursor, limit=PAGE_ITEMS)
            ahead = [change for change in self.chain if change.epoch > cursor.epoch]
            others = ahead if self.shelf.holds_changes else []
            part = arrivals.merged(others, found, words)[:PAGE_ITEMS]
            for arrival in part:
                cursor = arrival.after(cursor)
            readable = self._readable(part)
            if readable or not part:
                return readable, cursor

    async def _entries(self, cursor: Cursor, *, limit: int) -> tuple[Arrival, ...]:
        since = self.readers.since(self.chain)
        rows = await readers.entries_of(self.group.id, after=cursor.entry, since=since, limit=limit)
        return arrivals.entries(rows, self.chain)

    async def _words(self, cursor: Cursor, *, limit: int) -> tuple[Arrival, ...]:
        since = self.readers.since(self.chain)
        rows = await readers.words_of(self.group.uri, after=cursor.word, since=since, limit=limit)
        return arrivals.words(rows, self.chain)

    def _readable(self, part: Sequence[Arrival]) -> list[Arrival]:
        return [one for one in part if self.shelf.holds(one) and self.readers.may_read(one)]


async def _items(found: Sequence[Arrival], shelf: Shelf, keyring: Keyring) -> list[Any]:
    """As many of the first of them as a page takes."""
    if not shelf.holds_changes:
        return [arrival.message_uri for arrival in found]
    rows = await activities.by_id([arrival.activity_id for arrival in found])
    texts = {row["id"]: row["document"] for row in rows}
    items: list[Any] = []
    size_bytes = 0
    for arrival in found:
        document = (await keyring.renewed(texts[arrival.activity_id])).encode()
        size_bytes += len(document)
        if items and size_bytes > PAGE_BYTES:
            break
        items.append(msgspec.Raw(document))
    return items
