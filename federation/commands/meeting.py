"""Everybody in a direct conversation is addressed, so whoever is unknown there is met first.

A set of people may come from elsewhere, with somebody in it whom nobody here has ever asked for.
"""

import asyncio
from typing import Final

from federation.commands.desk import Desk, Made, submit
from federation.pipeline.compose import UNMET
from federation.pipeline.item import EditMessage, PostMessage, ReactTo
from federation.protocol.verdict import Refused
from federation.remote.objects import Away
from storage.actors import StoredActor
from storage.memberships import unmet

GONE: Final = Refused("Somebody in this conversation is not there any more.", 409)


async def submit_to_all(desk: Desk, draft: EditMessage | PostMessage | ReactTo) -> Made | Refused:
    """As `submit`; asks other servers for people of the conversation who are not known here."""
    made = await submit(desk, draft)
    if not isinstance(made, Refused) or made.notice != UNMET.notice:
        return made
    refused = await _meet(desk, draft.conversation_id)
    return refused or await submit(desk, draft)


async def _meet(desk: Desk, conversation_id: str) -> Refused | None:
    """Ask for everybody who is unknown here; why somebody cannot be addressed, or None."""
    people = await unmet(conversation_id)
    found = await asyncio.gather(*(desk.directory.get(person) for person in people))
    if any(isinstance(one, Away) for one in found):
        return UNMET
    return None if all(isinstance(one, StoredActor) for one in found) else GONE
