"""Whoever waits for a person's answer is shown with what there is to know of them, and no more.

Source: chat-ux.md 9.2
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.protocol.uri import host_of
from federation.queries.conversations import find_conversation
from federation.queries.people import person_view
from federation.queries.profiles import SharedView
from federation.queries.views import PersonView
from storage import acquaintance, actors, strangers, ties

SHOWN_MAX: Final = 10
ASKING: Final = frozenset({"invited", "requested"})


@dataclass(frozen=True, slots=True)
class StrangerView:
    """Somebody who has written or invited, and waits.

    Attributes:
        host: Their server.
        first_seen_at: Since when anybody of that server is known here; None of this node.
        groups: Those that both are in.
        contacts: Whom the person follows who have to do with them.
    """

    person: PersonView
    host: str
    first_seen_at: datetime | None
    groups: tuple[SharedView, ...]
    contacts: tuple[PersonView, ...]


async def find_stranger(person: str, conversation_id: str) -> StrangerView | None:
    """Who waits in a conversation for this person's answer; None where nobody does."""
    found = await find_conversation(person, conversation_id)
    if found is None or found.state not in ASKING or found.inviter is None:
        return None
    other = found.inviter.uri
    shared = await ties.shared_conversations(person, other, limit=SHOWN_MAX)
    common = await strangers.contacts_in_common(person, other, limit=SHOWN_MAX)
    known = await actors.find_actors(common) if common else {}
    host = host_of(other)
    return StrangerView(
        person=found.inviter,
        host=host,
        first_seen_at=await acquaintance.first_seen(host),
        groups=tuple(
            SharedView(row["id"], row["kind"], row["title"] or "")
            for row in shared
            if row["kind"] == "group"
        ),
        contacts=tuple(person_view(known[uri]) for uri in common if uri in known),
    )
