"""What strangers have sent and nobody has taken up, and what one has to do with them."""

from datetime import datetime
from typing import Final

from storage.database import Row, fetch, run
from storage.stamps import new_stamp
from storage.times import to_ms

# Whom a person follows who follows the other or is followed by them, as far as is known here.
IN_COMMON: Final = """
SELECT mine.followed AS person FROM follow AS mine
WHERE mine.follower = $1 AND mine.state = 'accepted' AND (
  EXISTS (SELECT 1 FROM follow AS theirs WHERE theirs.follower = mine.followed
    AND theirs.followed = $2 AND theirs.state = 'accepted')
  OR EXISTS (SELECT 1 FROM follow AS theirs WHERE theirs.follower = $2
    AND theirs.followed = mine.followed AND theirs.state = 'accepted'))
ORDER BY mine.id DESC LIMIT $3
"""

# A direct conversation that its person has not answered is to them as if nobody had written.
FORGET: Final = """
UPDATE membership SET state = 'unheard', inviter = '', stamp = $3
WHERE conversation_id = $1 AND actor_uri = $2 AND state = 'requested' AND EXISTS (
  SELECT 1 FROM conversation WHERE conversation.id = $1 AND conversation.kind = 'direct')
"""

TAKE_AWAY: Final = "DELETE FROM recipient WHERE conversation_id = $1 AND actor_uri = $2"

# A person's open requests are few, and the people of a node are not many.
LAPSED: Final = """
SELECT membership.conversation_id, membership.actor_uri FROM membership
WHERE membership.actor_uri IN (SELECT actor_uri FROM account) AND membership.state = 'requested'
  AND membership.updated_at < $1 AND EXISTS (SELECT 1 FROM conversation
    WHERE conversation.id = membership.conversation_id AND conversation.kind = 'direct')
LIMIT $2
"""


async def contacts_in_common(person: str, other: str, *, limit: int) -> list[str]:
    """People whom a person follows and who have to do with the other, by follows."""
    return [row["person"] for row in await fetch(IN_COMMON, person, other, limit)]


async def forget(conversation_id: str, person: str) -> bool:
    """Let a request be as if it had not come; False if there is none. Inside a transaction."""
    if not await run(FORGET, conversation_id, person, new_stamp()):
        return False
    await run(TAKE_AWAY, conversation_id, person)
    return True


async def lapsed(before: datetime, *, limit: int = 500) -> list[Row]:
    """Direct requests that have waited since before that: `conversation_id`, `actor_uri`."""
    return await fetch(LAPSED, to_ms(before), limit)
