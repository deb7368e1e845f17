"""PURE: for how long what a rule keeps out is only kept out, and what happens then.

Source: policy.md 6, 12
"""

from datetime import timedelta
from typing import Final, NamedTuple

from federation.policy.rule import Policy

GRACE: Final = timedelta(days=30)
AFTER_GRACE: Final = "after-grace"


class Undo(NamedTuple):
    """What `[policy.undo]` says.

    Attributes:
        grace: Before its end nothing is purged, unless somebody insists.
        is_purged: Whether it is purged by itself then.
    """

    grace: timedelta = GRACE
    is_purged: bool = False


def undo_of(policy: Policy) -> Undo:
    """What is written, or what holds where nothing is."""
    written = policy.tables.get("undo", {})
    grace = written.get("grace", GRACE)
    return Undo(
        grace if isinstance(grace, timedelta) else GRACE, written.get("purge") == AFTER_GRACE
    )
