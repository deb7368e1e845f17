"""What is missing in an author's log is fetched from the author's node, else from the group's home.

Proofs decide, not the source: only the log owner's entries of this conversation count. A stub
closes a gap and deletes nothing.

Source: groups-protocol.md 9.2 and 9.3; delivery.md 6; security.md 4.2 Logs
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from federation.activities.author_logs import KnownLog
from federation.activities.create_note import MAX_LOGS_PER_PERSON
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.inbound.history_reader import HistoryReader
from federation.inbound.home_reader import NotNow
from federation.inbound.pages import Unread, pages
from federation.inbound.status import NotKnownNow
from federation.inbound.taking import Taker
from federation.pipeline import log_keeping
from federation.pipeline.batch import write_all
from federation.pipeline.item import Received
from federation.pipeline.load import conversations_of
from federation.pipeline.needs import needs_of
from federation.pipeline.outcome import Failed
from federation.protocol.activity import Activity
from federation.protocol.collection import Collection
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import type_of
from federation.protocol.uri import same_origin
from storage import conversations, logs
from storage.changes import OpenLog
from storage.database import transaction

STUB: Final = "Tombstone"


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a page says of the numbers behind `after`.

    Attributes:
        entries: Ascending.
        lost: Ranges that stubs cover.
        last: The highest number it speaks of.
    """

    entries: tuple[Activity, ...]
    lost: tuple[tuple[int, int], ...]
    last: int


@dataclass(frozen=True, slots=True)
class Place:
    """A log and its conversation; `log` is None for one that nobody here has seen."""

    uri: str
    conversation: KnownConversation
    log: KnownLog | None

    @property
    def is_closed(self) -> bool:
        """Whether nothing is missing that can be searched for."""
        if self.log is None:
            return False
        is_searched = not self.log.local and self.log.trouble != "repeat"
        return not is_searched or not self.log.missing()


