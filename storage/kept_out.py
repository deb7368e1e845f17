"""Servers that rules keep out: what began it, since when, and what was purged of them.

A row is made when a rule keeps out a server that is known here, and goes when none does any more.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import from_ms, from_ms_or_none, to_ms

TOLD_MAX: Final = 1_000
# Whoever is beyond sees it when they look next.
READERS_MAX: Final = 20_000


@dataclass(frozen=True, slots=True)
class KeptOut:
    """A server that is kept out.

    Attributes:
        rule_id: What keeps it out.
        is_told: Whether members are told of it in their conversations.
        purged_at: When what was here from there was purged; None while it was not.
    """

    host: str
    rule_id: str
    public_reason: str
    is_told: bool
    since: datetime
    purged_at: datetime | None = None


_COLUMNS: Final = "SELECT host, rule_id, public_reason, told, since, purged_at FROM kept_out"

LISTED: Final = f"{_COLUMNS} ORDER BY host"

AMONG: Final = f"{_COLUMNS} WHERE host = ANY($1)"

TOLD: Final = f"{_COLUMNS} WHERE told ORDER BY since DESC, host LIMIT $1"

# Who of ours has to do with whom there, and where.
READERS: Final = """
SELECT DISTINCT mine.actor_uri, mine.conversation_id FROM actor
JOIN membership AS theirs ON theirs.actor_uri = actor.uri
JOIN membership AS mine ON mine.conversation_id = theirs.conversation_id
WHERE actor.host = ANY($1) AND mine.local AND mine.state IN ('joined', 'left') LIMIT $2
"""

DUE: Final = f"""{_COLUMNS}
WHERE since <= $1 AND purged_at IS NULL ORDER BY since, host LIMIT $2
"""

REMOVE: Final = "DELETE FROM kept_out WHERE host = ANY($1)"

PURGED: Final = "UPDATE kept_out SET purged_at = $2 WHERE host = ANY($1)"

# A server that is kept out by another rule than before is kept out since then.
REPLACE: Final = """
ON CONFLICT (host) DO UPDATE
SET rule_id = excluded.rule_id, public_reason = excluded.public_reason, told = excluded.told
"""


async def listed() -> list[KeptOut]:
    """All of them, by name."""
    return list(map(_read, await fetch(LISTED)))


async def among(hosts: Collection[str]) -> list[KeptOut]:
    """Those among these servers, in no order."""
    return list(map(_read, await fetch(AMONG, sorted(hosts)))) if hosts else []


async def told() -> list[KeptOut]:
    """Those of which members are told, the latest first; at most a thousand."""
    return list(map(_read, await fetch(TOLD, TOLD_MAX)))


async def readers(hosts: Collection[str]) -> list[tuple[str, str]]:
    """Which people here see in which conversation that these are kept out; a bounded number."""
    rows = await fetch(READERS, sorted(hosts), READERS_MAX)
    return [(row["actor_uri"], row["conversation_id"]) for row in rows]


async def due(before: datetime, *, limit: int) -> list[KeptOut]:
    """Those kept out since before a time of which nothing was purged, the first first."""
    return list(map(_read, await fetch(DUE, to_ms(before), limit)))


async def put(rows: Sequence[KeptOut]) -> None:
    """Remember that these are kept out; one that was is since when it was."""
    columns = ("host", "rule_id", "public_reason", "told", "since")
    values = [
        (one.host, one.rule_id, one.public_reason, one.is_told, to_ms(one.since)) for one in rows
    ]
    await insert_many("kept_out", columns, values, conflict=REPLACE)


async def remove(hosts: Collection[str]) -> None:
    """Nothing keeps these out any more."""
    if hosts:
        await run(REMOVE, sorted(hosts))


async def note_purged(hosts: Collection[str], at: datetime) -> None:
    """What was here from there is gone."""
    await run(PURGED, sorted(hosts), to_ms(at))


def _read(row: Row) -> KeptOut:
    return KeptOut(
        row["host"],
        row["rule_id"],
        row["public_reason"],
        bool(row["told"]),
        from_ms(row["since"]),
        from_ms_or_none(row["purged_at"]),
    )
