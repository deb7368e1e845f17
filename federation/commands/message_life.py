"""A person edits, deletes or reacts to a message they see."""

from federation.commands.desk import Desk, Made, submit
from federation.commands.meeting import submit_to_all
from federation.commands.text import judge_text
from federation.pipeline.item import DeleteMessage, EditMessage, Once, ReactTo
from federation.protocol.verdict import Refused
from storage.database import Row
from storage.timelines import find_place

NO_SUCH_MESSAGE = Refused("no such message", 404)


# Who says what of which message are all needed.
async def edit_message(
    desk: Desk,
    author: str,
    message_id: str,
    *,
    text: str,
    characters_max: int,
    once: Once | None = None,
) -> Made | Refused:
    """Let a message of one's own say something else; answers its id."""
    refused = judge_text(text, characters_max)
    if refused is not None:
        return refused
    place = await find_place(message_id, author)
    if place is None:
        return NO_SUCH_MESSAGE
    uri, where = _named(place)
    return await submit_to_all(desk, EditMessage(author, where, uri, text, once))


async def delete_message(
    desk: Desk, author: str, message_id: str, *, once: Once | None = None
) -> Made | Refused:
    """Delete a message of one's own, or ask for the removal of another's; answers its id."""
    place = await find_place(message_id, author)
    if place is None:
        return NO_SUCH_MESSAGE
    uri, where = _named(place)
    return await submit(desk, DeleteMessage(author, where, uri, once))


async def react_to(
    desk: Desk, author: str, message_id: str, *, emoji: str, reacts: bool
) -> Made | Refused:
    """React to a message, or no longer; answers its id."""
    place = await find_place(message_id, author)
    if place is None:
        return NO_SUCH_MESSAGE
    uri, where = _named(place)
    return await submit_to_all(desk, ReactTo(author, where, uri, emoji, reacts))


def _named(place: Row) -> tuple[str, str]:
    return str(place["uri"]), str(place["conversation_id"])
