"""Whether an author may write in a group, as far as that is known before the answer."""

from collections import OrderedDict
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from federation.activities import create_note
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.pipeline.load import conversations_of
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused
from storage import conversations

REMEMBERED: Final = 2_000
FRESH_FOR: Final = timedelta(seconds=60)


class _Seen(NamedTuple):
    """A question that was answered with yes: this author, in this epoch of this group."""

    context: str
    author: str
    epoch: int
    log: str


class Standings:
    """Remembers who was let in, so that most requests cost no query.

    A yes may be a minute old: the transaction that applies the activity asks again. A no is always
    read afresh, since its sender gives up.
    """

    def __init__(self) -> None:
        self._allowed: OrderedDict[_Seen, datetime] = OrderedDict()

    def forget(self) -> None:
        """A group has entered an epoch: who was let in may be out."""
        self._allowed.clear()

    async def judge(self, activity: Activity, now: datetime) -> Allowed | Refused:
        """Whether the author may write where the activity says, in the state held here."""
        log = activity.log.log if activity.log is not None else ""
        question = _Seen(activity.context, activity.actor, activity.epoch or 0, log)
        asked_at = self._allowed.get(question)
        if asked_at is not None and now - asked_at < FRESH_FOR:
            return Allowed()
        conversation = await _find_group(activity.context)
        verdict: Allowed | Refused | Waiting = Allowed()
        if conversation is not None and conversation.state is not None:
            verdict = create_note.authorize_in_group(activity, conversation)
        if isinstance(verdict, Refused):
            return verdict
        # The last words of who is out are allowed one by one.
        is_inside = conversation is None or conversation.is_in(activity.actor)
        if is_inside and not isinstance(verdict, Waiting):
            self._allowed[question] = now
            self._allowed.move_to_end(question)
            if len(self._allowed) > REMEMBERED:
                self._allowed.popitem(last=False)
        return Allowed()


async def _find_group(context: str) -> KnownConversation | None:
    rows = await conversations.by_context([context])
    groups = [row for row in rows if row["kind"] == "group"]
    found = await conversations_of(groups) if groups else []
    return found[0] if found else None
