"""Every accepted request waits here, as it came, until it has taken effect or is parked.

    pending --lease--> leased --done--> (gone)
       ^                 |---failed--> pending, at the fifth time parked
       |                 |---waits---> waiting
       |-- lease ran out-|  (an attempt)  |
       |---- what it waits for came ------|

Entries of one author about one subject are leased in the order of their ids. A waiting or parked
entry holds up nobody. One that has failed, or was in hand when its process ended, is leased alone
from then on: a process that is killed again and again parks at most what kills it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from storage.database import (
    Row,
    count_inserted,
    exclusive,
    fetch,
    run,
    transact,
    update_many,
    wake,
)
from storage.times import from_ms, from_ms_or_none, to_ms

ATTEMPTS_MAX = 5

# id, state, attempts, due_at, lease_until, waits_for, reason
_Settled = tuple[str, str, int, int, None, str, str]


# PERF: structs, since each message makes one of each (docs/decisions/0022).
class NewEntry(msgspec.Struct, frozen=True):
    """A verified request to an inbox; `proven` if the author's proof held."""

    id: str
    actor_uri: str
    activity_id: str
    inbox: str
    body: bytes
    key_id: str
    signer: str
    proven: bool
    subject: str
    received_at: datetime


class Entry(msgspec.Struct, frozen=True):
    """A leased request; `attempts` counts those that failed before."""

    id: str
    actor_uri: str
    activity_id: str
    inbox: str
    body: bytes
    key_id: str
    signer: str
    proven: bool
    subject: str
    attempts: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Failed:
    """An entry whose handling raised; it is due again, or parked at the fifth time."""

    entry: Entry
    reason: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """An entry that came before what it rests on; at `until` it is given up."""

    entry: Entry
    waits_for: str
    reason: str
    until: datetime


_COLUMNS = (
    "id", "actor_uri", "activity_id", "inbox", "body", "key_id", "signer", "proven", "subject",
    "due_at", "received_at",
)  # fmt: skip

# A crash in the middle of an entry counts as an attempt.
END_LEASES = """
UPDATE inbox_entry SET attempts = attempts + 1, lease_until = NULL,
  state = CASE WHEN attempts + 1 >= $2 THEN 'parked' ELSE 'pending' END,
  reason = 'its lease ran out'
WHERE state = 'leased' AND lease_until <= $1
"""

_LEASE = """
UPDATE inbox_entry SET state = 'leased', lease_until = $2 WHERE id IN (
  SELECT e.id FROM inbox_entry AS e
  WHERE e.state = 'pending' AND e.due_at <= $1 AND <are such> AND NOT EXISTS (
    SELECT 1 FROM inbox_entry AS b
    WHERE b.actor_uri = e.actor_uri AND b.subject = e.subject AND b.id < e.id AND <is in the way>
  )
  ORDER BY e.id LIMIT $3 FOR UPDATE OF e SKIP LOCKED
)
RETURNING id, actor_uri, activity_id, inbox, body, key_id, signer, proven, subject, attempts,
  received_at
"""

# The oldest due entries before which nothing of the same author and subject is under way.
LEASE = _LEASE.replace("<are such>", "e.attempts = 0").replace(
    "<is in the way>",
    "(b.state = 'leased' OR (b.state = 'pending' AND (b.due_at > $1 OR b.attempts > 0)))",
)
# Of those that were tried before.
LEASE_TRIED = _LEASE.replace("<are such>", "e.attempts > 0").replace(
    "<is in the way>", "b.state IN ('leased', 'pending')"
)

# From here on `seen` knows it.
REMOVE = "DELETE FROM inbox_entry WHERE id = ANY($1)"

# Leases given back untouched.
GIVE_BACK = """
UPDATE inbox_entry SET state = 'pending', lease_until = NULL WHERE state = 'leased' AND id = ANY($1)
"""

# What waited for something that has come; naming the state too, SQLite would walk all that wait.
RELEASE = """
UPDATE inbox_entry SET state = 'pending', due_at = $2, waits_for = '', reason = ''
WHERE waits_for = ANY($1)
"""

# Entries that wait for one thing, oldest first.
WAITING_FOR = """
SELECT id, actor_uri, activity_id, inbox, body, key_id, signer, proven, subject, attempts,
  received_at
FROM inbox_entry WHERE waits_for = $1 ORDER BY id LIMIT 100
"""

