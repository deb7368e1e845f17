"""What waits as a request nobody has opened is taken back from its person, to be held."""

from collections.abc import Collection
from typing import Final

from storage import strangers
from storage.database import Row, fetch, run

# The request of a stranger that its person has neither answered nor read.
PLACES: Final = """
SELECT DISTINCT message.conversation_id, membership.actor_uri, message.activity_id
FROM message
JOIN membership ON membership.conversation_id = message.conversation_id
JOIN conversation ON conversation.id = message.conversation_id
WHERE message.activity_id = ANY($1) AND membership.actor_uri = ANY($2)
  AND membership.state = 'requested' AND membership.read_up_to = 0 AND conversation.kind = 'direct'
"""

# All that waits there, since all of it is taken back.
WAITING: Final = """
SELECT message.activity_id, message.author_uri, activity.document
FROM recipient
JOIN message ON message.id = recipient.message_id
JOIN activity ON activity.id = message.activity_id
WHERE recipient.conversation_id = $1 AND recipient.actor_uri = $2
ORDER BY recipient.id LIMIT $3
"""
WAITING_MAX: Final = 20

UNSEE: Final = "DELETE FROM seen WHERE actor_uri = $1 AND activity_id = $2 AND recipient = $3"


async def places(activities: Collection[str], people: Collection[str]) -> list[Row]:
    """Where these wait unopened: `conversation_id`, `actor_uri`, `activity_id`."""
    return await fetch(PLACES, sorted(activities), sorted(people))


async def take_back(conversation_id: str, person: str) -> list[Row]:
    """Let a request be as if it had not come; what waited in it. Inside a transaction."""
    rows = await fetch(WAITING, conversation_id, person, WAITING_MAX)
    if not await strangers.forget(conversation_id, person):
        return []
    for row in rows:
        await run(UNSEE, row["author_uri"], row["activity_id"], person)
    return rows
