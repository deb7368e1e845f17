"""What is left in the buckets of rules with a limit; a full one has no row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from storage.database import exclusive, fetch, insert_many, run
from storage.times import from_ms, to_ms

# A rule and whose bucket it is.
Bucket = tuple[str, str]

HELD: Final = """
SELECT rule_id, owner, milli, at FROM policy_bucket WHERE rule_id = ANY($1) AND owner = ANY($2)
"""

REAP: Final = """
DELETE FROM policy_bucket WHERE id IN (
  SELECT id FROM policy_bucket WHERE full_at < $1 LIMIT $2
)
"""


async def taken(rules: list[str], owners: list[str]) -> dict[Bucket, tuple[float, datetime]]:
    """What was left, and when, in the buckets that are not full, until the transaction ends."""
    # Two processes at once would both take the last token.
    await exclusive("policy buckets")
    return await left(rules, owners)


async def left(rules: list[str], owners: list[str]) -> dict[Bucket, tuple[float, datetime]]:
    """What was left, and when, in the buckets that are not full."""
    rows = await fetch(HELD, rules, owners)
    return {
        (row["rule_id"], row["owner"]): (row["milli"] / 1000, from_ms(row["at"])) for row in rows
    }


async def put(left: Mapping[Bucket, tuple[float, datetime]], now: datetime) -> None:
    """Remember what is left in buckets, and when each will be full."""
    await insert_many(
        "policy_bucket",
        ("rule_id", "owner", "milli", "at", "full_at"),
        [
            (*bucket, int(tokens * 1000), to_ms(now), to_ms(full_at))
            for bucket, (tokens, full_at) in sorted(left.items())
        ],
        conflict="""ON CONFLICT (rule_id, owner) DO UPDATE SET milli = excluded.milli,
  at = excluded.at, full_at = excluded.full_at""",
    )


async def reap(now: datetime, *, limit: int = 1000) -> int:
    """Forget buckets that are full again."""
    return await run(REAP, to_ms(now), limit)
