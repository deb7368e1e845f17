"""A person decides what others learn of what they do."""

from typing import Final
from zoneinfo import available_timezones

from federation.content.quiet import read_minute
from federation.protocol.verdict import Allowed, Refused
from storage import habits
from storage.habits import Habits, Quiet

NO_TIME: Final = Refused("Quiet hours begin and end at times such as 22:30, or never.", 422)
NO_ZONE: Final = Refused("There is no such time zone.", 422)


async def change_habits(
    person: str,
    *,
    receipts: bool | None,
    typing: bool | None,
    presence: bool | None = None,
    previews: bool | None = None,
) -> None:
    """Turn receipts, typing notices, being seen as active or cards of links on or off.

    None leaves it.
    """
    held = await habits.get_habits(person)
    await habits.set_habits(
        person,
        Habits(
            receipts=held.receipts if receipts is None else receipts,
            typing=held.typing if typing is None else typing,
            presence=held.presence if presence is None else presence,
            previews=held.previews if previews is None else previews,
        ),
    )


async def change_quiet(
    person: str, *, start: str | None = None, end: str | None = None, zone: str | None = None
) -> Allowed | Refused:
    """Change when somebody wants to hear nothing; None leaves it, "" is never and nowhere.

    Args:
        person: Whose hours.
        start: A time such as 22:30 in their zone.
        end: Likewise.
        zone: A name of the time zone database.
    """
    held = (await habits.quiet_of([person]))[person]
    changed = _changed(held, start, end, zone)
    if isinstance(changed, Quiet):
        await habits.set_quiet(person, changed)
        return Allowed()
    return changed


def judge_quiet(start: str | None, end: str | None, zone: str | None) -> Allowed | Refused:
    """Whether somebody who has no quiet hours can choose these."""
    changed = _changed(Quiet(), start, end, zone)
    return changed if isinstance(changed, Refused) else Allowed()


def _changed(held: Quiet, start: str | None, end: str | None, zone: str | None) -> Quiet | Refused:
    first = held.start if start is None else read_minute(start)
    last = held.end if end is None else read_minute(end)
    is_unread = (bool(start) and first is None) or (bool(end) and last is None)
    if is_unread or (first is None) != (last is None):
        return NO_TIME
    if zone and zone not in available_timezones():
        return NO_ZONE
    return Quiet(first, last, held.zone if zone is None else zone)
