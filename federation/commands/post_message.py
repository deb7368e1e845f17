"""A person says something in a conversation."""

from typing import Final

from federation.commands.desk import Desk, Made
from federation.commands.meeting import submit_to_all
from federation.commands.preferences import Draft, drop_sent
from federation.commands.preview import wants_cards
from federation.commands.text import judge_text
from federation.pipeline.item import Once, PostMessage
from federation.protocol.card import Card
from federation.protocol.verdict import Refused
from storage.timelines import find_visible_uri

NO_SUCH_MESSAGE: Final = Refused("The message to reply to is not in this conversation.", 422)


# What was said, where and in answer to what are all needed.
async def post_message(  # noqa: PLR0913
    desk: Desk,
    author: str,
    *,
    conversation_id: str,
    text: str,
    characters_max: int,
    reply_to: str = "",
    media_ids: tuple[str, ...] = (),
    card: Card | None = None,
    once: Once | None = None,
) -> Made | Refused:
    """Post a message; answers its id.

    Args:
        desk: What a command needs.
        author: The actor who speaks.
        conversation_id: Where.
        text: Markdown.
        characters_max: The longest message.
        reply_to: Our id of the message that is answered, or "".
        media_ids: The author's uploads that it shows.
        card: What it says of a page that it links to; it goes without if the author wants none.
        once: The key under which a repeat posts nothing more.
    """
    # A picture says enough.
    has_words = bool(text.strip()) or not media_ids
    refused = judge_text(text, characters_max) if has_words else None
    if refused is not None:
        return refused
    answered = await find_visible_uri(reply_to, author, conversation_id) if reply_to else ""
    if answered is None:
        return NO_SUCH_MESSAGE
    if card is not None and not await wants_cards(author):
        # A page that was open, or a queue, may hold one of before: the words are sent all the same.
        card = None
    made = await submit_to_all(
        desk,
        PostMessage(
            author,
            conversation_id,
            text,
            reply_to=answered,
            media_ids=media_ids,
            card=card,
            once=once,
        ),
    )
    if isinstance(made, Made):
        # Only then: what a draft takes along is not swept before the message has it.
        sent = Draft(text, reply_to, media_ids)
        await drop_sent(author, conversation_id, sent, desk.clock())
    return made
