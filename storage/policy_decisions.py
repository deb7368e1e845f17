"""What rules have decided, until it is not asked about any more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import from_ms, to_ms

ROWS_MAX: Final = 200_000


@dataclass(frozen=True, slots=True)
class Decided:
    """One judgement: what became of an activity for a person, by which rule, and from which facts.

    Attributes:
        tried: The rules that were tried with what came of each, as JSON.
        facts: By key, in words and never what people wrote, as JSON.
        version: Of the set of rules.
    """

    id: str
    at: datetime
    activity_id: str
    actor_uri: str
    host: str
    person: str
    stage: str
    action: str
    rule_id: str
    because: str
    tried: str
    facts: str
    version: str


COLUMNS: Final = (
    *("id", "at", "activity_id", "actor_uri", "host", "person", "stage", "action", "rule_id"),
    *("because", "tried", "facts", "version"),
)
_ALL: Final = """SELECT id, at, activity_id, actor_uri, host, person, stage, action, rule_id,
  because, tried, facts, version FROM policy_decision"""
OF_ACTIVITY: Final = f"{_ALL} WHERE activity_id = $1 ORDER BY id DESC LIMIT $2"
OF_HOST: Final = f"{_ALL} WHERE host = $1 ORDER BY id DESC LIMIT $2"
NEWEST: Final = f"{_ALL} ORDER BY id DESC LIMIT $1"

OLD: Final = """
DELETE FROM policy_decision WHERE id IN (
  SELECT id FROM policy_decision WHERE at < $1 LIMIT $2
)
"""
# Beyond so many the oldest go earlier.
TOO_MANY: Final = """
DELETE FROM policy_decision WHERE id <= (
  SELECT id FROM policy_decision ORDER BY id DESC LIMIT 1 OFFSET $1
)
"""


async def add(decided: Sequence[Decided]) -> None:
    """Remember judgements; inside a transaction."""
    rows = [
        (
            *(one.id, to_ms(one.at), one.activity_id[:2048], one.actor_uri[:2048], one.host),
            *(one.person, one.stage, one.action, one.rule_id, one.because, one.tried, one.facts),
            one.version,
        )
        for one in decided
    ]
    await insert_many("policy_decision", COLUMNS, rows)


async def of_activity(activity_id: str, *, limit: int = 100) -> list[Decided]:
    """What was decided about an activity, the newest first."""
    return [_decided(row) for row in await fetch(OF_ACTIVITY, activity_id, limit)]


async def of_host(host: str, *, limit: int = 100) -> list[Decided]:
    """What was decided about a host, the newest first."""
    return [_decided(row) for row in await fetch(OF_HOST, host, limit)]


async def newest(*, limit: int = 100) -> list[Decided]:
    """What was decided last."""
    return [_decided(row) for row in await fetch(NEWEST, limit)]


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget what is old, and what is beyond the number that is kept."""
    gone = await run(OLD, to_ms(before), limit)
    await run(TOO_MANY, ROWS_MAX)
    return gone


def _decided(row: Row) -> Decided:
    words = {name: row[name] for name in COLUMNS}
    return Decided(**{**words, "at": from_ms(row["at"])})
