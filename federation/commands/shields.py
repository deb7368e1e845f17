"""The operator raises protection for some hours; it ends by itself, or when they say so.

Source: policy.md 11
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from federation.commands.deeds import SYSTEM, By, note
from federation.policy.rule import Policy
from federation.policy.shields import Raised, raised_for
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Allowed, Refused
from storage import shields
from storage.database import transaction

RAISED: Final = "shields.raised"
LOWERED: Final = "shields.lowered"
ENDED: Final = "shields.ended"
ABOUT: Final = "shields"
NOT_RAISED: Final = Refused("Protection is not raised.", 409)


async def up(
    policy: Policy, length: timedelta | None, reason: str, *, version: str, now: datetime, by: By
) -> Raised | Refused:
    """Raise protection, or go on with it from now.

    Args:
        policy: What the configuration says.
        length: For how long; None for what the configuration says.
        reason: For the people here to read.
        version: A name that no set of rules has had.
        now: When.
        by: Who does it.
    """
    raised = raised_for(policy, now, length, reason)
    if isinstance(raised, Refused):
        return raised
    async with transaction():
        await shields.put(raised.since, raised.until, raised.reason, version)
        told = {"until": format_time(raised.until), "reason": reason or None}
        detail = json.dumps({key: value for key, value in told.items() if value})
        await note(by, RAISED, ABOUT, now, detail=detail)
    return raised


async def down(*, version: str, now: datetime, by: By) -> Allowed | Refused:
    """Lower it before it ends."""
    async with transaction():
        held = await _held()
        if held is None or not held.holds(now):
            return NOT_RAISED
        await shields.drop(version)
        await note(by, LOWERED, ABOUT, now)
    return Allowed()


async def _held() -> Raised | None:
    found = await shields.find()
    return Raised(*found) if found is not None else None


async def note_end(*, new_id: Callable[[], str], now: datetime) -> int:
    """Write down that it has ended by itself; answers how often, 0 or 1."""
    async with transaction():
        held = await _held()
        if held is None or held.holds(now):
            return 0
        await shields.drop(new_id())
        await note(SYSTEM, ENDED, ABOUT, now)
    return 1
