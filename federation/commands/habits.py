"""A person decides what others learn of what they do."""

from storage import habits
from storage.habits import Habits


async def change_habits(person: str, *, receipts: bool | None, typing: bool | None) -> None:
    """Turn receipts or typing notices on or off; None leaves them as they are."""
    held = await habits.get_habits(person)
    await habits.set_habits(
        person,
        Habits(
            receipts=held.receipts if receipts is None else receipts,
            typing=held.typing if typing is None else typing,
        ),
    )
