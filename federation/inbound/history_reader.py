"""What a group's home has of it is read from where this node last stopped.

A page holds entries, which count by their authors' proofs, and what home says itself: state
changes, removal notices and relays, which count by its own.

Source: groups-protocol.md 3.4, 9.3 and 9.4; delivery.md 6
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final

from federation.activities.kind import Waiting
from federation.inbound.home_reader import NotNow
from federation.inbound.pages import Unread, pages
from federation.inbound.status import NotKnownNow
from federation.inbound.taking import Taker
from federation.pipeline.item import Received
from federation.pipeline.outcome import Failed, Outcome
from federation.protocol.activity import Activity
from federation.protocol.actor import parse_conversation_actor
from federation.protocol.collection import Collection, parse_collection
from federation.protocol.uri import same_origin
from federation.remote.objects import Fetched
from storage import conversations
from storage.database import Row

HOME: Final = "home"
# Once from the cursor, and once from the beginning where home knows the cursor no more.
TRIES: Final = 2
CURSOR_CHARS_MAX: Final = 2_048


class HistoryReader:
    """Reads the histories of groups whose home is elsewhere."""

    def __init__(self, taker: Taker) -> None:
        self._taker = taker

    async def read(self, conversation_id: str, now: datetime) -> NotNow | None:
        """Take in what a group's home has beyond the cursor; None once its end is reached.

        Raises:
            RemoteProtocolError: A document has the wrong shape.
        """
        for _ in range(TRIES):
            (row,) = await conversations.by_id([conversation_id])
            if row["is_home"] or not row["state"]:
                return None
            url = row["history_cursor"] or await self._first(row["uri"])
            if isinstance(url, NotNow):
                return url
            read = await self._from(url, row, now)
            if not isinstance(read, Unread):
                return read
            if not read.is_gone:
                return NotNow(read.reason)
            await conversations.set_cursor(conversation_id, "", 0)
        return NotNow("home knows no beginning of its history")

    async def _first(self, uri: str) -> str | NotNow:
        """Where the history of a group begins."""
        fetcher, allow_http = self._taker.directory.fetcher, self._taker.allow_http
        found = await fetcher.fetch_object(uri)
        if not isinstance(found, Fetched):
            return NotNow("home does not show the group")
        actor = parse_conversation_actor(found.document, allow_http=allow_http)
        head = await fetcher.fetch_object(actor.history) if actor.history else None
        if not isinstance(head, Fetched):
            return NotNow("home does not show its history")
        first = parse_collection(head.document, allow_http=allow_http).first
        return first or NotNow("the history has no first page")

    async def _from(self, url: str, row: Row, now: datetime) -> Unread | NotNow | None:
        if not same_origin(url, row["uri"]):
            return NotNow("the history is not at home")
        fetcher, allow_http = self._taker.directory.fetcher, self._taker.allow_http
        epoch = row["history_epoch"]
        async for page in pages(fetcher, url, allow_http=allow_http):
            if isinstance(page, Unread):
                return page
            if not page.items:
                await conversations.history_read(row["id"], now)
                return None
            arrived = list(_as_they_came(self._activities(page, row), row["uri"], epoch))
            waits = await self._take(arrived, row, now)
            if waits is not None:
                return waits
            epoch = max([epoch, *(each for _, each in arrived)])
            if len(page.next) <= CURSOR_CHARS_MAX:
                await conversations.set_cursor(row["id"], page.next, epoch)
        return NotNow("it goes on")

    async def _take(
        self, arrived: Iterable[tuple[Activity, int]], row: Row, now: datetime
    ) -> NotNow | None:
        items: list[Received] = []
        for activity, epoch in arrived:
            held = await self._taker.holds(activity, now)
            if isinstance(held, NotKnownNow):
                return NotNow("a key cannot be asked for")
            if held:
                items.append(Received(activity, "", "", now, source=HOME, home_epoch=epoch))
        return _waits(await self._taker.perform(items, now), row["uri"])

    def _activities(self, page: Collection, row: Row) -> Iterable[Activity]:
        """Those of a page's items that are of this group, by what they say themselves."""
        for item in page.items:
            activity = self._taker.read(item)
            if activity is None:
                continue
            is_homes = activity.actor == row["uri"]
            is_entry = activity.log is not None and activity.context == row["context"]
            if is_homes or is_entry:
                yield activity


def _as_they_came(
    activities: Iterable[Activity], home: str, epoch: int
) -> Iterator[tuple[Activity, int]]:
    """Each with the epoch that home was at when it came there: changes stand among the others."""
    for activity in activities:
        if activity.actor == home and activity.epoch is not None:
            epoch = max(epoch, activity.epoch)
        yield activity, epoch


def _waits(done: Iterable[tuple[Received, Outcome]], home: str) -> NotNow | None:
    """Why the page has to be read again: an entry that cannot be judged yet.

    A state change that comes before others has asked for these.
    """
    for item, outcome in done:
        if isinstance(outcome, Failed):
            return NotNow(outcome.error)
        if isinstance(outcome, Waiting) and item.activity.actor != home:
            return NotNow(f"an entry waits for {outcome.kind}")
    return None
