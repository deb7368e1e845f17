"""When a group's home counts as gone, who acts then, and whom a node follows.

Source: groups-protocol.md 12.2
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from federation.groups.state import MEMBER_ROLES, OUTCAST, GroupState
from federation.protocol.verdict import Allowed, Refused, Verdict

GONE_AFTER: Final = timedelta(days=14)
DAYS_TRIED_MIN: Final = 10
TURN: Final = timedelta(days=7)


def is_gone(last_exchange: datetime, days_tried: int, now: datetime) -> bool:
    """Say whether silence makes a home gone: long enough, and broken often enough in vain."""
    return now - last_exchange >= GONE_AFTER and days_tried >= DAYS_TRIED_MIN


def may_act(gone_at: datetime, rank: int, now: datetime) -> bool:
    """Say whether it is this successor's turn, the first one's rank being 0."""
    return now >= gone_at + rank * TURN


def rank_of(mover: str, old: GroupState) -> int | None:
    """Answer how early a mover comes: -1 for the old conversation itself, None for nobody."""
    if mover == old.conversation:
        return -1
    return old.successors.index(mover) if mover in old.successors else None


def carried_over(old: GroupState, conversation: str, *, left: Collection[str]) -> GroupState:
    """Make epoch 1 of the group that continues another, without those who have left it."""
    return replace(
        old,
        conversation=conversation,
        epoch=1,
        members={person: role for person, role in old.members.items() if person not in left},
        successors=(),
        predecessor=old.conversation,
        prev=None,
    )


def continues(old: GroupState, first: GroupState) -> Verdict:
    """Say whether a group's epoch 1 continues another: no new people, and no higher roles."""
    if first.epoch != 1 or first.predecessor != old.conversation:
        return Refused("it does not name the group it continues")
    for person, role in first.members.items():
        if _rank(role) > _rank(old.role_of(person)):
            return Refused("it has new people or higher roles")
    return Allowed()


def _rank(role: str) -> int:
    if role == OUTCAST:
        return -1
    return MEMBER_ROLES.index(role) if role in MEMBER_ROLES else -1


def in_order(movers: Sequence[tuple[str, str]], old: GroupState) -> list[str]:
    """Answer the ids of Moves, by id and mover, the one that wins first."""
    ranked = [(rank_of(mover, old), move) for move, mover in movers]
    return [move for rank, move in sorted((r, m) for r, m in ranked if r is not None)]
