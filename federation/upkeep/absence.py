"""A node notes when it had been out of everybody's reach, so that as a home it can make way."""

from datetime import datetime
from typing import Final

from federation.groups.succession import GONE_AFTER
from storage.homes import find_last_exchange
from storage.settings import put_setting
from storage.times import to_ms

ABSENCE: Final = "absence"


async def note(now: datetime) -> None:
    """Keep from when to when nothing passed between this node and any other.

    Source: groups-protocol.md 12.2, a home that returns
    """
    last = await find_last_exchange()
    if last is not None and now - last >= GONE_AFTER:
        await put_setting(ABSENCE, f"{to_ms(last)} {to_ms(now)}")
