"""Who sends to a host, and when, is one row: leased by one worker, given back with its health.

A lane's `due_at` is when somebody should look at it: the end of its back-off while it is failing,
else the time of its next row, else null. Enqueuing makes an idle lane due with `MAKE_DUE`.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from storage.changes.lanes import WIDEST, LaneHealth
from storage.database import fetch, run, transaction, update_many
from storage.dialect import Row
from storage.times import from_ms_or_none, to_ms, to_ms_or_none

LEASE: Final = timedelta(seconds=60)
RENEW_BELOW: Final = timedelta(seconds=40)
HEARD_EVERY: Final = timedelta(hours=1)
WAKE_EVERY: Final = timedelta(minutes=1)
SPREAD_ABOVE: Final = 100
SPREAD_OVER: Final = timedelta(seconds=60)
MOST_PEERS: Final = 10_000

OK: Final = "ok"
FAILING: Final = "failing"

MAKE_DUE: Final = """ON CONFLICT (host) DO UPDATE SET due_at = CASE
  WHEN peer.state = 'failing' AND peer.due_at IS NOT NULL THEN peer.due_at
  ELSE EXCLUDED.due_at END"""
"""For the insert of (host, due_at) that goes with new rows: only a back-off outlasts it."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A lane in our hands; `was_left` when its holder before us did not give it back."""

    host: str
    health: LaneHealth
    was_left: bool


@dataclass(frozen=True, slots=True)
class Release:
    """How a lane is given back: its health, and when somebody should look at it again."""

    host: str
    token: str
    health: LaneHealth
    due_at: datetime | None


# The due lanes that nobody holds, the longest due first.
DUE: Final = """
SELECT host, state, failing_since, step, due_at, last_ok_at, width, lease_token, last_error
FROM peer WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
ORDER BY due_at, host LIMIT $2 FOR UPDATE SKIP LOCKED
"""

LEASE_THEM: Final = """
UPDATE peer SET lease_token = $2, lease_until = $3 WHERE host = ANY($1)
"""


async def lease(count: int, token: str, at: datetime) -> list[Leased]:
    """Lease up to `count` due lanes under one token. Inside a transaction."""
    rows = await fetch(DUE, to_ms(at), count)
    if rows:
        await run(LEASE_THEM, [row["host"] for row in rows], token, to_ms(at + LEASE))
    return [Leased(row["host"], _health(row), bool(row["lease_token"])) for row in rows]


def _health(row: Row) -> LaneHealth:
    is_failing = row["state"] == FAILING
    return LaneHealth(
        is_failing=is_failing,
        step=row["step"],
        failing_since=from_ms_or_none(row["failing_since"]),
        due_at=from_ms_or_none(row["due_at"]) if is_failing else None,
        width=row["width"] or WIDEST,
        last_ok_at=from_ms_or_none(row["last_ok_at"]),
        last_error=row["last_error"],
    )


# Locks the lanes in the order of their names, so that two batches cannot wait for each other.
HELD: Final = """
SELECT host, lease_token, lease_until FROM peer WHERE host = ANY($1) ORDER BY host FOR UPDATE
"""

RENEW: Final = "UPDATE peer SET lease_until = $2 WHERE host = ANY($1)"


async def held(tokens: Mapping[str, str], at: datetime) -> set[str]:
    """Which of these lanes are still ours, by host and token; their leases are renewed.

    Inside a transaction, which keeps others from touching the lanes until it ends.
    """
    rows = await fetch(HELD, list(tokens))
    ours = [row for row in rows if row["lease_token"] == tokens[row["host"]]]
    ending = [row["host"] for row in ours if row["lease_until"] < to_ms(at + RENEW_BELOW)]
    if ending:
        await run(RENEW, ending, to_ms(at + LEASE))
    return {row["host"] for row in ours}


KEEP: Final = "UPDATE peer SET lease_until = $3 WHERE host = $1 AND lease_token = $2"


async def keep(host: str, token: str, at: datetime) -> None:
    """Prolong a lease while its holder works; one that has been lost stays lost."""
    await run(KEEP, host, token, to_ms(at + LEASE))


async def release(lanes: Sequence[Release]) -> None:
    """Give lanes back. Inside a transaction."""
    columns = (
        *("state", "failing_since", "step", "width", "last_ok_at", "last_error", "due_at"),
        *("lease_token", "lease_until"),
    )
    await update_many("peer", ("host",), columns, [_released(lane) for lane in lanes])