class LogFiller:
    """Fills the gaps of one log at a time."""

    def __init__(self, taker: Taker, history: HistoryReader) -> None:
        self._taker = taker
        self._history = history

    async def fill(self, conversation_id: str, uri: str, now: datetime) -> NotNow | None:
        """Fetch what is missing in a log; None once nothing is, or nobody has it."""
        place = await self._place(conversation_id, uri)
        if place is None or place.is_closed or not _is_kept_here(place, self._taker):
            return None
        read = await self.read(place, now)
        place = await self._place(conversation_id, uri)
        if place is None or place.log is None:
            return read
        if place.is_closed:
            self._taker.tally.repairs.add("author")
            return None
        if not place.conversation.is_home and place.conversation.kind == "group":
            from_home = await self._history.read(conversation_id, now)
            read = read or from_home
        return await self._end(conversation_id, uri, read, now)

    async def _end(
        self, conversation_id: str, uri: str, read: NotNow | None, now: datetime
    ) -> NotNow | None:
        """After all sources: a number that the author's node knows nothing of was never there."""
        place = await self._place(conversation_id, uri)
        if place is None or place.log is None:
            return None
        if place.is_closed:
            self._taker.tally.repairs.add("home")
            return None
        if read is not None:
            return read
        log = replace(place.log, heard=place.log.held.top)
        async with transaction():
            await write_all([log_keeping.with_lost(log, conversation_id, now)])
        return NotNow("its author's node leaves numbers out") if log.missing() else None

    async def read(self, place: Place, now: datetime) -> NotNow | None:
        """Read a log at its author's node from what is held on, to its end."""
        if place.log is not None:
            await logs.asked(place.uri, now)
        after = place.log.held.complete_to if place.log is not None else 0
        url = f"{place.uri}?after={after}"
        fetcher = self._taker.directory.fetcher
        async for page in pages(fetcher, url, allow_http=self._taker.allow_http):
            if isinstance(page, Unread):
                if page.is_there or place.log is not None:
                    return NotNow(page.reason)
                return None
            if place.log is None and not self._owner(page, place):
                # Others name the logs of people who had gone before anybody here came.
                return None
            taken = await self._take(page, place, after, now)
            if isinstance(taken, NotNow):
                return taken
            after = taken
            if not page.next:
                return None
        return NotNow("it goes on")

    async def _take(
        self, page: Collection, place: Place, after: int, now: datetime
    ) -> int | NotNow:
        """Perform a page's entries and close what its stubs cover; answer how far it goes."""
        owner = self._owner(page, place)
        if not owner:
            return NotNow("the page is not of a log of a member")
        numbers = self._numbers(page, place, owner, after)
        items: list[Received] = []
        for activity in numbers.entries:
            held = await self._taker.holds(activity, now)
            if isinstance(held, NotKnownNow):
                return NotNow("a key cannot be asked for")
            item = Received(activity, "", "", now)
            if held and _belongs(item, place.conversation):
                items.append(item)
        waits = await self._perform(items, now)
        await self._close(place, owner, numbers.lost, now)
        return waits or numbers.last

    def _owner(self, page: Collection, place: Place) -> str:
        """Whose log the page is of, if that is somebody whose logs count here."""
        owner = page.attributed_to
        if place.log is not None:
            return owner if owner == place.log.author else ""
        conversation = place.conversation
        theirs = [log for log in conversation.logs.values() if log.author == owner]
        is_member = owner in conversation.present() and same_origin(owner, place.uri)
        return owner if is_member and len(theirs) < MAX_LOGS_PER_PERSON else ""

    def _numbers(self, page: Collection, place: Place, owner: str, after: int) -> Numbers:
        entries: list[Activity] = []
        lost: list[tuple[int, int]] = []
        last = after
        for item in page.items:
            seq = item.get("chatSeq") if isinstance(item, dict) else None
            # Two entries may claim one number; what does not ascend is no log.
            if not isinstance(seq, int) or seq < last or seq <= after:
                break
            if type_of(item) == STUB and "id" not in item:
                lost.append((last + 1, seq))
            else:
                entries += self._entry(item, place.uri, owner)
            last = seq
        return Numbers(tuple(entries), tuple(lost), last)

    def _entry(self, item: object, log: str, owner: str) -> list[Activity]:
        """The entry that an item is, if it says so itself."""
        activity = self._taker.read(item)
        terms = activity.log if activity is not None else None
        if activity is None or terms is None:
            return []
        return [activity] if activity.actor == owner and terms.log == log else []

    async def _perform(self, items: Sequence[Received], now: datetime) -> NotNow | None:
        for _, outcome in await self._taker.perform(items, now):
            if isinstance(outcome, Waiting):
                return NotNow(f"an entry waits for {outcome.kind}")
            if isinstance(outcome, Failed):
                return NotNow(outcome.error)
        return None

    async def _close(
        self, place: Place, owner: str, lost: Sequence[tuple[int, int]], now: datetime
    ) -> None:
        """Note the numbers that stubs cover; nothing is deleted by that."""
        if not lost:
            return
        conversation_id = place.conversation.id
        async with transaction():
            await write_all([OpenLog(place.uri, conversation_id, owner, local=False, at=now)])
            found = await self._place(conversation_id, place.uri)
            if found is None or found.log is None:
                return
            held = found.log.held
            for first, last in lost:
                held = held.with_range(first, last)
            log = replace(found.log, held=held)
            await write_all([log_keeping.with_lost(log, conversation_id, now)])

    async def _place(self, conversation_id: str, uri: str) -> Place | None:
        rows = await conversations.by_id([conversation_id])
        if not rows:
            return None
        (conversation,) = await conversations_of(rows)
        return Place(uri, conversation, conversation.logs.get(uri))


def _is_kept_here(place: Place, taker: Taker) -> bool:
    """Whether somebody here is in the conversation, or anybody in one whose home this is."""
    people = place.conversation.present()
    is_ours = taker.tools.space.is_ours
    return any(place.conversation.is_home or is_ours(person) for person in people)


def _belongs(item: Received, conversation: KnownConversation) -> bool:
    """Whether an entry is one of this conversation, by what it says itself."""
    activity = item.activity
    if conversation.kind == "group":
        return activity.context == conversation.context
    try:
        people = needs_of(item).people
    except RemoteProtocolError:
        return False
    return activity.epoch is None and (not people or conversation.people_hash in people)
