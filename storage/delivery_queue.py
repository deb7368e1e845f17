"""Rows are claimed, settled and their lanes given back in one transaction for many lanes at once.

    pending ──claim──> sending ──settle──> delivered, refused, parked, or pending again
       │                  └──lease ends──> pending
       ├──expire──> expired
       └──cancel──> cancelled

A request begins when the commit that made its row `sending` returns. Only the token under which a
row was claimed settles it; what comes later is thrown away. `attempts` counts requests begun.
A row that is pending again although its author's account has ended, or all whom it is for were put
out meanwhile, ends at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

from storage import cancelling, peers
from storage.changes.lanes import LaneHealth
from storage.database import fetch, transact, transaction, update_many
from storage.delivery_claims import Asking, Claimed, claim
from storage.delivery_events import Ended, Unheard, tell
from storage.times import from_ms, to_ms

Settlement = Literal["delivered", "refused", "parked", "pending"]


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed row; a pending one is due at `due_at`."""

    row: Claimed
    state: Settlement
    status: int
    reason: str
    tries: int
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Take:
    """Ask for a due lane and at most `wanted` of its rows."""

    token: str
    at: datetime
    wanted: int


@dataclass(frozen=True, slots=True)
class Turn:
    """Settle all rows in hand and ask for at most `wanted` more; with 0 the lane is given back."""

    host: str
    token: str
    at: datetime
    health: LaneHealth
    settled: tuple[Settled, ...]
    wanted: int


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane and the rows that are claimed; without rows it has been given back."""

    host: str
    token: str
    health: LaneHealth
    rows: tuple[Claimed, ...]


@dataclass(frozen=True, slots=True)
class _Held:
    host: str
    token: str
    health: LaneHealth
    wanted: int


async def turn(items: Sequence[Take | Turn]) -> list[Lane | None]:
    """Serve everybody who waits, in one transaction.

    Returns:
        For each item its lane. None for a Take when no lane is due, and for a Turn whose lease is
        no longer its own: nothing of it was written.
    """
    return _answers(items, await transact(lambda: _served(items)))


async def _served(items: Sequence[Take | Turn]) -> list[Lane]:
    at = max(item.at for item in items)
    takes = [item for item in items if isinstance(item, Take)]
    turns = await _held([item for item in items if isinstance(item, Turn)], at)
    await _settle(turns, at)
    lanes = await _take(takes, at) if takes else []
    lanes += [_Held(item.host, item.token, item.health, item.wanted) for item in turns]
    rows = await claim(
        [Asking(lane.host, lane.token, lane.wanted) for lane in lanes if lane.wanted], at
    )
    await _give_back([lane for lane in lanes if lane.host not in rows], at)
    settled = [item for lane in turns for item in lane.settled]
    untaken = [_unheard(item.row) for item in settled if _is_unheard(item)]
    await tell([_ended(item) for item in settled if _is_told(item)], at, untaken=untaken)
    return [Lane(lane.host, lane.token, lane.health, rows.get(lane.host, ())) for lane in lanes]


def _answers(items: Sequence[Take | Turn], served: Sequence[Lane]) -> list[Lane | None]:
    """Turns find their lane by its name; those who take get what is left, in any order."""
    asked = {item.host for item in items if isinstance(item, Turn)}
    by_host = {lane.host: lane for lane in served}
    fresh = iter([lane for lane in served if lane.host not in asked])
    return [
        by_host.get(item.host) if isinstance(item, Turn) else next(fresh, None) for item in items
    ]


async def _held(turns: Sequence[Turn], at: datetime) -> list[Turn]:
    if not turns:
        return []
    ours = await peers.held({item.host: item.token for item in turns}, at)
    return [item for item in turns if item.host in ours]


async def _settle(turns: Sequence[Turn], at: datetime) -> None:
    columns = ("state", "due_at", "last_status", "reason", "tries", "settled_at")
    rows = [
        (
            item.row.id,
            lane.token,
            item.state,
            to_ms(item.due_at),
            item.status,
            item.reason,
            item.tries,
            None if item.state == "pending" else to_ms(at),
        )
        for lane in turns
        for item in lane.settled
    ]
    await update_many("delivery", ("id", "claim"), columns, rows)
    back = [item.row for lane in turns for item in lane.settled if _is_back(item)]
    await cancelling.end_of_returned([(row.id, row.actor_uri) for row in back], at)


def _is_back(item: Settled) -> bool:
    return item.state == "pending"


def _is_told(item: Settled) -> bool:
    return bool(item.row.message_id) and not _is_back(item)


def _is_unheard(item: Settled) -> bool:
    is_over = item.state in {"refused", "parked"}
    return is_over and bool(item.row.conversation_id) and not item.row.message_id


def _unheard(row: Claimed) -> Unheard:
    return Unheard(row.actor_uri, row.conversation_id, row.activity_id)


def _ended(item: Settled) -> Ended:
    row = item.row
    return Ended(
        author_uri=row.actor_uri,
        conversation_id=row.conversation_id,
        message_id=row.message_id,
        host=row.host,
        state=item.state,
        aware=row.aware,
        reason=item.reason,
    )


# What the last holder of a lane had begun and did not settle; its token is void.
FREE: Final = """
UPDATE delivery SET state = 'pending', claim = '' WHERE host = ANY($1) AND state = 'sending'
RETURNING id, actor_uri
"""


async def _take(takes: Sequence[Take], at: datetime) -> list[_Held]:
    first = takes[0]
    leased = await peers.lease(len(takes), first.token, at)
    left = [lane.host for lane in leased if lane.was_left]
    if left:
        rows = await fetch(FREE, left)
        await cancelling.end_of_returned([(row["id"], row["actor_uri"]) for row in rows], at)
    return [
        _Held(lane.host, first.token, lane.health, min(first.wanted, lane.health.width))
        for lane in leased
    ]


# When the first row that waits for its time has it; one behind an earlier row waits for that.
NEXT_DUE: Final = """
SELECT owed.host, MIN(owed.due_at) AS due_at FROM delivery AS owed
WHERE owed.host = ANY($1) AND owed.state = 'pending' AND NOT EXISTS (
  SELECT 1 FROM delivery AS earlier WHERE owed.object_uri <> '' AND earlier.host = owed.host
  AND earlier.object_uri = owed.object_uri AND earlier.id < owed.id
  AND earlier.state = 'pending')
