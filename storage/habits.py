"""What a local person lets others know of what they do: receipts and typing."""

from dataclasses import dataclass
from typing import Final

from storage.database import fetch, run
from storage.stamps import new_stamp

FIND: Final = "SELECT receipts, typing FROM account WHERE actor_uri = $1"
SET: Final = "UPDATE account SET receipts = $2, typing = $3 WHERE actor_uri = $1"

# A direct conversation alone can be refused.
REFUSE: Final = """
UPDATE membership SET state = 'refused', updated_at = $3, stamp = $4
WHERE conversation_id = $1 AND actor_uri = $2 AND state <> 'unheard' AND EXISTS (
  SELECT 1 FROM conversation WHERE conversation.id = $1 AND conversation.kind = 'direct')
"""


SET_UNWILLING: Final = """
UPDATE membership SET unwilling = $3, stamp = $4 WHERE conversation_id = $1 AND actor_uri = $2
"""


@dataclass(frozen=True, slots=True)
class Habits:
    """Whether others learn how far somebody has read, and that they type."""

    receipts: bool
    typing: bool


async def get_habits(person: str) -> Habits:
    """The habits of a local person.

    Raises:
        LookupError: There is no such account.
    """
    rows = await fetch(FIND, person)
    if not rows:
        raise LookupError(f"no account of {person}")
    return Habits(bool(rows[0]["receipts"]), bool(rows[0]["typing"]))


async def set_habits(person: str, habits: Habits) -> None:
    """Change the habits of a local person."""
    await run(SET, person, habits.receipts, habits.typing)


async def refuse(conversation_id: str, person: str, at_ms: int) -> bool:
    """Discard further messages to that set of people here; False if it is no direct one."""
    return await run(REFUSE, conversation_id, person, at_ms, new_stamp()) > 0


async def set_unwilling(conversation_id: str, person: str, *, is_unwilling: bool) -> None:
    """Let nobody ask somebody into a group again, or let them."""
    await run(SET_UNWILLING, conversation_id, person, is_unwilling, new_stamp())
