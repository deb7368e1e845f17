"""A person takes whom they have blocked or muted along, and brings such a list with them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.commands import hush
from federation.commands.desk import Desk
from federation.commands.people import find_known
from federation.content.people_csv import read_people
from federation.protocol.verdict import Refused

NO_LIST: Final = Refused("This is no list of addresses.", 422)
# So many strangers' servers are asked at once, and by one list.
AT_ONCE: Final = 8
ASKED_MAX: Final = 100

# Blocks or mutes somebody by their address; answers their id.
Take = Callable[[Desk, str, str], Awaitable[str | Refused]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a list.

    Attributes:
        taken: How many people of it are blocked or muted by now.
        left: How many are not: nobody is found there, or it names too many at once.
    """

    taken: int
    left: int


TAKES: Final[Mapping[str, Take]] = {"blocks": hush.block, "mutes": hush.mute}


async def bring_list(desk: Desk, person: str, name: str, data: bytes) -> Taken | Refused:
    """Block or mute everybody in a list of this name.

    Who is known here goes first; of others so many are looked up, and the rest by another go.
    """
    accts = read_people(data)
    if accts is None:
        return NO_LIST
    known: list[str] = []
    others: list[str] = []
    for acct in accts:
        (others if await find_known(desk, acct) is None else known).append(acct)
    wanted = [*known, *others[:ASKED_MAX]]
    taken = 0
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        taken += _successes(
            await asyncio.gather(*(TAKES[name](desk, person, acct) for acct in part))
        )
    return Taken(taken, len(accts) - taken)


def _successes(found: Sequence[str | Refused]) -> int:
    return sum(1 for one in found if isinstance(one, str))