def _released(lane: Release) -> tuple[str | int | None, ...]:
    health = lane.health
    return (
        lane.host,
        FAILING if health.is_failing else OK,
        to_ms_or_none(health.failing_since),
        health.step,
        health.width,
        to_ms_or_none(health.last_ok_at),
        health.last_error,
        to_ms_or_none(lane.due_at),
        "",
        None,
    )


FORGET_LEASES: Final = """
UPDATE peer SET lease_token = '', lease_until = NULL WHERE lease_token <> ''
"""


async def forget_leases() -> None:
    """Take every lane back; only for the one process of a database, at its start."""
    await run(FORGET_LEASES)


DUE_HOSTS: Final = "SELECT host FROM peer WHERE due_at <= $1 ORDER BY due_at, host"


async def spread(at: datetime, chance: Callable[[], float]) -> int:
    """At start: spread more than 100 due lanes over a minute; answer how many were due."""
    async with transaction():
        hosts = [row["host"] for row in await fetch(DUE_HOSTS, to_ms(at))]
        if len(hosts) > SPREAD_ABOVE:
            rows = [(host, to_ms(at + chance() * SPREAD_OVER)) for host in hosts]
            await update_many("peer", ("host",), ("due_at",), rows)
    return len(hosts)


# Contact is kept to the hour: it says only that the host lives.
HEARD: Final = """
UPDATE peer SET heard_at = $2
WHERE host = ANY($1) AND (heard_at IS NULL OR heard_at <= $3)
"""

WAKE: Final = """
UPDATE peer SET due_at = $2, woken_at = $2
WHERE host = ANY($1) AND state = 'failing' AND due_at > $2
  AND (woken_at IS NULL OR woken_at <= $3)
RETURNING host
"""


async def heard(hosts: Collection[str], at: datetime) -> set[str]:
    """Authenticated requests came from these hosts: the lanes that back off become due.

    At most once a minute each. Answers the hosts that became due.
    """
    names = sorted(hosts)
    async with transaction():
        await run(HEARD, names, to_ms(at), to_ms(at - HEARD_EVERY))
        return {row["host"] for row in await fetch(WAKE, names, to_ms(at), to_ms(at - WAKE_EVERY))}


NEXT_DUE: Final = "SELECT MIN(due_at) AS due_at FROM peer WHERE lease_token = ''"


async def find_next_due() -> datetime | None:
    """When the next free lane is due, or None."""
    (row,) = await fetch(NEXT_DUE)
    return from_ms_or_none(row["due_at"])


OTHERS_WAIT: Final = """
SELECT 1 AS waits FROM peer
WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1) LIMIT 1
"""


async def is_any_waiting(at: datetime) -> bool:
    """Whether a due lane has nobody who serves it."""
    return bool(await fetch(OTHERS_WAIT, to_ms(at)))


# A lane without rows has no due_at.
REAP_OLD: Final = """
DELETE FROM peer WHERE due_at IS NULL AND lease_token = '' AND COALESCE(last_ok_at, 0) < $1
  AND COALESCE(heard_at, 0) < $1 AND COALESCE(failing_since, 0) < $1
  AND COALESCE(reached_at, 0) < $1 AND COALESCE(missed_at, 0) < $1
  AND COALESCE(software_at, 0) < $1
"""

REAP_MANY: Final = """
DELETE FROM peer WHERE due_at IS NULL AND lease_token = '' AND host IN (
  SELECT host FROM peer
  ORDER BY CASE WHEN due_at IS NULL THEN 1 ELSE 0 END, COALESCE(last_ok_at, 0) DESC, host
  LIMIT 1000000000 OFFSET $1)
"""


async def reap(idle_since: datetime, *, most: int = MOST_PEERS) -> int:
    """Forget hosts that have no rows: those idle for so long, and the idlest above `most`."""
    async with transaction():
        return await run(REAP_OLD, to_ms(idle_since)) + await run(REAP_MANY, most)


COUNT_DUE: Final = """
SELECT count(*) AS due FROM peer
WHERE due_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
"""


async def count_due(at: datetime, most: int) -> int:
    """How many lanes could be served now, `most` at most."""
    (row,) = await fetch(COUNT_DUE, to_ms(at))
    return min(int(row["due"]), most)
