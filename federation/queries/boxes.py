"""What a person has been sent and has sent, as clients of ActivityPub page through it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation.queries.conversations import views_for
from federation.queries.messages import shelf
from federation.queries.views import ConversationView, MessageView
from storage import boxes, conversations, follows, invitations
from storage.conversation_lists import find_standing
from storage.database import Row, together

REQUESTS: Final = "requests"
# Where a person stands in a conversation that they have said yes to.
JOINED: Final = "joined"


@dataclass(frozen=True, slots=True)
class BoxedView:
    """A message with what its Create says beside it.

    Attributes:
        activity: The id of what brought it.
        answers: The id of the message that it answers, on the wire, or "".
        place: Its conversation; None for who has no place in it any more.
    """

    message: MessageView
    activity: str
    answers: str
    place: ConversationView | None

    @property
    def is_accepted(self) -> bool:
        """Whether who looks has said yes to its conversation."""
        return self.place is not None and self.place.state == JOINED


@dataclass(frozen=True, slots=True)
class BoxPage:
    """Messages, newest first.

    Attributes:
        older: Our id of the message behind which there may be older ones, or "".
    """

    entries: tuple[BoxedView, ...] = ()
    older: str = ""


@together
async def received(person: str, *, before: str = "", limit: int) -> BoxPage:
    """What others have sent to a person; what is a request, or is held, is not among it."""
    rows = await boxes.received(person, before=before, limit=limit + 1)
    shown = [row for row in rows[:limit] if row["author_uri"] != person]
    asked = {row["id"] for row in shown if row["folder"] == REQUESTS}
    entries = [
        entry
        for entry in await _entries(shown, person)
        if entry.message.id not in asked or entry.is_accepted
    ]
    return BoxPage(tuple(entries), _older(rows, limit))


@together
async def sent(person: str, *, before: str = "", limit: int) -> BoxPage:
    """What a person has written."""
    rows = await boxes.sent(person, before=before, limit=limit + 1)
    return BoxPage(await _entries(rows[:limit], person), _older(rows, limit))


@together
async def find_entry(person: str, uri: str) -> BoxedView | None:
    """A message by its id on the wire, if this person sees it."""
    row = await boxes.by_uri(uri, person)
    entries = await _entries([row], person) if row is not None else ()
    return entries[0] if entries else None


@dataclass(frozen=True, slots=True)
class Wish:
    """A Follow that nobody has answered yet."""

    activity: str
    follower: str
    followed: str


async def pending_follows(
    person: str, *, asked: bool, before: int, limit: int
) -> tuple[tuple[Wish, ...], int | None]:
    """Follows that wait for an answer, newest first, and the cursor of the next page.

    Args:
        person: Whose.
        asked: Whether it is they who have asked, and not who is asked.
        before: The cursor of the page above.
        limit: How many at most.
    """
    rows = await follows.pending(person, asked=asked, before=before, limit=limit + 1)
    wishes = [Wish(row["activity_id"], row["follower"], row["followed"]) for row in rows[:limit]]
    return tuple(wishes), rows[limit - 1]["id"] if len(rows) > limit else None


async def find_group(person: str, uri: str) -> str | None:
    """Our id of the group with this conversation actor, if the person has a place in it."""
    rows = await conversations.by_uri([uri])
    if not rows or await find_standing(rows[0]["id"], person) is None:
        return None
    return str(rows[0]["id"])


async def find_invited(person: str, uri: str) -> str | None:
    """Our id of the group that an Invite to a person is about, by its id or the group's."""
    rows = await invitations.by_id([uri])
    if not rows:
        return await find_group(person, uri)
    is_theirs = rows[0]["invitee"] == person
    return await find_group(person, rows[0]["conversation_uri"]) if is_theirs else None


def _older(rows: Sequence[Row], limit: int) -> str:
    return str(rows[limit - 1]["id"]) if len(rows) > limit else ""


async def _entries(rows: Sequence[Row], person: str) -> tuple[BoxedView, ...]:
    """What is deleted, or is by somebody whom the person has blocked, is left out."""
    shown = await shelf({row["id"] for row in rows}, {person})
    places = await views_for({(person, row["conversation_id"]) for row in rows})
    entries: list[BoxedView] = []
    for row in rows:
        view = shown.view(row["id"], person)
        if view is None or view.deleted_at or view.removed_at or view.is_blocked:
            continue
        place = places.get((person, row["conversation_id"]))
        entries.append(BoxedView(view, row["activity_id"], row["reply_to"], place))
    return tuple(entries)
