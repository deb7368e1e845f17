"""What nothing that arrived asks for is asked for by itself: after a time, or by an operator."""

from collections.abc import Callable
from datetime import datetime

from federation.pipeline.accounts import asked_of
from storage import repairs
from storage.repairs import NewRepair


async def ask(
    new_id: Callable[[], str],
    question: tuple[str, str],
    at: datetime,
    *,
    asked: str = "",
    cause: str = "",
) -> None:
    """Ask for something; asking again for the same changes nothing.

    Args:
        new_id: Names the repair.
        question: Its kind and subject.
        at: When it is due.
        asked: The domain whose servers answer, "" if the subject says it.
        cause: The domain on whose account that is; "" for our own.
    """
    kind, subject = question
    row = NewRepair(new_id(), kind, subject, at, asked or asked_of(kind, subject), cause)
    await repairs.insert([row])
