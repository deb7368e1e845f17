"""An activity takes effect once for each recipient, however often it comes."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import NamedTuple

from storage.database import fetch, insert_many, run, transaction
from storage.rounds import next_part
from storage.times import to_ms


class Triple(NamedTuple):
    """An activity and a local person it is for; '' where it is for nobody in particular."""

    actor_uri: str
    activity_id: str
    recipient: str


# What is old, a part of it.
OLD = """
SELECT id, seen_at AS at FROM seen
WHERE seen_at < $1 AND (seen_at > $2 OR (seen_at = $2 AND id > $3)) ORDER BY seen_at, id LIMIT $4
"""

# Of these, what no message of ours came with.
REAP = """
DELETE FROM seen WHERE id = ANY($1)
  AND NOT EXISTS (SELECT 1 FROM message WHERE message.activity_id = seen.activity_id)
"""

# The content that came first, for the node itself.
FIRST = """
SELECT actor_uri, activity_id, hash FROM seen
WHERE actor_uri = ANY($1) AND activity_id = ANY($2) AND recipient = ''
"""

# An empty hash: that there is another content is known.
CONTRADICT = """
UPDATE seen SET hash = '' WHERE actor_uri = $1 AND activity_id = $2 AND recipient = ''
"""

# What was claimed for items that then were not applied.
GIVE_BACK = "DELETE FROM seen WHERE id = ANY($1)"


async def claim(hashes: Mapping[Triple, str], now: datetime) -> Mapping[Triple, int]:
    """Claim activities for recipients; answer those that are new, with the row to give back.

    Expects a transaction, so that the claim goes when its effect does not come.

    Args:
        hashes: The hash of each activity's content; the first to come stays.
        now: When they were seen.
    """
    seen_at = to_ms(now)
    # In key order, so that two processes claiming the same rows wait instead of deadlocking.
    rows = [(*triple, hashes[triple], seen_at) for triple in sorted(hashes)]
    fresh = await insert_many(
        "seen",
        ("actor_uri", "activity_id", "recipient", "hash", "seen_at"),
        rows,
        conflict="ON CONFLICT (actor_uri, activity_id, recipient) DO NOTHING",
        returning=("id", "actor_uri", "activity_id", "recipient"),
    )
    return {
        Triple(row["actor_uri"], row["activity_id"], row["recipient"]): row["id"] for row in fresh
    }


async def contradict(hashes: Mapping[Triple, str]) -> list[Triple]:
    """Answer the activities that came with another content before, each once and never again.

    Args:
        hashes: Of activities that are no news, by their triple with the recipient ''.
    """
    actors = sorted({triple.actor_uri for triple in hashes})
    ids = sorted({triple.activity_id for triple in hashes})
    rows = await fetch(FIRST, actors, ids) if hashes else []
    held = {Triple(row["actor_uri"], row["activity_id"], ""): row["hash"] for row in rows}
    found = [one for one in hashes if held.get(one) not in {None, "", hashes[one]}]
    for one in found:
        await run(CONTRADICT, one.actor_uri, one.activity_id)
    return found


async def give_back(claims: Collection[int]) -> None:
    """Forget claims whose items were not applied, so that a replay is no duplicate."""
    if claims:
        await run(GIVE_BACK, sorted(claims))


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget what was seen before this time and left no message, a part at a time.

    Answers how many rows it has looked at, 0 when those were the last.
    """
    async with transaction():
        rows = await next_part("seen", OLD, before, first=0, limit=limit)
        await run(REAP, [row["id"] for row in rows])
    return len(rows) if len(rows) == limit else 0
