"""A home that is silent is asked once a day, counts as gone in the end, and has successors."""

from datetime import datetime

from federation.commands.continue_group import continue_group
from federation.commands.desk import Desk
from federation.groups import succession
from federation.groups.state import GroupState
from federation.pipeline import errands
from federation.protocol import strict_json
from federation.protocol.verdict import Refused
from federation.remote.objects import Away, NotThere
from storage import events, homes, successions
from storage.database import transaction, wake
from storage.events import NewEvent
from storage.homes import TRIED_EVERY, WatchedHome

HOMES_A_ROUND = 50


async def watch(desk: Desk, now: datetime) -> None:
    """Ask silent homes, note which are gone, and let our people take over when it is their turn.

    Source: groups-protocol.md 12.2
    """
    asked: set[str] = set()
    for home in await homes.silent(now):
        if home.host in asked or len(asked) >= HOMES_A_ROUND:
            continue
        if home.missed_at is None or now - home.missed_at >= TRIED_EVERY:
            asked.add(home.host)
            await _ask(desk, home, now)
    for home in await homes.silent(now):
        await _judge(desk, home, now)


async def _ask(desk: Desk, home: WatchedHome, now: datetime) -> None:
    found = await desk.directory.fetcher.fetch_object(home.uri)
    if isinstance(found, Away):
        await homes.note_missed(home.host, now)
        return
    await homes.note_reached(home.host, now)
    if isinstance(found, NotThere) and found.is_gone:
        await _found_gone(desk, home, now)


async def _judge(desk: Desk, home: WatchedHome, now: datetime) -> None:
    if home.gone_at is not None and home.last_exchange > home.gone_at:
        await homes.clear_gone(home.conversation_id)
        return
    if home.gone_at is None:
        if succession.is_gone(home.last_exchange, home.days_tried, now):
            await _found_gone(desk, home, now)
        return
    if await successions.of_conversation(home.conversation_id):
        await errands.ask(desk.entropy.new_id, ("succession", home.uri), now)
        await wake("repair")
        return
    await _take_over(desk, home, home.gone_at, now)


async def _found_gone(desk: Desk, home: WatchedHome, now: datetime) -> None:
    """Home is gone from here on; our people are told, and the first successor acts at once."""
    if not await homes.set_gone(home.conversation_id, now):
        return
    members = _state(home).people
    told = [
        NewEvent(person, "conversation", now, home.conversation_id)
        for person in members
        if desk.space.is_ours(person)
    ]
    async with transaction():
        await events.append(told)
        await wake("event")
    if await successions.of_conversation(home.conversation_id):
        await errands.ask(desk.entropy.new_id, ("succession", home.uri), now)
        await wake("repair")
    else:
        await _take_over(desk, home, now, now)


async def _take_over(desk: Desk, home: WatchedHome, gone_at: datetime, now: datetime) -> None:
    for rank, person in enumerate(_state(home).successors):
        if not desk.space.is_ours(person) or not succession.may_act(gone_at, rank, now):
            continue
        made = await continue_group(desk, person, home.conversation_id)
        if not isinstance(made, Refused):
            return


def _state(home: WatchedHome) -> GroupState:
    return GroupState.from_json(strict_json.loads(home.state.encode()))
