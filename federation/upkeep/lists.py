"""Lists that the operator has subscribed to are read as often as they should be, one at a time.

Nothing is half applied: a list that is too long, broken or away leaves in force what it said last,
and its trouble is told.

Source: policy.md 13
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from federation.commands import lists
from federation.commands.list_plan import Reading
from federation.commands.rule_change import Ground
from federation.policy.expressions import Wrong
from federation.policy.lists.fires import recommended
from federation.policy.lists.formats import SUBSCRIBED
from federation.policy.lists.merge import merge
from federation.policy.lists.packed import pack_state, unpack, unpack_state
from federation.policy.lists.subscribed import Subscription
from federation.policy.problem import Unreadable
from federation.policy.rule import Policy
from federation.queries.lists import subscriptions_in
from federation.remote.policy_lists import (
    Had,
    Missed,
    Pages,
    Same,
    address_of,
    fetch_dataset,
    fetch_list,
)
from federation.transport.client import Client
from storage import policy_list_reading, policy_lists
from storage.database import transaction
from storage.policy_lists import ListContent, ListRow

log = logging.getLogger(__name__)

# Whoever takes a list to read it is done by then, or has died.
TAKEN_FOR: Final = timedelta(minutes=15)
TRY_AGAIN: Final = timedelta(minutes=10)
# So often the time between two tries doubles; no list is read as seldom as it comes to then.
DOUBLED_MAX: Final = 16
# What was decided against a list is remembered while it may come back.
KEPT_FOR: Final = timedelta(days=30)
# From so many tries on it is a warning.
TRIES: Final = 3
FIRES, MERGE = "fires", "merge"


@dataclass(frozen=True, slots=True)
class Library:
    """What reading lists needs.

    Attributes:
        client: The guarded one, with time for long files.
        policy: The rules of the configuration, with its lists.
        ground: What a change of rules by a list stands on, at a time.
        read_file: Reads the file of a list.
    """

    client: Client
    policy: Callable[[], Policy]
    ground: Callable[[datetime], Ground]
    read_file: Callable[[str], bytes | Wrong]

    def wishes(self) -> Sequence[Subscription]:
        """The lists that bring rules."""
        return subscriptions_in(self.policy())


async def run_once(library: Library, now: datetime) -> bool:
    """Read the list that is due for longest; whether there was one."""
    wishes = {wish.id: wish for wish in library.wishes()}
    rows = await policy_lists.listed()
    await policy_lists.remove([row.id for row in rows if _is_over(row, wishes, now)])
    if not wishes:
        return False
    known = {row.id: row.source for row in rows}
    sources = {name: wish.source for name, wish in wishes.items()}
    if any(known.get(name) != source for name, source in sources.items()):
        async with transaction():
            await policy_lists.know(sources, now)
    name = await policy_list_reading.find_due(list(wishes), now)
    until = now + TAKEN_FOR
    if not name or not await policy_list_reading.claim(name, now, until=until, phase="reading"):
        return False
    await _read(library, wishes[name], now)
    return True


def _is_over(row: ListRow, wishes: Collection[str], now: datetime) -> bool:
    """Whether nobody asks for a list any more, and nothing of it holds."""
    last = row.tried_at or row.due_at
    is_old = last is not None and now - last > KEPT_FOR
    return row.id not in wishes and not row.adopted_count and is_old


async def find_next_due(library: Library) -> datetime | None:
    """When the next list is due."""
    names = [wish.id for wish in library.wishes()]
    return await policy_list_reading.find_next_due(names) if names else None


async def _read(library: Library, wish: Subscription, now: datetime) -> None:
    row = await policy_lists.find(wish.id)
    if row is None:
        return
    kept = await policy_lists.content(wish.id)
    read = await _WAYS.get(wish.format, _whole)(library, wish, kept, now + wish.every)
    if isinstance(read, Same):
        await policy_list_reading.note_unchanged(wish.id, now, due_at=now + wish.every)
        return
    if isinstance(read, Reading):
        await policy_list_reading.say_phase(wish.id, f"comparing {len(read.entries):,} entries")
        outcome = await lists.take(wish, read, library.ground(now))
        if not isinstance(outcome, Unreadable):
            _say(wish, outcome)
            await _hurry_merges(library, wish, now)
            return
        read = outcome
    why = str(read.problems[0]) if isinstance(read, Unreadable) else read.why
    await _note_failed(wish, row, why, now)


def _say(wish: Subscription, outcome: lists.Outcome) -> None:
    if outcome.withheld:
        log.warning(
            "A list takes back so much at once that it is not believed",
            extra={"action": "list.withheld", "list": wish.id, "entries": outcome.withheld},
        )
    elif outcome.taken:
        told = {"action": "list.changed", "list": wish.id, "entries": outcome.taken}
        log.info("A list has changed rules", extra=told)


async def _note_failed(wish: Subscription, row: ListRow, why: str, now: datetime) -> None:
    wait = min(wish.every, TRY_AGAIN * 2 ** min(row.failures, DOUBLED_MAX))
    await policy_list_reading.note_failed(wish.id, why[:1000], due_at=now + wait)
    tries = row.failures + 1
    level = logging.WARNING if tries >= TRIES else logging.INFO
    told = {"action": "list.failed", "list": wish.id, "tries": tries, "why": why[:1000]}
    log.log(level, "A list cannot be read; what it said last holds on", extra=told)


async def _hurry_merges(library: Library, wish: Subscription, now: datetime) -> None:
    """Whatever merges a list that was read is made anew."""
    names = [one.id for one in library.wishes() if wish.id in one.of]
    await policy_list_reading.hurry(names, now)


Read = Reading | Same | Missed | Unreadable
Way = Callable[[Library, Subscription, ListContent, datetime], Awaitable[Read]]


async def _whole(library: Library, wish: Subscription, kept: ListContent, due: datetime) -> Read:
    """A list that comes as one file."""
    had: Had | Same | Missed
    if wish.is_file:
        read = await asyncio.to_thread(library.read_file, wish.place)
        had = Missed(read.reason) if isinstance(read, Wrong) else Had(read)
    else:
        url = address_of(wish.format, wish.place)
        had = await fetch_list(library.client, url, etag=kept.etag, modified=kept.modified)
    if not isinstance(had, Had):
        return had
    listed = await asyncio.to_thread(SUBSCRIBED[wish.format], wish.id, had.body)
    if isinstance(listed, Unreadable):
        return listed
    return Reading(listed.entries, due, ListContent(had.etag, had.modified))


async def _dataset(library: Library, wish: Subscription, kept: ListContent, due: datetime) -> Read:
    """A dataset of FIRES, read on from where it ended."""
    if wish.is_file:
        return await _whole(library, wish, kept, due)
    pages = await fetch_dataset(
        library.client,
        wish.id,
        wish.place,
        state=await asyncio.to_thread(unpack_state, kept.memory),
        cursor=kept.cursor,
        tell=partial(policy_list_reading.say_phase, wish.id),
    )
    if not isinstance(pages, Pages):
        return pages
    listed = await asyncio.to_thread(recommended, pages.state)
    memory = await asyncio.to_thread(pack_state, pages.state)
    kept = ListContent(cursor=pages.cursor, memory=memory)
    return Reading(listed.entries, due, kept, takes_back_one_by_one=True)


async def _merged(_library: Library, wish: Subscription, _kept: ListContent, due: datetime) -> Read:
    """What so many of other lists agree on."""
    offered = await policy_lists.offered(wish.of)
    missing = [name for name in wish.of if name not in offered]
    if missing:
        return Missed(f"not read yet: {', '.join(missing)}")
    named = [await asyncio.to_thread(unpack, offered[name]) for name in wish.of]
    agreed = await asyncio.to_thread(
        partial(merge, named, threshold=wish.threshold, exclude=wish.exclude)
    )
    return Reading(agreed, due)


_WAYS: Final[dict[str, Way]] = {FIRES: _dataset, MERGE: _merged}
