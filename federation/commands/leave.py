"""A person leaves a group, which counts at once and needs nobody's leave."""

from federation.commands.desk import Desk, Made, submit
from federation.pipeline.item import LeaveConversation, Once
from federation.protocol.verdict import Refused


async def leave(
    desk: Desk, author: str, conversation_id: str, *, once: Once | None = None
) -> Made | Refused:
    """Leave a group; answers its id."""
    return await submit(desk, LeaveConversation(author, conversation_id, once))
