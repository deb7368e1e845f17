"""Where a group goes on is looked at and checked before any of our people follow it there."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.activities.adopt import Adoption
from federation.groups import chain, succession
from federation.groups.judgement import NextState
from federation.groups.state import GroupState
from federation.inbound.home_reader import HomeReader, Nothing, NotNow
from federation.pipeline.batch import write_all
from federation.pipeline.first_look import take_in
from federation.pipeline.load import conversations_of
from federation.pipeline.prepare import Tools
from federation.protocol import strict_json
from federation.protocol.uri import host_of
from federation.protocol.verdict import Refused
from storage import changes as c
from storage import conversations, inbox_queue, successions
from storage.database import Row, transaction

NOT_GONE: Final = NotNow("home is not gone, as far as this node knows")


@dataclass(frozen=True, slots=True)
class Move:
    """A Move that may count.

    Attributes:
        before: The group's last undisputed state.
        is_planned: Whether the old conversation itself says it.
        is_followed: Whether our people went there already.
    """

    id: str
    target: str
    before: GroupState
    is_planned: bool
    is_followed: bool


class Successors:
    """Follows the Move that wins among those heard of a group."""

    def __init__(self, tools: Tools, home: HomeReader) -> None:
        self._tools = tools
        self._home = home

    async def follow(self, uri: str, now: datetime) -> NotNow | None:
        """Go where a group has moved; None when there is nothing more to do.

        Of competing successors the earlier in the list wins, even for a node that followed another.

        Raises:
            RemoteProtocolError: A document has the wrong shape.

        Source: groups-protocol.md 12.2
        """
        rows = await conversations.by_uri([uri])
        if not rows:
            return None
        (old,) = await conversations_of(rows)
        moves = _ranked(uri, await successions.of_conversation(old.id))
        for move in moves:
            if move.is_followed:
                return None
            if not move.is_planned and old.gone_at is None and not old.closed:
                return NOT_GONE
            found = await self._look(move, now)
            if isinstance(found, NotNow):
                return found
            if isinstance(found, Nothing):
                await successions.settle(move.id, "refused")
                continue
            others = [other for other in moves if other.is_followed]
            await self._go(old.id, move, found, others, now)
            return None
        return None

    async def _look(self, move: Move, now: datetime) -> Adoption | NotNow | Nothing | None:
        """The group a Move leads to, if it continues the old one; None for one of ours."""
        if self._tools.space.is_ours(move.target):
            return None
        found = await self._home.adoption(move.target, now)
        if not isinstance(found, Adoption):
            return found
        first = chain.judge(found.log[0], None)
        if not isinstance(first, NextState):
            return Nothing("the group it leads to does not show how it began")
        verdict = succession.continues(move.before, first.state)
        return Nothing(verdict.reason) if isinstance(verdict, Refused) else found

    async def _go(
        self,
        old_id: str,
        move: Move,
        found: Adoption | None,
        others: list[Move],
        now: datetime,
    ) -> None:
        async with transaction():
            left = await conversations.by_uri([other.target for other in others])
            ended = [old_id, *[row["id"] for row in left]]
            changes: list[c.Change] = [c.MoveAway(one, move.target, now) for one in ended]
            if found is not None:
                changes += await self._entered(move, found, now)
            arrived = set(await write_all([*changes, *self._told(move, old_id, now)]))
            if found is not None:
                arrived |= await take_in(found, self._tools, now)
            await successions.settle(move.id, "followed")
            for other in others:
                await successions.settle(other.id, "refused")
            await inbox_queue.release(frozenset(arrived), now)

    async def _entered(self, move: Move, found: Adoption, now: datetime) -> list[c.Change]:
        """The new group, with our people who were members of the old one: consent carries over."""
        known = await conversations.by_uri([move.target])
        conversation_id = known[0]["id"] if known else self._tools.new_id()
        ours = [
            person
            for person in found.state.people
            if self._tools.space.is_ours(person) and move.before.is_member(person)
        ]
        opening = c.AddConversation(
            id=conversation_id,
            uri=move.target,
            kind="group",
            is_home=False,
            home_host=host_of(move.target),
            title=found.state.name,
            context=found.context,
            thread="",
            people_hash="",
            at=now,
        )
        return [
            *([] if known else [opening]),
            *(
                c.PutMembership(
                    conversation_id=conversation_id,
                    person=person,
                    local=True,
                    role="",
                    state="joining",
                    at=now,
                )
                for person in ours
            ),
        ]

    def _told(self, move: Move, old_id: str, now: datetime) -> list[c.Change]:
        is_ours: Callable[[str], bool] = self._tools.space.is_ours
        people = [person for person in move.before.people if is_ours(person)]
        return [c.Tell(person, "conversation", old_id, "", now) for person in people]


def _ranked(uri: str, rows: list[Row]) -> list[Move]:
    """The Moves heard of, the one that wins first."""
    moves = {
        row["id"]: Move(
            id=row["id"],
            target=row["target_uri"],
            before=GroupState.from_json(strict_json.loads(row["before"].encode())),
            is_planned=row["mover_uri"] == uri,
            is_followed=row["state"] == "followed",
        )
        for row in rows
    }
    if not moves:
        return []
    last = max((move.before for move in moves.values()), key=lambda state: state.epoch)
    order = succession.in_order([(row["id"], row["mover_uri"]) for row in rows], last)
    return [moves[one] for one in order]
