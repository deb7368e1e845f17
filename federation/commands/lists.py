"""What a list says is kept, and what of it was adopted is in force: all of it, or nothing.

A list changes rules by itself only as far as its subscription says so; everything else is a draft
until somebody adopts it. Where it takes back too much at once, what it said before holds on.

Source: policy.md 13
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from federation.commands import change_rules
from federation.commands.deeds import note
from federation.commands.list_plan import Known, Plan, Reading, adopting, planned, waiting
from federation.commands.parting import Partings
from federation.commands.rule_change import Changed, Ground, Noted
from federation.policy.lists.subscribed import Difference, Subscription
from federation.policy.problem import Unreadable
from federation.protocol.verdict import Refused
from storage import policy_list_reading, policy_lists
from storage.database import transaction
from storage.errors import StorageUnavailable
from storage.policy_lists import ListContent, ListRow
from storage.policy_preview import in_touch

ADOPTED: Final = "list.adopted"
CHANGED: Final = "list.changed"
WITHHELD: Final = "list.withheld"

NOT_READ: Final = Refused("That list was not read yet: a running node reads it.", 409)
NOT_ON_IT: Final = Refused("Nothing of that waits for a decision on this list.", 404)
# Somebody else writes at once.
TRIES_MAX: Final = 5
NAMED_MAX: Final = 200
Put = Callable[[ListRow, ListContent], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a list.

    Attributes:
        changed: Which rules, and what that ends.
        waits: What waits for a decision.
        taken: Of how many entries something else holds than before.
        withheld: How many entries it takes back at once, which is not believed; 0 for none.
        left_out: By reason what of it cannot hold, each by its key.
    """

    changed: Changed
    waits: Difference
    taken: int
    withheld: int = 0
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


async def take(wish: Subscription, reading: Reading, ground: Ground) -> Outcome | Unreadable:
    """Keep what a list says, and let hold what holds by itself.

    Returns:
        Unreadable where its rules cannot be; nothing is kept then.
    """
    for _ in range(TRIES_MAX):
        plan = await asyncio.to_thread(planned, wish, reading, ground, await _known(wish.id))
        done = await _written(plan, ground, CHANGED, policy_lists.put_read)
        if done is not None:
            return done
    raise StorageUnavailable("a list is written by others all the time")


async def adopt(
    wish: Subscription, ground: Ground, only: Collection[str] | None = None
) -> Outcome | Unreadable | Refused:
    """Let hold what a list says, or what it says of these domains or people alone.

    What is withheld is believed then.
    """
    for _ in range(TRIES_MAX):
        known = await _known(wish.id)
        if known.row.read_at is None:
            return NOT_READ
        plan = await asyncio.to_thread(adopting, wish, ground, known, only)
        if plan is None:
            return NOT_ON_IT
        done = await _written(plan, ground, ADOPTED, policy_lists.put_decided)
        if done is not None:
            return done
    raise StorageUnavailable("a list is written by others all the time")


async def read_soon(names: Sequence[str], now: datetime) -> None:
    """Let whoever reads lists read these at once."""
    async with transaction():
        await policy_list_reading.hurry_and_wake(names, now)


async def what_waits(wish: Subscription, own_hosts: Sequence[str]) -> Difference | Refused:
    """What of a list waits for a decision, as it is now."""
    known = await _known(wish.id)
    if known.row.read_at is None:
        return NOT_READ
    return await asyncio.to_thread(waiting, wish, known, own_hosts)


async def _known(name: str) -> Known:
    row = await policy_lists.find(name)
    return Known(row or ListRow(name), await policy_lists.content(name), await in_touch())


class _UndoneError(Exception):
    """Nothing of a plan is to be written, for these reasons, or since somebody was faster."""

    def __init__(self, why: Unreadable | None) -> None:
        super().__init__()
        self.why = why


async def _written(plan: Plan, ground: Ground, act: str, put: Put) -> Outcome | Unreadable | None:
    """Write a plan down; None where somebody else was faster."""
    try:
        async with transaction():
            done = await _changed(plan, ground, act)
            if not ground.dry_run:
                await _keep(plan, put)
    except _UndoneError as undone:
        return undone.why
    taken = sum(map(len, plan.changes))
    return Outcome(done, plan.waits, taken, plan.withheld, plan.left_out)


async def _keep(plan: Plan, put: Put) -> None:
    if not await put(plan.row, plan.kept):
        raise _UndoneError(None)


async def _changed(plan: Plan, ground: Ground, act: str) -> Changed:
    """Change the rules of a list.

    Raises:
        _UndoneError: They cannot be so.
    """
    name = plan.row.id
    if plan.tables is None:
        if plan.is_new and not ground.dry_run:
            await note(ground.by, WITHHELD, name, ground.now, detail=plan.row.trouble)
        return Changed((), Partings(), 0, ground.written)
    added, changed, gone = plan.changes
    detail = _detail(added, changed, gone) if added or changed or gone else ""
    noted = Noted(act, name, detail)
    done = await change_rules.replace_of_list(name, plan.tables, noted, ground)
    if isinstance(done, Unreadable):
        raise _UndoneError(done)
    return done


def _detail(added: Sequence[str], changed: Sequence[str], gone: Sequence[str]) -> str:
    told: dict[str, object] = {}
    for key, names in (("added", added), ("changed", changed), ("removed", gone)):
        if names:
            told[f"{key}_count"] = len(names)
            told[key] = list(names[:NAMED_MAX])
    return json.dumps(told, ensure_ascii=False)
