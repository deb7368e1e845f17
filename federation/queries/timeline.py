"""Pages of the messages a person sees, in the order that all members see."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.protocol.verdict import Refused
from federation.queries.messages import delivery_of, shelf, shelf_of
from federation.queries.views import DeliveryView, MessageView
from storage import conversation_lists, timelines
from storage.database import together
from storage.times import to_ms

LIMIT_MAX: Final = 100

NO_CONVERSATION: Final = Refused("no such conversation", 404)
NO_CURSOR: Final = Refused("That cursor is not one of ours.", 400)


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """Messages, oldest first.

    Attributes:
        older: The cursor before which there are older ones, or "".
        newer: The cursor after which there are newer ones, or "".
    """

    messages: tuple[MessageView, ...]
    older: str = ""
    newer: str = ""


@together
async def read_page(
    person: str,
    conversation_id: str,
    *,
    before: str = "",
    after: str = "",
    since: datetime | None = None,
    limit: int = 50,
) -> TimelinePage | Refused:
    """A page of a conversation as this person sees it.

    Args:
        person: Who looks.
        conversation_id: Where.
        before: Our id of a message that ends the page, or "".
        after: Our id of a message that the page begins behind, or "".
        since: Without either of them: the page begins with the first message of this moment or
            later. None asks for the newest.
        limit: How many at most; cut to 100.
    """
    if await conversation_lists.find_standing(conversation_id, person) is None:
        return NO_CONVERSATION
    limit = min(limit, LIMIT_MAX)
    cursor = before or after
    if not cursor and since is not None:
        rows = await timelines.since(person, conversation_id, to_ms(since), limit=limit + 1)
    elif not cursor:
        rows = await timelines.newest(person, conversation_id, limit=limit + 1)
    else:
        place = await timelines.find_place(cursor, person)
        if place is None or place["conversation_id"] != conversation_id:
            return NO_CURSOR
        read = timelines.before if before else timelines.after
        rows = await read(person, place, limit=limit + 1)
    has_more, rows = len(rows) > limit, rows[:limit]
    is_upwards = bool(after) or (since is not None and not before)
    if not is_upwards:
        rows = rows[::-1]
    shown = await shelf_of(rows, {person})
    views = [shown.view(row["id"], person) for row in rows]
    messages = tuple([view for view in views if view is not None])
    if not messages:
        return TimelinePage(())
    return TimelinePage(
        messages,
        older=messages[0].id if is_upwards or has_more else "",
        newer=messages[-1].id if before or (is_upwards and has_more) else "",
    )


@together
async def read_on(
    person: str, conversation_id: str, *, behind: MessageView | None, limit: int = LIMIT_MAX
) -> tuple[MessageView, ...]:
    """What this person sees behind a message of a conversation, oldest first.

    Args:
        person: Who looks.
        conversation_id: Where.
        behind: The last one they have read, whether it is still there or not; None begins.
        limit: How many at most.
    """
    t, uri = (to_ms(behind.placed_at), behind.uri) if behind is not None else (0, "")
    rows = await timelines.behind(person, conversation_id, t=t, uri=uri, limit=limit)
    shown = await shelf_of(rows, {person})
    views = [shown.view(row["id"], person) for row in rows]
    return tuple([view for view in views if view is not None])


@together
async def find_message(person: str, message_id: str) -> MessageView | None:
    """One message, if this person sees it."""
    if await timelines.find_place(message_id, person) is None:
        return None
    return (await shelf([message_id], {person})).view(message_id, person)


@together
async def find_delivery(person: str, message_id: str) -> tuple[DeliveryView, ...] | None:
    """What became of a message at each host; None where the person is not its author."""
    place = await timelines.find_place(message_id, person)
    if place is None or place["author_uri"] != person:
        return None
    return (await delivery_of([message_id])).get(message_id, ())
