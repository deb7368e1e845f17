"""Events as people are told of them: whatever their number, a few queries render them."""

from collections.abc import Sequence
from typing import Final

from federation.queries.conversations import views_for
from federation.queries.messages import shelf
from federation.queries.views import Told
from storage import events, incarnation
from storage.database import together
from storage.events import Event

OF_A_MESSAGE: Final = frozenset({"message", "message.updated", "message.deleted", "reaction"})
CONVERSATION: Final = "conversation"


async def render(batch: Sequence[Event]) -> list[Told]:
    """Events, of any number of people, as each is shown theirs, in their order.

    What is there no more, or no longer for that person, is left out.
    """
    of_messages = [event for event in batch if event.type in OF_A_MESSAGE]
    messages = await shelf(
        {event.message_id for event in of_messages}, {event.account_uri for event in of_messages}
    )
    conversations = await views_for(
        {
            (event.account_uri, event.conversation_id)
            for event in batch
            if event.type == CONVERSATION
        }
    )
    told: list[Told] = []
    for event in batch:
        if event.type in OF_A_MESSAGE:
            message = messages.view(event.message_id, event.account_uri)
            if message is not None:
                told.append(Told(event.id, event.account_uri, event.type, message))
        elif event.type == CONVERSATION:
            conversation = conversations.get((event.account_uri, event.conversation_id))
            if conversation is not None:
                told.append(Told(event.id, event.account_uri, event.type, conversation))
        else:
            told.append(Told(event.id, event.account_uri, event.type, None, event.data))
    return told


@together
async def read_for(person: str, after: int, *, limit: int) -> tuple[list[Told], int]:
    """A person's events behind a number, and the number to go on from; that again at the end."""
    batch = await events.read_for(person, after, limit=limit)
    return await render(batch), batch[-1].id if batch else after


async def stream_name() -> str:
    """What numbers of this database's events belong to; a restored copy has another."""
    return await incarnation.get_incarnation()


async def newest() -> int:
    """The number of the last event of anybody."""
    return await events.get_newest_id()


async def is_held(number: int) -> bool:
    """Whether everything told after this number is still there."""
    oldest, last = await events.get_bounds()
    return oldest - 1 <= number <= last
