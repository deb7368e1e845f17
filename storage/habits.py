"""What others learn of what a local person does: receipts, typing, the pages of their links."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from storage.database import fetch, run
from storage.stamps import new_stamp

FIND: Final = "SELECT receipts, typing, presence, previews FROM account WHERE actor_uri = $1"
SET: Final = """
UPDATE account SET receipts = $2, typing = $3, presence = $4, previews = $5 WHERE actor_uri = $1
"""

# Those of these people whom nobody is to see as active.
UNSEEN: Final = """
SELECT actor_uri AS person FROM account WHERE actor_uri = ANY($1) AND presence = FALSE
"""

# A direct conversation alone can be refused.
REFUSE: Final = """
UPDATE membership SET state = 'refused', updated_at = $3, stamp = $4
WHERE conversation_id = $1 AND actor_uri = $2 AND state <> 'unheard' AND EXISTS (
  SELECT 1 FROM conversation WHERE conversation.id = $1 AND conversation.kind = 'direct')
"""


SET_UNWILLING: Final = """
UPDATE membership SET unwilling = $3, stamp = $4 WHERE conversation_id = $1 AND actor_uri = $2
"""

QUIET: Final = """
SELECT actor_uri AS person, quiet_from, quiet_to, zone FROM account WHERE actor_uri = ANY($1)
"""

SET_QUIET: Final = """
UPDATE account SET quiet_from = $2, quiet_to = $3, zone = $4 WHERE actor_uri = $1
"""


@dataclass(frozen=True, slots=True)
class Quiet:
    """When a person wants to hear nothing.

    Attributes:
        start: In minutes after midnight, or None for never; likewise `end`.
        zone: Where, by its name in the time zone database; "" is unknown.
    """

    start: int | None = None
    end: int | None = None
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Habits:
    """What others learn of somebody.

    Attributes:
        receipts: How far they have read.
        typing: That they type.
        presence: That they are active, as far as this node says it; who does not show it sees of
            nobody that they are.
        previews: What a page says that they link to, which this node then asks for them.
    """

    receipts: bool
    typing: bool
    presence: bool = True
    previews: bool = True


async def get_habits(person: str) -> Habits:
    """The habits of a local person.

    Raises:
        LookupError: There is no such account.
    """
    rows = await fetch(FIND, person)
    if not rows:
        raise LookupError(f"no account of {person}")
    row = rows[0]
    return Habits(*(bool(row[each]) for each in ("receipts", "typing", "presence", "previews")))


async def set_habits(person: str, habits: Habits) -> None:
    """Change the habits of a local person."""
    await run(SET, person, habits.receipts, habits.typing, habits.presence, habits.previews)


async def refuse(conversation_id: str, person: str, at_ms: int) -> bool:
    """Discard further messages to that set of people here; False if it is no direct one."""
    return await run(REFUSE, conversation_id, person, at_ms, new_stamp()) > 0


async def set_unwilling(conversation_id: str, person: str, *, is_unwilling: bool) -> None:
    """Let nobody ask somebody into a group again, or let them."""
    await run(SET_UNWILLING, conversation_id, person, is_unwilling, new_stamp())


async def quiet_of(people: Collection[str]) -> Mapping[str, Quiet]:
    """When these local people want to hear nothing."""
    rows = await fetch(QUIET, sorted(people))
    return {row["person"]: Quiet(row["quiet_from"], row["quiet_to"], row["zone"]) for row in rows}


async def set_quiet(person: str, quiet: Quiet) -> None:
    """Change when a local person wants to hear nothing."""
    await run(SET_QUIET, person, quiet.start, quiet.end, quiet.zone)


async def unseen_among(people: Collection[str]) -> frozenset[str]:
    """Who of these does not want to be seen as active."""
    return frozenset(row["person"] for row in await fetch(UNSEEN, sorted(people)))
