"""What one of our people wrote in a conversation is there in its numbers, for those it was for.

A number whose entry is not for the asker, or is no more, is covered by a stub, so that whoever
reads a log to its end misses nothing in it.

Source: groups-protocol.md 4.4.2, 9.2; security.md 7
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from federation.keyring import Keyring
from federation.protocol.build import log as build
from federation.protocol.build.conversation import Slice
from federation.queries.fetchable import (
    Answer,
    Asker,
    Hidden,
    PersonThere,
    Private,
    encoded,
    members,
    people_there,
    read_epoch,
    read_number,
)
from storage import conversations, logs, readers
from storage.database import Row

PAGE_ITEMS: Final = 100
# Whoever reads a page takes in at most 1 MiB.
PAGE_BYTES: Final = 900 * 1024
LOST: Final = "lost"


@dataclass(frozen=True, slots=True)
class ServedLog:
    """A log of one of our people, and who of the asking host has to do with its conversation.

    Attributes:
        end: The highest number that stands in it, if only as lost.
        is_home: Whether the asker is the home of the group.
    """

    uri: str
    author: str
    conversation_id: str
    kind: str
    end: int
    people: tuple[PersonThere, ...]
    is_home: bool

    def may_see(self, document: bytes, *, edited_epoch: int | None) -> bool:
        """Whether an entry is for the asker: for members at its epoch, or the people of a set.

        An edit is for those whom its message was for, so `edited_epoch` goes before its own.
        """
        if self.is_home or self.kind == "direct":
            return True
        epoch = edited_epoch or msgspec.json.decode(document, type=_Terms).chatEpoch
        return epoch is not None and any(person.was_member(epoch) for person in self.people)


class _Terms(msgspec.Struct):
    """What of an entry decides who may see it."""

    # As it is spelled on the wire.
    chatEpoch: int | None = None  # noqa: N815


async def entries(uri: str, *, after: str | None, asker: Asker, keyring: Keyring) -> Answer:
    """A page of a log, or its head.

    Args:
        uri: Which log.
        after: The number behind which a page begins; None for the head.
        asker: Who asks.
        keyring: Makes the proofs of a key that the author uses no more anew.

    Raises:
        RemoteProtocolError: `after` is no number (400).
    """
    log = await _find(uri, asker)
    if log is None or not (log.is_home or _was_ever_there(log)):
        return Hidden()
    if after is None:
        return Private(encoded(build.log(log.uri, owner=log.author, total=log.end)))
    start = read_number(after)
    rows = await logs.entries(log.uri, after=start, limit=PAGE_ITEMS + 1)
    part = await _renewed(_page(log, rows, after, start), keyring)
    return Private(encoded(build.log_page(log.uri, owner=log.author, part=part)))


async def state(uri: str, *, after: str, asker: Asker, keyring: Keyring) -> Answer:
    """The signed state changes above an epoch that this node holds, for home and members' hosts.

    Raises:
        RemoteProtocolError: `after` is no number (400).
    """
    log = await _find(uri, asker)
    if log is None or log.kind != "group" or not (log.is_home or members(log.people)):
        return Hidden()
    rows = await conversations.state_log(
        log.conversation_id, after=read_epoch(after), limit=PAGE_ITEMS + 1
    )
    shown = _fitting(rows[:PAGE_ITEMS])
    part = Slice(
        after=after,
        items=[row["document"] for row in shown],
        next_after=str(shown[-1]["epoch"]) if len(rows) > len(shown) else "",
    )
    part = await _renewed(part, keyring)
    return Private(encoded(build.state_page(log.uri, owner=log.author, part=part)))


async def _find(uri: str, asker: Asker) -> ServedLog | None:
    row = await logs.find_log(uri) if asker.host else None
    if row is None or not row["local"]:
        return None
    (conversation,) = await conversations.by_id([row["conversation_id"]])
    people = people_there(await readers.people_of_host(row["conversation_id"], asker.host))
    return ServedLog(
        uri=uri,
        author=row["author_uri"],
        conversation_id=row["conversation_id"],
        kind=conversation["kind"],
        end=max(row["head"], row["heard"]) if row["trouble"] == LOST else row["head"],
        people=people,
        is_home=conversation["home_host"] == asker.host,
    )


def _was_ever_there(log: ServedLog) -> bool:
    return bool(log.people) if log.kind == "direct" else any(one.spans for one in log.people)


def _page(log: ServedLog, rows: Sequence[Row], after: str, start: int) -> Slice:
    part = _fitting(rows[:PAGE_ITEMS])
    has_more = len(rows) > len(part)
    items: list[Any] = []
    through = covered = start
    for row in part:
        if row["document"] is None or row["superseded"] or not _may_see(log, row):
            through = row["seq"]
            continue
        if covered < row["seq"] - 1:
            items.append(_stub(row["seq"] - 1))
        items.append(row["document"])
        through = covered = row["seq"]
    if not has_more:
        through = max(through, log.end)
    if covered < through:
        items.append(_stub(through))
    return Slice(after=after, items=items, next_after=str(through) if has_more else "")


def _may_see(log: ServedLog, row: Row) -> bool:
    return log.may_see(_bytes(row), edited_epoch=row["edited_epoch"])


async def _renewed(part: Slice, keyring: Keyring) -> Slice:
    """The same part, with each text as it may leave."""
    items = [
        msgspec.Raw((await keyring.renewed(item)).encode()) if isinstance(item, str) else item
        for item in part.items
    ]
    return replace(part, items=items)


def _bytes(row: Row) -> bytes:
    document: str = row["document"]
    return document.encode()


def _stub(number: int) -> Mapping[str, Any]:
    return {"type": "Tombstone", "chatSeq": number}


def _fitting(rows: Iterable[Row]) -> list[Row]:
    """As many of the first rows as a page takes, at least one."""
    part: list[Row] = []
    size_bytes = 0
    for row in rows:
        size_bytes += len(row["document"] or "")
        if part and size_bytes > PAGE_BYTES:
            break
        part.append(row)
    return part
