"""Rules of the operator that stand in no file, each as the table that a file would have.

Every change names the set of rules anew, in its transaction (storage/policy_rules.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.policy_rules import changed
from storage.times import from_ms, to_ms


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule.

    Attributes:
        written: Its table, as JSON.
        over_at: When it was noted that it is over; None while it is not.
    """

    id: str
    written: str
    created_at: datetime
    changed_at: datetime
    over_at: datetime | None = None


LISTED: Final = """
SELECT id, written, created_at, changed_at, over_at FROM stored_rule ORDER BY created_at, id
"""

MADE_AT: Final = "SELECT id, created_at FROM stored_rule WHERE id = ANY($1)"

REMOVE: Final = "DELETE FROM stored_rule WHERE id = ANY($1)"

OVER: Final = "UPDATE stored_rule SET over_at = $2 WHERE id = ANY($1) AND over_at IS NULL"

REAP: Final = """
DELETE FROM stored_rule WHERE id IN (
  SELECT id FROM stored_rule WHERE over_at < $1 ORDER BY over_at LIMIT $2)
"""

REPLACE: Final = """
ON CONFLICT (id) DO UPDATE
SET written = excluded.written, changed_at = excluded.changed_at, over_at = NULL
"""


async def listed() -> list[StoredRule]:
    """Every rule, the oldest first."""
    rows = await fetch(LISTED)
    return sorted(map(_rule, rows), key=lambda rule: (rule.created_at, rule.id))


async def made_at(ids: Sequence[str]) -> dict[str, datetime]:
    """Since when there are those of these rules that are kept here, by id."""
    rows = await fetch(MADE_AT, list(set(ids))) if ids else []
    return {row["id"]: from_ms(row["created_at"]) for row in rows}


def _rule(row: Row) -> StoredRule:
    return StoredRule(
        row["id"],
        row["written"],
        from_ms(row["created_at"]),
        from_ms(row["changed_at"]),
        None if row["over_at"] is None else from_ms(row["over_at"]),
    )


async def put(rules: Sequence[StoredRule], version: str) -> None:
    """Make rules, or write others in their place; inside a transaction.

    Args:
        rules: Of which one that is there keeps its `created_at`.
        version: A name that no set of rules has had.
    """
    columns = ("id", "written", "created_at", "changed_at")
    rows = [(r.id, r.written, to_ms(r.created_at), to_ms(r.changed_at)) for r in rules]
    await insert_many("stored_rule", columns, rows, conflict=REPLACE)
    await changed(version)


async def remove(ids: Sequence[str], version: str) -> int:
    """Take rules away; answer how many. Inside a transaction."""
    count = await run(REMOVE, list(ids))
    if count:
        await changed(version)
    return count


async def note_over(ids: Sequence[str], at: datetime) -> int:
    """Note that rules are over; answer of how many it was not noted yet."""
    return await run(OVER, list(ids), to_ms(at)) if ids else 0


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget rules that are over since before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)
