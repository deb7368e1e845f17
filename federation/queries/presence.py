"""Who is there now, and how far each has read, as far as they tell and the viewer tells too.

Source: groups-protocol.md 8
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.queries.messages import person_of
from federation.queries.views import PersonView
from storage import blocks, conversation_lists, habits, receipts, timelines
from storage.database import together

ACTIVE_FOR: Final = timedelta(minutes=2)
INSIDE: Final = frozenset({"joined", "joining"})


@dataclass(frozen=True, slots=True)
class PresenceView:
    """Somebody in a conversation, as another sees them there.

    Attributes:
        read_up_to: Our id of the newest message they have read, "" where that is not told.
    """

    person: PersonView
    is_active: bool
    read_up_to: str


@together
async def list_presence(
    person: str, conversation_id: str, *, typed: Collection[str], now: datetime
) -> tuple[PresenceView, ...] | None:
    """The other people of a conversation; None where the person has no place in it.

    Args:
        person: Who looks; without receipts of their own they see none, nor what follows from any,
            and nobody as active who does not want to be seen so themselves.
        conversation_id: Where.
        typed: Who has just typed there.
        now: When.
    """
    standing = await conversation_lists.find_standing(conversation_id, person)
    if standing not in INSIDE:
        return None
    gives = person in await receipts.givers([person])
    signs = await receipts.signs_of_life(conversation_id, now - ACTIVE_FOR)
    active = {row["person"] for row in signs if gives or row["sign"] == "message"} | set(typed)
    people = await conversation_lists.people_of([conversation_id])
    hidden = await blocks.hidden_among(person, [row["actor_uri"] for row in people])
    unseen = await habits.unseen_among({person, *(row["actor_uri"] for row in people)})
    active = set() if person in unseen else active - unseen
    told = await receipts.of_conversation(conversation_id) if gives else []
    read = {row["actor_uri"]: row["message_id"] for row in told}
    seen = {row["id"] for row in await timelines.visible(sorted(read.values()), person)}
    return tuple(
        PresenceView(
            person=person_of(row, row["actor_uri"]),
            is_active=row["actor_uri"] in active,
            read_up_to=read[row["actor_uri"]] if read.get(row["actor_uri"]) in seen else "",
        )
        for row in people
        if row["actor_uri"] not in hidden | {person} and row["state"] in INSIDE
    )
