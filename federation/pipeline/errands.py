"""What nothing that arrived asks for is asked for by itself: after a time, or by an operator."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from federation.pipeline.accounts import asked_of
from storage import asks
from storage.asks import NewRepair

ROWS_AT_ONCE: Final = 500


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
    await asks.insert([row])


async def ask_all(
    new_id: Callable[[], str], questions: Sequence[tuple[str, str]], at: datetime
) -> None:
    """Ask for many things on our own account, in few statements."""
    for start in range(0, len(questions), ROWS_AT_ONCE):
        part = questions[start : start + ROWS_AT_ONCE]
        await asks.insert(
            [
                NewRepair(new_id(), kind, subject, at, asked_of(kind, subject), "")
                for kind, subject in part
            ]
        )
