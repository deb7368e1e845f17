"""Which rules change how a person sees a message, from when it was filed."""

from collections.abc import Collection, Mapping
from typing import Final

from storage.database import fetch, run

PUT: Final = """
UPDATE recipient SET limited_by = $3 WHERE actor_uri = $2
  AND message_id IN (SELECT id FROM message WHERE activity_id = $1)
"""

OF_MESSAGES: Final = """
SELECT message_id, actor_uri, limited_by FROM recipient
WHERE message_id = ANY($1) AND actor_uri = ANY($2) AND limited_by <> ''
"""


async def put(activity_id: str, limited: Mapping[str, Collection[str]]) -> None:
    """Keep the rules by person. Inside the transaction that files the message."""
    for person, rules in sorted(limited.items()):
        await run(PUT, activity_id, person, " ".join(rules))


async def of_messages(
    messages: Collection[str], people: Collection[str]
) -> dict[tuple[str, str], tuple[str, ...]]:
    """The rules by message and person, where there are any."""
    rows = await fetch(OF_MESSAGES, sorted(messages), sorted(people))
    return {(row["message_id"], row["actor_uri"]): tuple(row["limited_by"].split()) for row in rows}
