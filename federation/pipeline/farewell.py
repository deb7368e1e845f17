"""An account has ended, or moved: what that changes here is loaded, decided and written.

Each function runs inside the caller's transaction.

Sources: groups-protocol.md 11.5, 11.7 and 11.8
"""

from collections.abc import Sequence
from datetime import datetime

from msgspec.structs import replace

from federation.activities import depart, home
from federation.activities.situation import Situation
from federation.pipeline.batch import write_all
from federation.pipeline.load import load
from federation.pipeline.needs import Needs
from federation.pipeline.prepare import Tools, signers_of
from federation.pipeline.shares import with_shares
from federation.pipeline.situate import Road, situate
from federation.protocol.build import life as build
from federation.protocol.build.state_change import Answered, Removed
from storage import departures
from storage.changes import Change, MoveActor


async def bury(uri: str, tools: Tools, now: datetime) -> None:
    """The account behind an id is no more."""
    situation = await _spoken_by(uri, tools, now)
    if situation is not None and not situation.speaker.is_deleted:
        await write_all(depart.ended(situation))


async def bury_own(uri: str, tools: Tools, now: datetime) -> None:
    """The account of somebody here is no more, and everybody elsewhere who knows them is told."""
    others = frozenset(await departures.known_to(uri))
    situation = await _spoken_by(uri, tools, now, others=others)
    if situation is not None and not situation.speaker.is_deleted:
        document = build.delete_oneself(uri, activity_id=f"{uri}#delete", published=now)
        await write_all(depart.ended_here(document, situation))


async def moved(uri: str, target: str, tools: Tools, now: datetime) -> None:
    """The person behind an id goes on as another."""
    situation = await _spoken_by(uri, tools, now)
    if situation is not None and not situation.speaker.is_deleted:
        await write_all([MoveActor(uri, target, now), *depart.moved(situation)])


async def _spoken_by(
    uri: str, tools: Tools, now: datetime, *, others: frozenset[str] = frozenset()
) -> Situation | None:
    needs = Needs(author=uri, subject=uri, actors=others | {uri})
    road = Road(
        now,
        tools.space,
        tools.new_id,
        signers=await signers_of([uri], tools),
        rules=tools.rules(),
    )
    situation = situate(needs, await load([needs], tools.rosters), road, by_us=False, owner="")
    return await with_shares(situation) if situation is not None else None


async def expel(
    conversation_id: str, people: Sequence[str], by: Sequence[Answered], tools: Tools, now: datetime
) -> bool:
    """A group whose home is here ends these memberships; False while it decides nothing.

    Args:
        conversation_id: Our id of the group.
        people: Whoever of them is no member is passed over.
        by: What the changes answer.
        tools: Of this node.
        now: When.
    """
    needs = Needs(
        author="",
        subject=conversation_id,
        conversation_ids=frozenset({conversation_id}),
        actors=frozenset(people),
    )
    loaded = await load([needs], tools.rosters)
    conversation = loaded.by_id.get(conversation_id)
    group = home.Group.at_home(conversation)
    if conversation is None or group is None:
        return True
    if conversation.recovering:
        return False
    signers = await signers_of([conversation.uri], tools)
    road = Road(
        now,
        tools.space,
        tools.new_id,
        signers=signers,
        rules=tools.rules(),
    )
    needs = replace(needs, author=conversation.uri)
    situation = situate(needs, loaded, road, by_us=True, owner="")
    if situation is not None:
        await write_all(_expelled(group, people, by, situation))
        tools.state_changed()
    return True


def _expelled(
    group: home.Group, people: Sequence[str], by: Sequence[Answered], situation: Situation
) -> list[Change]:
    changes: list[Change] = []
    for person in people:
        if not group.state.is_member(person):
            continue
        role, heads = group.state.role_of(person), home.heads_of(person, group)
        decided = home.remove(group, Removed(person, role, heads), by, situation)
        group = decided.group
        changes += decided.changes
    if changes:
        changes += home.settle(group, situation).changes
    return changes
