"""What one process does for all belongs to it for a time, which it prolongs while it lives."""

from datetime import datetime, timedelta

from storage.database import exclusive, transaction
from storage.settings import find_setting, put_setting, take_setting
from storage.times import from_ms, to_ms


async def take(name: str, token: str, now: datetime, *, lasts: timedelta) -> bool:
    """Take or prolong a lease; False while somebody else has it.

    Args:
        name: What is leased.
        token: Of whoever takes it, without spaces.
        now: The time.
        lasts: For how long, if it is not prolonged.
    """
    async with transaction():
        await exclusive(_key(name))
        holder, _, until = (await find_setting(_key(name)) or "").partition(" ")
        if holder and holder != token and now < from_ms(int(until)):
            return False
        await put_setting(_key(name), f"{token} {to_ms(now + lasts)}")
    return True


async def give_back(name: str, token: str) -> None:
    """Let others have it at once, if it is still this one's."""
    held = await find_setting(_key(name)) or ""
    if held.partition(" ")[0] == token:
        await take_setting(_key(name), held)


def _key(name: str) -> str:
    return f"lease {name}"