# When there is something to do next.
NEXT_DUE = """
SELECT min(CASE state WHEN 'leased' THEN lease_until ELSE due_at END) AS due_at FROM inbox_entry
WHERE state = 'pending' OR state = 'leased'
"""


async def accept(entries: Sequence[NewEntry]) -> int:
    """Add requests in the caller's transaction; answer how many are new. A duplicate is skipped."""
    rows = [
        (e.id, e.actor_uri, e.activity_id, e.inbox, e.body, e.key_id, e.signer, e.proven,
         e.subject, to_ms(e.received_at), to_ms(e.received_at)) for e in entries
    ]  # fmt: skip
    unique = "ON CONFLICT (actor_uri, activity_id, inbox) DO NOTHING"
    return await count_inserted("inbox_entry", _COLUMNS, rows, conflict=unique)


async def lease(now: datetime, *, limit: int = 64, lease_s: int = 60) -> list[Entry]:
    """Take the oldest due entries, in the order in which they are to be done."""
    rows = await transact(lambda: _leased(to_ms(now), lease_s * 1000, limit))
    return sorted((_entry(row) for row in rows), key=lambda entry: entry.id)


async def _leased(now: int, lasts: int, limit: int) -> list[Row]:
    # Two processes at once would each see the other's first entry as free.
    await exclusive("inbox lease")
    await run(END_LEASES, now, ATTEMPTS_MAX)
    tried = await fetch(LEASE_TRIED, now, now + lasts, 1)
    return tried or await fetch(LEASE, now, now + lasts, limit)


async def recover() -> None:
    """At the start of the one process of a database: what was in hand is due again.

    It counts as an attempt, since the entry may be what ended the process.
    """
    await run(END_LEASES, 2**62, ATTEMPTS_MAX)


async def settle(
    *, done: Collection[str] = (), failed: Sequence[Failed] = (), waits: Sequence[Waits] = ()
) -> None:
    """Say what became of leased entries, in the transaction of their effects.

    Args:
        done: Ids of those that are dealt with, applied or not; their rows go.
        failed: Those whose handling raised.
        waits: Those that came too early.
    """
    if done:
        await run(REMOVE, sorted(done))
    rows: list[_Settled] = [_after_failure(failure) for failure in failed]
    rows += [
        (w.entry.id, "waiting", w.entry.attempts, to_ms(w.until), None, w.waits_for, w.reason)
        for w in waits
    ]
    columns = ("state", "attempts", "due_at", "lease_until", "waits_for", "reason")
    await update_many("inbox_entry", ("id",), columns, sorted(rows))


def _after_failure(failure: Failed) -> _Settled:
    attempts = failure.entry.attempts + 1
    state = "parked" if attempts >= ATTEMPTS_MAX else "pending"
    return failure.entry.id, state, attempts, to_ms(failure.due_at), None, "", failure.reason


async def give_back(ids: Collection[str]) -> None:
    """End leases early, without an attempt counted."""
    if ids:
        await run(GIVE_BACK, sorted(ids))


async def release(arrived: Collection[str], now: datetime) -> int:
    """Make due what waited for any of these; answer how many entries that is."""
    released = await run(RELEASE, sorted(filter(None, arrived)), to_ms(now))
    if released:
        await wake("inbox")
    return released


async def waiting_for(missing: str) -> list[Entry]:
    """Entries that wait for this, oldest first, at most 100."""
    return [_entry(row) for row in await fetch(WAITING_FOR, missing)]


async def find_next_due() -> datetime | None:
    """When an entry or a lease is due next."""
    (row,) = await fetch(NEXT_DUE)
    return from_ms_or_none(row["due_at"])


def _entry(row: Row) -> Entry:
    return Entry(
        id=row["id"],
        actor_uri=row["actor_uri"],
        activity_id=row["activity_id"],
        inbox=row["inbox"],
        body=bytes(row["body"]),
        key_id=row["key_id"],
        signer=row["signer"],
        proven=bool(row["proven"]),
        subject=row["subject"],
        attempts=row["attempts"],
        received_at=from_ms(row["received_at"]),
    )
