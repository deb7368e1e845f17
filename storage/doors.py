"""Who may write to local people and invite them, and what they have to do with somebody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from storage.database import Row, fetch, run

OF_PEOPLE: Final = """
SELECT actor_uri AS person, writers, inviters, trusts_followed, mates_ask,
  approves_followers FROM account
WHERE actor_uri = ANY($1)
"""

# Of these people, those who take nothing from whom they do not know.
CLOSED: Final = """
SELECT actor_uri AS person FROM account WHERE actor_uri = ANY($1) AND writers = 'contacts'
"""

# What these people have to do with somebody: whom they follow, and where both are.
TIES: Final = """
SELECT follower AS person, 'followed' AS tie FROM follow
WHERE follower = ANY($1) AND followed = $2 AND state <> 'rejected'
UNION
SELECT mine.actor_uri, conversation.kind FROM membership AS mine
JOIN membership AS theirs ON theirs.conversation_id = mine.conversation_id
JOIN conversation ON conversation.id = mine.conversation_id
WHERE mine.actor_uri = ANY($1) AND theirs.actor_uri = $2
  AND mine.state = 'joined' AND theirs.state = 'joined'
"""

SET: Final = """
UPDATE account SET writers = $2, inviters = $3, trusts_followed = $4, mates_ask = $5,
  approves_followers = $6
WHERE actor_uri = $1
"""


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person has chosen, as federation/groups/doors.py explains it.

    Attributes:
        approves_followers: Whether a follow waits for their yes.
    """

    writers: str = "requests"
    inviters: str = "requests"
    trusts_followed: bool = True
    mates_ask: bool = False
    approves_followers: bool = False


async def of_people(people: Collection[str]) -> Mapping[str, Choices]:
    """What these people have chosen; nothing of who has no account here."""
    return {row["person"]: _choices(row) for row in await fetch(OF_PEOPLE, sorted(people))}


async def set_choices(person: str, chosen: Choices) -> None:
    """Replace what a person has chosen; inside a transaction."""
    await run(
        SET,
        person,
        chosen.writers,
        chosen.inviters,
        chosen.trusts_followed,
        chosen.mates_ask,
        chosen.approves_followers,
    )


async def closed_among(people: Collection[str]) -> frozenset[str]:
    """Who of these takes no first message from whom they do not know."""
    return frozenset(row["person"] for row in await fetch(CLOSED, sorted(people)))


async def ties_with(people: Collection[str], other: str) -> Mapping[str, frozenset[str]]:
    """What these local people have to do with somebody: "followed", "direct", "group"."""
    found: dict[str, set[str]] = {}
    for row in await fetch(TIES, sorted(people), other):
        found.setdefault(row["person"], set()).add(row["tie"])
    return {person: frozenset(ties) for person, ties in found.items()}


def _choices(row: Row) -> Choices:
    return Choices(
        row["writers"],
        row["inviters"],
        bool(row["trusts_followed"]),
        bool(row["mates_ask"]),
        bool(row["approves_followers"]),
    )