GROUP BY owed.host
"""


async def _give_back(lanes: Sequence[_Held], at: datetime) -> None:
    empty = [lane.host for lane in lanes if lane.wanted]
    rows = await fetch(NEXT_DUE, empty) if empty else []
    next_due = {row["host"]: from_ms(row["due_at"]) for row in rows}
    await peers.release([_release(lane, next_due.get(lane.host), at) for lane in lanes])


def _release(lane: _Held, next_due: datetime | None, at: datetime) -> peers.Release:
    health = lane.health
    if not lane.wanted:
        due_at = health.due_at if health.is_failing else at
    else:
        # The back-off is over and no row is there to probe with: the next one is the probe.
        health, due_at = replace(health, is_failing=False, due_at=None), next_due
    return peers.Release(lane.host, lane.token, health, due_at)


# More than so many rows wait for a host.
BACKLOG: Final = """
SELECT 1 AS waits FROM delivery WHERE host = $1 AND state = 'pending' LIMIT 1 OFFSET $2
"""


async def has_backlog(host: str, *, above: int) -> bool:
    """Whether more than `above` rows wait for a host."""
    return bool(await fetch(BACKLOG, host, above))


FREE_ALL: Final = """
UPDATE delivery SET state = 'pending', claim = '' WHERE state = 'sending' RETURNING id, actor_uri
"""


async def recover(at: datetime) -> None:
    """At the start of the one process of a database: what was in flight is pending again."""
    async with transaction():
        await peers.forget_leases()
        rows = await fetch(FREE_ALL)
        await cancelling.end_of_returned([(row["id"], row["actor_uri"]) for row in rows], at)
