"""Protection that was raised, until it ends; it survives a restart."""

from datetime import datetime
from typing import Any, Final

import msgspec

from storage.policy_rules import changed
from storage.settings import drop_setting, find_setting, put_setting
from storage.times import from_ms, to_ms

SHIELDS: Final = "policy_shields"


async def find() -> tuple[datetime, datetime, str] | None:
    """Since when, until when and why protection is raised; None if it is not."""
    held = await find_setting(SHIELDS)
    if held is None:
        return None
    told = msgspec.json.decode(held, type=dict[str, Any])
    return from_ms(told["since"]), from_ms(told["until"]), str(told["reason"])


async def put(since: datetime, until: datetime, reason: str, version: str) -> None:
    """Raise protection, of which every process hears. Inside a transaction."""
    told = {"since": to_ms(since), "until": to_ms(until), "reason": reason}
    await put_setting(SHIELDS, msgspec.json.encode(told).decode())
    await changed(version)


async def drop(version: str) -> None:
    """Protection is raised no longer. Inside a transaction."""
    await drop_setting(SHIELDS)
    await changed(version)
