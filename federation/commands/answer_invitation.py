"""A person says yes or no to an invitation, or to a stranger's direct conversation."""

from federation.commands.desk import Desk, Made, submit
from federation.pipeline.item import AnswerInvitation, Once
from federation.protocol.verdict import Refused


async def accept(
    desk: Desk, author: str, conversation_id: str, *, once: Once | None = None
) -> Made | Refused:
    """Say yes; a membership begins when the conversation's home confirms it."""
    return await submit(desk, AnswerInvitation(author, conversation_id, accepts=True, once=once))


async def decline(
    desk: Desk, author: str, conversation_id: str, *, once: Once | None = None
) -> Made | Refused:
    """Say no."""
    return await submit(desk, AnswerInvitation(author, conversation_id, accepts=False, once=once))
