"""One node tells unaware members why their group has other people, and who has been removed.

    anchor    the members of a group have changed: "CONVERSATION"

Source: groups-protocol.md 6.5
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from federation.activities.known import KnownConversation
from federation.groups import anchors
from federation.groups.anchors import Anchor, NotYet
from federation.groups.chain import StateChange, read_change
from federation.groups.state import GroupState
from federation.inbound.home_reader import NotNow
from federation.pipeline import batch
from federation.pipeline.item import Draft, Once, PostMessage, StartDirect
from federation.pipeline.load import conversations_of
from federation.pipeline.outcome import Applied
from federation.pipeline.prepare import Tools
from federation.protocol.parse import parse_activity
from federation.protocol.strict_json import loads
from storage import actors, conversations, idempotency, requests
from storage.actors import StoredActor
from storage.database import transaction

# More changes than come soon one after the other, as a rule.
CHANGES_MAX: Final = 64


class Anchors:
    """Explains what has changed, where that falls to somebody here."""

    def __init__(self, tools: Tools, *, allow_http: bool) -> None:
        self._tools = tools
        self._allow_http = allow_http

    async def explain(self, conversation_id: str, now: datetime) -> NotNow | None:
        """Explain the latest changes once no other has come for a while; None once it is done."""
        rows = await conversations.by_id([conversation_id])
        if not rows or rows[0]["closed_at"] is not None:
            return None
        (group,) = await conversations_of(rows)
        if group.state is None:
            return None
        altered = anchors.alterations(await self._changes(conversation_id))
        known = await actors.find_actors(
            sorted({*group.state.people, *(one.subject for one in altered)} - {""})
        )
        aware = {uri for uri, actor in known.items() if actor.aware}
        plan = anchors.plan(altered, group.state, aware=aware, now=now)
        if isinstance(plan, NotYet):
            return NotNow("another change may come", plan.until)
        if plan is not None and self._tools.space.is_ours(plan.author):
            await self._say(plan, group, group.state, known, now)
        return None

    async def _changes(self, conversation_id: str) -> list[StateChange]:
        rows = await conversations.latest_changes(conversation_id, limit=CHANGES_MAX)
        return [
            read_change(
                parse_activity(loads(row["document"].encode()), allow_http=self._allow_http)
            )
            for row in rows
        ]

    async def _say(
        self,
        anchor: Anchor,
        group: KnownConversation,
        state: GroupState,
        known: Mapping[str, StoredActor],
        now: datetime,
    ) -> None:
        names = {uri: _name(actor) for uri, actor in known.items()}
        if any(uri in known and not known[uri].aware for uri in group.present()):
            text = anchors.text(anchor, state, names)
            await self._once(
                anchor.author,
                anchor.changes[-1].id,
                PostMessage(anchor.author, group.id, text, notice=anchor.word),
                now,
            )
        for change in anchor.changes:
            gone = known.get(change.subject)
            is_told = change.word == "removed" and gone is not None and not gone.aware
            if is_told and not await requests.is_any_quiet(change.answers):
                text = anchors.farewell(group.title)
                await self._tell(anchor.author, change.subject, text, change.id, now)

    async def _tell(
        self, author: str, person: str, text: str, change_id: str, now: datetime
    ) -> None:
        """One line to somebody who was removed."""
        opened = await self._taken(StartDirect(author, (person,)), now)
        if opened:
            await self._once(
                author, f"{change_id} farewell", PostMessage(author, opened, text), now
            )

    async def _once(self, author: str, key: str, draft: PostMessage, now: datetime) -> None:
        """Say it, unless it was said before."""
        if await idempotency.find_remembered(author, key) is None:
            await self._taken(replace(draft, once=Once(author, key, "")), now)

    async def _taken(self, draft: Draft, now: datetime) -> str:
        """Our id of what a wish made, "" if it was refused."""
        async with transaction():
            report = await batch.run([draft], self._tools, now)
        (outcome,) = report.outcomes
        return outcome.resource if isinstance(outcome, Applied) else ""


def _name(actor: StoredActor) -> str:
    return f"{actor.username}@{actor.domain}" if actor.username else actor.domain
