"""A person decides who may write to them and invite them, and whether followers need their yes."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from federation.groups.doors import CHOICES
from federation.pipeline import errands, new_keys
from federation.protocol.verdict import Allowed, Refused
from storage import doors
from storage.database import transaction, wake

NOBODY: Final = Refused("There is no such account.", 404)
NO_CHOICE: Final = Refused("Who may write or invite is one of: anyone, requests, contacts.", 422)
LEVELS: Final = ("writers", "inviters")
SWITCHES: Final = ("trusts_followed", "mates_ask", "approves_followers")


async def change_doors(
    person: str, wanted: Mapping[str, str | bool], *, new_id: Callable[[], str], now: datetime
) -> Allowed | Refused:
    """Change what a local person has chosen; others are told as soon as the node runs.

    Args:
        person: Whose.
        wanted: By the names in `LEVELS` and `SWITCHES` what shall be so from here on.
        new_id: Names what is to be done.
        now: When.
    """
    verdict = judge_doors(wanted)
    if isinstance(verdict, Refused):
        return verdict
    async with transaction():
        held = (await doors.of_people([person])).get(person)
        if held is None:
            return NOBODY
        said: dict[str, Any] = {**asdict(held), **wanted}
        changed = doors.Choices(**said)
        if changed != held:
            await doors.set_choices(person, changed)
            # As for new keys, the newest document goes to everybody who knows them.
            await errands.ask(new_id, (new_keys.KIND, person), now)
            await wake("repair")
    return Allowed()


def judge_doors(wanted: Mapping[str, str | bool]) -> Allowed | Refused:
    """Whether that can be chosen."""
    is_known = all(wanted[name] in CHOICES for name in LEVELS if name in wanted)
    return Allowed() if is_known else NO_CHOICE
