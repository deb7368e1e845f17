"""Invitations as rows, with the bytes of the Invite."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, run, transaction
from storage.stamps import new_stamp
from storage.times import from_ms_or_none, to_ms

BY_ID: Final = """
SELECT invitation.id, conversation_uri, inviter, invitee, invitation.state, published_at, ends_at,
  activity.document
FROM invitation JOIN activity ON activity.id = invitation.id WHERE invitation.id = ANY($1)
"""


async def by_id(ids: Collection[str]) -> list[Row]:
    """The invitations with these ids, in no order."""
    return await fetch(BY_ID, list(ids))


# When one of these people last declined what this person asked them into, or left it again.
TURNED_DOWN: Final = """
SELECT max(updated_at) AS at FROM invitation WHERE conversation_uri = $1 AND inviter = $2
  AND invitee = ANY($3) AND state IN ('rejected', 'void') AND updated_at > $4
"""


async def find_turned_down(
    conversation_uri: str, *, inviter: str, invitees: Collection[str], since: datetime
) -> datetime | None:
    """When an invitee has said no to this inviter, or left after a yes, if that was since then."""
    if not invitees:
        return None
    (row,) = await fetch(TURNED_DOWN, conversation_uri, inviter, list(invitees), to_ms(since))
    return from_ms_or_none(row["at"])


# The newest invitation that one of these people has made to somebody and that is open.
OPEN_BETWEEN: Final = """
SELECT invitation.id, conversation_uri, inviter, invitee, invitation.state, published_at, ends_at,
  activity.document
FROM invitation JOIN activity ON activity.id = invitation.id
WHERE invitee = $1 AND invitation.state = 'open' AND inviter = ANY($2)
ORDER BY published_at DESC, invitation.id DESC LIMIT 1
"""


async def open_between(invitee: str, inviters: Collection[str]) -> list[Row]:
    """The newest open invitation of somebody by one of these people, if there is one."""
    return await fetch(OPEN_BETWEEN, invitee, list(inviters)) if inviters else []


# Open invitations whose time is over, with the people they were for.
EXPIRE: Final = """
UPDATE invitation SET state = 'expired', updated_at = $1
WHERE state = 'open' AND ends_at < $1 RETURNING id
"""

FORGET_INVITED: Final = """
UPDATE membership SET state = 'removed', updated_at = $2, stamp = $3
WHERE invitation_id = ANY($1) AND state IN ('invited', 'requested')
"""

# Answered and lapsed invitations are of no use after a while.
REAP: Final = """
DELETE FROM invitation WHERE id IN (
  SELECT id FROM invitation WHERE state <> 'open' AND updated_at < $1 ORDER BY id LIMIT $2
)
"""


async def expire(now: datetime) -> int:
    """Let open invitations lapse, and with them the wait for an answer; answer how many."""
    async with transaction():
        lapsed = [row["id"] for row in await fetch(EXPIRE, to_ms(now))]
        if lapsed:
            await run(FORGET_INVITED, lapsed, to_ms(now), new_stamp())
    return len(lapsed)


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget invitations that ended before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)
