"""Whose memberships end when hosts are kept out, and how they are ended.

Members there are removed from groups whose home is here; our people leave groups whose home is
there. Both happen as repairs, so that they happen once, whenever the node runs.

Source: groups-protocol.md 11.5
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.pipeline import errands
from federation.policy.statement import hosts_of
from storage import policy_rules
from storage.database import Row, wake

IsOut = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Parting:
    """Whose membership of which group ends."""

    conversation_id: str
    person: str


@dataclass(frozen=True, slots=True)
class Partings:
    """All memberships that end.

    Attributes:
        removed: Members elsewhere of groups whose home is here.
        leaving: People here in groups whose home is elsewhere.
    """

    removed: tuple[Parting, ...] = ()
    leaving: tuple[Parting, ...] = ()


async def find_partings(is_out: IsOut, *, like: str = "") -> Partings:
    """The memberships that end with hosts.

    Args:
        is_out: Whether nothing is exchanged with a host any more.
        like: What is in the names of all of them, if anything is.
    """
    return Partings(
        _out(await policy_rules.members_like(like), is_out),
        _out(await policy_rules.guests_like(like), is_out),
    )


async def part(found: Partings, *, new_id: Callable[[], str], now: datetime) -> None:
    """Let these memberships end soon; inside the transaction that changes the rules."""
    by_kind = (("expel", found.removed), ("part", found.leaving))
    asked = [
        (kind, f"{one.conversation_id} {one.person}") for kind, ends in by_kind for one in ends
    ]
    await errands.ask_all(new_id, asked, now)
    await wake("repair")


def _out(rows: Sequence[Row], is_out: IsOut) -> tuple[Parting, ...]:
    return tuple(
        Parting(row["conversation_id"], row["person"])
        for row in rows
        if any(map(is_out, hosts_of(row["place"])))
    )
