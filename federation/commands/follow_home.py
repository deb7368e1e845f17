"""In a disputed group a person follows its home's present chain; the other choice is to leave.

What a node holds of a group it holds for all its people, so that it is followed for all of them;
who does not want that leaves. Entries and messages stay as they are.

Source: groups-protocol.md 4.4.3
"""

from typing import Final

from federation.commands.desk import Desk
from federation.pipeline import errands
from federation.protocol.verdict import Allowed, Refused
from storage import conversations
from storage.conversation_lists import find_standing
from storage.database import transaction, wake

NO_CONVERSATION: Final = Refused("no such conversation", 404)
NO_DISPUTE: Final = Refused("This group is not disputed.", 409)


async def follow_home(desk: Desk, person: str, conversation_id: str) -> Allowed | Refused:
    """Follow home's chain, as soon as home shows it."""
    rows = await conversations.by_id([conversation_id])
    standing = await find_standing(conversation_id, person)
    if standing is None or not rows:
        return NO_CONVERSATION
    if not rows[0]["disputed"] or standing not in {"joined", "joining"}:
        return NO_DISPUTE
    async with transaction():
        await errands.ask(desk.entropy.new_id, ("follow", rows[0]["uri"]), desk.clock())
        await wake("repair")
    return Allowed()
