"""A person brings lists of whom they follow, have blocked or muted, and which servers they hide."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from federation.commands import follow, hush
from federation.commands.desk import Desk
from federation.commands.people import find_known
from federation.content.people_csv import read_hosts, read_people
from federation.protocol.verdict import Refused

NO_LIST: Final = Refused("This is no list of addresses.", 422)
# So many strangers' servers are asked at once, and by one list.
AT_ONCE: Final = 8
ASKED_MAX: Final = 100

# Follows, blocks or mutes somebody by their address; answers their id.
Take = Callable[[Desk, str, str], Awaitable[str | Refused]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of a list.

    Attributes:
        taken: How many of it are followed, blocked or muted by now.
        left: How many are not: nobody is found there, or it names too many at once.
        asked: How many strangers were looked up for that.
    """

    taken: int
    left: int
    asked: int = field(default=0, compare=False)


async def _follow(desk: Desk, person: str, acct: str) -> str | Refused:
    done = await follow.follow(desk, person, acct)
    return done if isinstance(done, Refused) else done[0]


TAKES: Final[Mapping[str, Take]] = {
    "blocks": hush.block,
    "mutes": hush.mute,
    "follows": _follow,
}


async def bring_hosts(desk: Desk, person: str, data: bytes) -> Taken | Refused:
    """Hide the people of every server in a list."""
    hosts = read_hosts(data)
    if hosts is None:
        return NO_LIST
    done = [await hush.block_host(desk, person, host) for host in hosts]
    taken = _successes(done)
    return Taken(taken, len(hosts) - taken)


async def bring_list(
    desk: Desk, person: str, name: str, data: bytes, *, asked_max: int = ASKED_MAX
) -> Taken | Refused:
    """Follow, block or mute everybody in a list of this name.

    Who is known here goes first; of others so many are looked up, and the rest by another go.
    """
    accts = read_people(data)
    if accts is None:
        return NO_LIST
    known: list[str] = []
    others: list[str] = []
    for acct in accts:
        (others if await find_known(desk, acct) is None else known).append(acct)
    asked = others[:asked_max]
    wanted = [*known, *asked]
    taken = 0
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        taken += _successes(
            await asyncio.gather(*(TAKES[name](desk, person, acct) for acct in part))
        )
    return Taken(taken, len(accts) - taken, len(asked))


def _successes(found: Sequence[str | Refused]) -> int:
    return sum(1 for one in found if isinstance(one, str))
