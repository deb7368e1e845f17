"""Conversations and messages as clients of Mastodon's API page through them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from federation.protocol.verdict import Refused
from federation.queries.conversations import FILTERS, views_for
from federation.queries.messages import shelf
from federation.queries.numbered_views import AnsweredView
from federation.queries.timeline import read_page
from federation.queries.views import ConversationView, MessageView
from storage import client_pages, numbers, timelines
from storage.client_pages import Span
from storage.database import together
from storage.numbers import MESSAGES

AROUND_MAX: Final = 100
INSIDE: Final = tuple(sorted(state.value for state in FILTERS["joined"]))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which page is asked for, by numbers of messages; None says nothing.

    Attributes:
        max_number: Only what is older.
        since_number: Only what is newer, the newest first.
        min_number: Only what is newer, that which comes next.
    """

    limit: int
    max_number: int | None = None
    since_number: int | None = None
    min_number: int | None = None


@dataclass(frozen=True, slots=True)
class ConversationPage:
    """Conversations, the one with the newest message first.

    Attributes:
        has_older: Whether there are more behind the last of them.
    """

    conversations: tuple[ConversationView, ...] = ()
    has_older: bool = False


async def page_of_conversations(person: str, wanted: Wanted) -> ConversationPage:
    """A page of the conversations that a person is in and somebody has written in."""
    upwards = wanted.min_number is not None
    above = wanted.min_number if upwards else wanted.since_number
    span = Span()
    if wanted.max_number is not None:
        span = Span(below=await _place(wanted.max_number, person))
    if above is not None:
        span = Span(below=span.below, above=await _place(above, person))
    rows = await client_pages.places(person, INSIDE, span, limit=wanted.limit + 1, upwards=upwards)
    has_more, rows = len(rows) > wanted.limit, rows[: wanted.limit]
    if upwards:
        rows = rows[::-1]
    views = await views_for({(person, row["conversation_id"]) for row in rows})
    found = [views.get((person, row["conversation_id"])) for row in rows]
    shown = tuple(view for view in found if view is not None and view.last_message is not None)
    return ConversationPage(shown, has_older=upwards or has_more)


async def _place(number: int, person: str) -> tuple[int, str]:
    """Where a message stands; where it would have stood, if it is not there."""
    message_id = await numbers.find_name(MESSAGES, number)
    place = await timelines.find_place(message_id, person) if message_id else None
    if place is not None:
        return place["t"], place["uri"]
    return numbers.made_at_ms(number), ""


async def find_numbered(person: str, asked: Sequence[int]) -> tuple[MessageView, ...]:
    """Those of the messages with these numbers that a person sees, in the order asked."""
    names = await numbers.names_of(MESSAGES, asked)
    seen = {row["id"] for row in await timelines.visible(list(names.values()), person)}
    shown = await shelf(seen, {person})
    ids = [names[number] for number in asked if names.get(number) in seen]
    views = [shown.view(message_id, person) for message_id in ids]
    return tuple(view for view in views if view is not None and is_there(view))


def is_there(view: MessageView) -> bool:
    """Whether a message can be shown at all."""
    return view.deleted_at is None and view.removed_at is None


async def around(
    person: str, view: MessageView
) -> tuple[tuple[MessageView, ...], tuple[MessageView, ...]]:
    """What stands before a message and behind it in its conversation, in the order shown."""
    pages = [
        await read_page(person, view.conversation_id, before=view.id, limit=AROUND_MAX),
        await read_page(person, view.conversation_id, after=view.id, limit=AROUND_MAX),
    ]
    before, behind = (
        () if isinstance(page, Refused) else tuple(one for one in page.messages if is_there(one))
        for page in pages
    )
    return before, behind


@together
async def answered_by(person: str, message_ids: Collection[str]) -> dict[str, AnsweredView]:
    """What each of these messages answers, or the one before it, by message."""
    rows = await client_pages.answered(person, message_ids)
    return {row["message_id"]: AnsweredView(row["id"], row["author_uri"]) for row in rows}


async def find_exactly(person: str, people: Collection[str]) -> str | None:
    """The conversation of a person and exactly these others that was used last."""
    return await client_pages.of_exactly(person, INSIDE, people)
