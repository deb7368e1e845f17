"""A group's signed changes are read from any member's node, when home is away or has lost them.

Source: groups-protocol.md 4.4.2, 4.4.4 and 4.4.6
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from federation.groups.state import ADMIN
from federation.inbound.home_reader import NotNow
from federation.inbound.pages import Unread, pages
from federation.inbound.status import NotKnownNow
from federation.inbound.taking import Taker
from federation.pipeline.item import Received
from federation.pipeline.load import conversations_of
from federation.protocol.activity import Activity
from federation.protocol.uri import host_of
from storage import conversations, inbox_queue
from storage.database import transaction
from storage.inbox_queue import Entry

MEMBER: Final = "member"
# So many hosts are asked in one go.
HOSTS_MAX: Final = 20


class StateReader:
    """Asks the nodes of members for state changes, by their logs."""

    def __init__(self, taker: Taker) -> None:
        self._taker = taker

    async def changes(
        self, log: str, conversation: str, after: int, now: datetime
    ) -> list[Activity] | NotNow:
        """The proven changes above an epoch that a member's node holds, oldest first."""
        found: dict[int, Activity] = {}
        fetcher = self._taker.directory.fetcher
        url = f"{log}?state={after}"
        async for page in pages(fetcher, url, allow_http=self._taker.allow_http):
            if isinstance(page, Unread):
                return NotNow(page.reason)
            for item in page.items:
                change = self._taker.read(item)
                if change is None or change.actor != conversation or not change.epoch:
                    continue
                held = await self._taker.holds(change, now)
                if isinstance(held, NotKnownNow):
                    return NotNow("the group's key cannot be asked for")
                if held and change.epoch > after:
                    found.setdefault(change.epoch, change)
        return [found[epoch] for epoch in sorted(found)]

    async def from_authors(self, uri: str, epoch: int, now: datetime) -> list[Activity] | NotNow:
        """The changes above an epoch, from the author of an entry that names a later one."""
        waiting = await inbox_queue.waiting_for(f"state:{uri}")
        reason = NotNow("nobody who knows more can be asked")
        for log in dict.fromkeys(self._logs(waiting)):
            changes = await self.changes(log, uri, epoch, now)
            if isinstance(changes, NotNow):
                reason = changes
            elif changes:
                return changes
        return reason

    def _logs(self, waiting: Iterable[Entry]) -> Iterable[str]:
        for entry in waiting:
            activity = self._taker.read_body(entry.body)
            if activity is not None and activity.log is not None:
                yield activity.log.log

    async def compare(self, conversation_id: str, epoch: int, log: str, now: datetime) -> None:
        """Take in what an author's node holds of an epoch in which it saw another state than we.

        Only a second proven change of one epoch makes a dispute, and that is judged like any other.
        """
        (row,) = await conversations.by_id([conversation_id])
        changes = await self.changes(log, row["uri"], epoch - 1, now)
        if isinstance(changes, NotNow):
            return
        claimed = [Received(change, "", "", now) for change in changes if change.epoch == epoch]
        await self._taker.perform(claimed, now)

    async def recover(self, uri: str, now: datetime) -> NotNow | None:
        """At home: adopt the changes that members hold and this node has lost (4.4.6).

        Until that is done home decides nothing. It is done once every aware admin's node has
        answered; where there is no admin elsewhere, once any member's has.
        """
        (row,) = await conversations.by_uri([uri])
        await conversations.set_recovering(row["id"], is_recovering=True)
        told = await self.from_authors(uri, row["epoch"], now)
        if not isinstance(told, NotNow):
            for change in told:
                await self._taker.perform([Received(change, "", "", now, source=MEMBER)], now)
        admins, others = await self._hosts(uri)
        missing = await self._adopt(admins, uri, now)
        if not missing and not admins:
            unanswered = await self._adopt(others, uri, now)
            missing = unanswered if len(unanswered) == len(others) else []
        else:
            await self._adopt(others, uri, now)
        if missing:
            return NotNow(f"no answer from {', '.join(missing)}")
        async with transaction():
            await conversations.set_recovering(row["id"], is_recovering=False)
            await inbox_queue.release([f"state:{uri}"], now)
        return None

    async def _hosts(self, uri: str) -> tuple[dict[str, str], dict[str, str]]:
        """A log at each host elsewhere, of hosts with admins and of those without; "" for none."""
        rows = await conversations.by_uri([uri])
        (conversation,) = await conversations_of(rows)
        space = self._taker.tools.space
        written = {host_of(log.author): log.uri for log in conversation.logs.values()}
        admins: dict[str, str] = {}
        others: dict[str, str] = {}
        state = conversation.state
        for person in state.people if state is not None else ():
            host = host_of(person)
            if state is not None and not space.is_ours(person):
                side = admins if state.role_of(person) == ADMIN else others
                side[host] = written.get(host, "")
        return admins, {host: log for host, log in others.items() if host not in admins}

    async def _adopt(self, hosts: dict[str, str], uri: str, now: datetime) -> list[str]:
        """Ask these hosts; answer which of them have not answered."""
        silent: list[str] = []
        for host, log in sorted(hosts.items())[:HOSTS_MAX]:
            (row,) = await conversations.by_uri([uri])
            changes = await self.changes(log, uri, row["epoch"], now) if log else None
            if changes is None or isinstance(changes, NotNow):
                silent.append(host)
                continue
            for change in changes:
                await self._taker.perform([Received(change, "", "", now, source=MEMBER)], now)
        return silent
