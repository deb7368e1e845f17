"""Before somebody writes or invites they see how that is taken, by what the other has published."""

from dataclasses import dataclass

from federation.groups.doors import CHOICES, REQUESTS, Door, Entry, entry
from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from storage import actors, doors
from storage.actors import StoredActor


@dataclass(frozen=True, slots=True)
class ReachView:
    """Who may write to somebody, and what becomes of what one person writes.

    Attributes:
        writers: As published, "" of other software.
        inviters: Likewise, of invitations.
        writing: How a first message is taken: "open", "asks" or "closed"; "" is unknown. Of people
            elsewhere it is what this node can know.
        inviting: Likewise, of an invitation.
    """

    writers: str = ""
    inviters: str = ""
    writing: Entry | str = ""
    inviting: Entry | str = ""


async def reach_of(person: str, other: StoredActor) -> ReachView:
    """How somebody takes what a local person writes to them."""
    door = await _door_of(other)
    if door is None:
        return ReachView()
    ties = (await doors.ties_with([other.uri], person)).get(other.uri, frozenset())
    return ReachView(
        door.writers,
        door.inviters,
        entry(door, ties, invites=False),
        entry(door, ties, invites=True),
    )


async def _door_of(other: StoredActor) -> Door | None:
    if other.local:
        chosen = (await doors.of_people([other.uri])).get(other.uri)
        if chosen is None:
            return None
        return Door(chosen.writers, chosen.inviters, chosen.trusts_followed, chosen.mates_ask)
    if not other.aware:
        return None
    text = await actors.find_document(other.uri)
    try:
        document = strict_json.loads((text or "{}").encode())
    except RemoteProtocolError:
        return None
    return Door(_choice(document.get("chatWriters")), _choice(document.get("chatInviters")))


def _choice(published: object) -> str:
    """What somebody elsewhere has chosen; whoever publishes nothing lets strangers wait."""
    return next((each for each in CHOICES if each == published), REQUESTS)
