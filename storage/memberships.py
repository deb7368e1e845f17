"""Who is in which conversation, and was from which epoch to which."""

from collections.abc import Collection
from typing import Final

from storage.database import Row, fetch

OF_CONVERSATIONS: Final = """
SELECT conversation_id, actor_uri, local, role, state, invitation_id, inviter, left_epoch,
  unwilling
FROM membership WHERE conversation_id = ANY($1) ORDER BY id
"""

SPANS: Final = """
SELECT conversation_id, actor_uri, from_epoch, to_epoch
FROM member_span WHERE conversation_id = ANY($1) ORDER BY id
"""

# Open invitations and first messages of strangers, which are bounded per person.
OPEN_REQUESTS: Final = """
SELECT count(*) AS open FROM membership WHERE actor_uri = $1 AND state = 'requested'
"""

# Who has said yes, whatever came later.
# A direct conversation that nobody here has taken up.
UNANSWERED: Final = """
SELECT 1 AS found FROM conversation WHERE id = $1 AND kind = 'direct' AND NOT EXISTS (
  SELECT 1 FROM membership WHERE membership.conversation_id = conversation.id
    AND membership.local = TRUE AND membership.state = 'joined')
"""


# People of a conversation whom this node has never asked for.
UNMET: Final = """
SELECT actor_uri FROM membership WHERE conversation_id = $1
  AND NOT EXISTS (SELECT 1 FROM actor WHERE actor.uri = membership.actor_uri)
ORDER BY actor_uri
"""


async def unmet(conversation_id: str) -> list[str]:
    """The people of a conversation who are not known here."""
    return [row["actor_uri"] for row in await fetch(UNMET, conversation_id)]


async def is_unanswered(conversation_id: str) -> bool:
    """Whether nobody here takes part in a direct conversation, though somebody is written to."""
    return bool(await fetch(UNANSWERED, conversation_id))


async def of_conversations(ids: Collection[str]) -> list[Row]:
    """The memberships of these conversations, each conversation's in the order they began."""
    return await fetch(OF_CONVERSATIONS, list(ids))


JOINED: Final = """
SELECT 1 AS found FROM membership
WHERE conversation_id = $1 AND actor_uri = $2 AND state = 'joined'
"""


async def is_joined(conversation_id: str, person: str) -> bool:
    """Whether somebody is a member now."""
    return bool(await fetch(JOINED, conversation_id, person))


async def spans(ids: Collection[str]) -> list[Row]:
    """The stretches of epochs in which somebody was a member, oldest first."""
    return await fetch(SPANS, list(ids))


async def open_requests(person: str) -> int:
    """How many strangers wait for this person's answer."""
    rows = await fetch(OPEN_REQUESTS, person)
    return int(rows[0]["open"])
