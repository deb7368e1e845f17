"""How far back somebody who comes into a group may read what arrived at its home.

Source: groups-protocol.md 9.4
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

SHARED: Final = "shared"
INVITED: Final = "invited"


@dataclass(frozen=True, slots=True)
class Rule:
    """How far back a group lets people read what arrives from a moment on."""

    at: datetime
    history: str


@dataclass(frozen=True, slots=True)
class Window:
    """What arrived after one moment and not after another, which is None for ever."""

    since: datetime
    until: datetime | None


def windows(rules: Sequence[Rule], *, invited_at: datetime | None) -> tuple[Window, ...]:
    """When what arrived may be read by somebody who is let in now.

    What is set later changes nothing about what arrived before it.

    Args:
        rules: One for each epoch, in their order.
        invited_at: Since when an invitation of theirs has been open; None for a link.
    """
    ends = [*(rule.at for rule in rules[1:]), None]
    found: list[Window] = []
    for rule, until in zip(rules, ends, strict=True):
        since = _since(rule, invited_at)
        if since is None or (until is not None and since >= until):
            continue
        if found and found[-1].until == since:
            since = found.pop().since
        found.append(Window(since, until))
    return tuple(found)


def _since(rule: Rule, invited_at: datetime | None) -> datetime | None:
    if rule.history == SHARED:
        return rule.at
    if rule.history == INVITED and invited_at is not None:
        return max(rule.at, invited_at)
    return None
