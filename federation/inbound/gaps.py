"""What is missing of conversations is looked for, each question by the kind of its repair.

    log       one author's log, in one conversation: its gaps
    history   a conversation: what others have of it that we may not have
    claim     a state that an author saw and we did not
    parent    a message that is answered and was never seen

Source: groups-protocol.md 9.3; delivery.md 6
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from federation.inbound.history_reader import HistoryReader
from federation.inbound.home_reader import NotNow
from federation.inbound.log_filler import LogFiller, Place
from federation.inbound.parent_reader import ParentReader
from federation.inbound.state_reader import StateReader
from federation.inbound.taking import Taker
from federation.pipeline import errands
from federation.pipeline.load import conversations_of
from federation.protocol.domain import registrable_domain
from storage import conversations, memberships
from storage.database import transaction, wake

EVERY: Final = timedelta(hours=6)
# What a stranger's message names is asked for once somebody here has taken it up (policy.md 8).
UNANSWERED: Final = NotNow("a request that nobody here has answered")

Look = Callable[[str, datetime], Awaitable[NotNow | None]]


class Gaps:
    """Looks for what is missing; each method answers None once there is nothing more to do."""

    def __init__(self, taker: Taker) -> None:
        self._taker = taker
        self._history = HistoryReader(taker)
        self._filler = LogFiller(taker, self._history)
        self._parents = ParentReader(taker)
        self.states = StateReader(taker)

    @property
    def kinds(self) -> Mapping[str, Look]:
        """What is done for each kind of repair, with its subject."""
        return {
            "log": self._log,
            "history": self._others_have,
            "claim": self._claim,
            "parent": self._parent,
        }

    async def _log(self, subject: str, now: datetime) -> NotNow | None:
        conversation_id, _, uri = subject.partition(" ")
        if await memberships.is_unanswered(conversation_id):
            return UNANSWERED
        return await self._filler.fill(conversation_id, uri, now)

    async def _others_have(self, conversation_id: str, now: datetime) -> NotNow | None:
        """Read a group's history at its home; of other conversations, and at home, the logs."""
        rows = await conversations.by_id([conversation_id])
        if not rows:
            return None
        (conversation,) = await conversations_of(rows)
        if conversation.kind == "group" and not conversation.is_home:
            return await self._history.read(conversation_id, now)
        failed: NotNow | None = None
        for log in conversation.logs.values():
            if not log.local and log.trouble != "repeat" and log.author in conversation.present():
                read = await self._filler.read(Place(log.uri, conversation, log), now)
                failed = failed or read
        if failed is None:
            await conversations.history_read(conversation_id, now)
        return failed

    async def _claim(self, subject: str, now: datetime) -> None:
        conversation_id, epoch, log = subject.split(" ", 2)
        await self.states.compare(conversation_id, int(epoch), log, now)

    async def _parent(self, subject: str, now: datetime) -> NotNow | None:
        conversation_id, steps, uri = subject.split(" ", 2)
        if await memberships.is_unanswered(conversation_id):
            return UNANSWERED
        found = await self._parents.find(conversation_id, uri, int(steps), now)
        if found is None:
            return None
        (row,) = await conversations.by_id([conversation_id])
        if row["kind"] == "group" and not row["is_home"]:
            return await self._history.read(conversation_id, now)
        return found


async def ask_others(
    now: datetime, *, new_id: Callable[[], str], since: datetime | None = None
) -> None:
    """Ask for what others have of each conversation that was not read for six hours.

    Args:
        now: Due at once.
        new_id: For the questions.
        since: Instead of six hours ago: `now` asks for all of them.
    """
    wanted = await conversations.unread_since(since or now - EVERY)
    async with transaction():
        for conversation_id, home in wanted:
            asked = registrable_domain(home) if home else ""
            await errands.ask(new_id, ("history", conversation_id), now, asked=asked)
    if wanted:
        await wake("repair")
