"""Members' requests as rows: what waits, what came of it, and how much somebody asks."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from storage.changes import HushRequest, PutRequest, SettleRequest
from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


async def put(requests: Sequence[PutRequest]) -> None:
    """Record requests; one that is known stays as it is. Inside a transaction."""
    columns = (
        *("id", "conversation_id", "actor_uri", "wish", "subject", "state", "notice"),
        *("published_at", "created_at", "settled_at"),
    )
    rows = [
        (
            *(r.id, r.conversation_id, r.person, r.wish, r.subject, r.state, r.notice),
            *(to_ms(r.published_at), to_ms(r.at)),
            None if r.state == "waiting" else to_ms(r.at),
        )
        for r in requests
    ]
    await insert_many("group_request", columns, rows, conflict="ON CONFLICT DO NOTHING")


SETTLE: Final = """
UPDATE group_request SET state = $3, notice = $4, settled_at = $5
WHERE id = $1 AND conversation_id = $2 AND state = 'waiting'
"""


async def settle(answers: Sequence[SettleRequest]) -> None:
    """Note what home has answered. Inside a transaction."""
    for a in answers:
        await run(SETTLE, a.id, a.conversation_id, a.state, a.notice, to_ms(a.at))


LATELY: Final = """
SELECT COALESCE(SUM(CASE WHEN wish <> 'invite' AND created_at > $3 THEN 1 ELSE 0 END), 0)
    AS requests,
  COALESCE(SUM(CASE WHEN wish = 'invite' AND created_at > $4 THEN 1 ELSE 0 END), 0) AS invitations
FROM group_request WHERE conversation_id = $1 AND actor_uri = $2 AND created_at > $4
"""


async def asked_lately(conversation_id: str, person: str, now: datetime) -> Row:
    """How many `requests` somebody made within an hour, and `invitations` within a day."""
    rows = await fetch(LATELY, conversation_id, person, to_ms(now - HOUR), to_ms(now - DAY))
    return rows[0]


# What people asked and what still concerns them: it waits, or it came to nothing lately.
OPEN: Final = """
SELECT r.conversation_id, r.actor_uri AS person, r.wish, r.subject, r.state, r.notice,
  r.created_at, COALESCE(a.username, '') AS username, COALESCE(a.domain, '') AS domain
FROM group_request AS r LEFT JOIN actor AS a ON a.uri = r.subject
WHERE r.conversation_id = ANY($1) AND r.actor_uri = ANY($2)
  AND r.state IN ('waiting', 'refused', 'expired')
ORDER BY r.created_at, r.id
"""


async def shown(conversation_ids: Collection[str], people: Collection[str]) -> list[Row]:
    """Requests that wait for another home or that it did not carry out, oldest first."""
    return await fetch(OPEN, list(conversation_ids), list(people))


EXPIRE: Final = """
UPDATE group_request SET state = 'expired', notice = 'expired', settled_at = $1
WHERE state = 'waiting' AND published_at < $2 RETURNING id, conversation_id, actor_uri
"""

# What was asked too long ago goes out no more.
CANCEL: Final = """
UPDATE delivery SET state = 'cancelled', settled_at = $2
WHERE activity_id = ANY($1) AND state = 'pending'
"""


async def expire(before: datetime, now: datetime) -> list[Row]:
    """End what waits since before this time; rows of `conversation_id` and `actor_uri`.

    Transaction: expects to run inside one.
    """
    rows = await fetch(EXPIRE, to_ms(now), to_ms(before))
    if rows:
        await run(CANCEL, [row["id"] for row in rows], to_ms(now))
    return rows


REAP: Final = """
DELETE FROM group_request WHERE id IN (
  SELECT id FROM group_request WHERE state <> 'waiting' AND settled_at < $1 ORDER BY id LIMIT $2
)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget requests that ended before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)


HUSH: Final = "UPDATE group_request SET quiet = TRUE WHERE id = $1"


async def hush(requests: Sequence[HushRequest]) -> None:
    """Let nobody be told of what these requests come to; inside a transaction."""
    for request in requests:
        await run(HUSH, request.id)


QUIET: Final = "SELECT 1 AS is_quiet FROM group_request WHERE id = ANY($1) AND quiet LIMIT 1"


async def is_any_quiet(ids: Collection[str]) -> bool:
    """Whether nobody is to be told of what one of these requests comes to."""
    return bool(await fetch(QUIET, list(ids)))
