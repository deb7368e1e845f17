"""What one process does for all of them: the one that holds a lease."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import timedelta
from typing import Any, Final

from node.clock import Clock
from storage import leases
from storage.errors import StorageError

# It is another's when that one has said nothing for so long.
LEASE_FOR: Final = timedelta(seconds=60)
RENEW_EVERY_S: Final = 20.0
GIVE_BACK_WITHIN_S: Final = 2.0


async def alone(
    job: Callable[[], Coroutine[Any, Any, None]], name: str, token: str, clock: Clock
) -> None:
    """Do something in one process at a time: the one that holds the lease.

    A process that ends gives it back; one that dies or hangs loses it within a minute.
    """
    doing: asyncio.Task[None] | None = None
    try:
        while True:
            is_ours = await _leased(name, token, clock)
            if is_ours and doing is None:
                doing = asyncio.create_task(job())
            elif not is_ours and doing is not None:
                await _ended(doing)
                doing = None
            await asyncio.sleep(RENEW_EVERY_S)
    finally:
        if doing is not None:
            await _ended(doing)
        with suppress(StorageError, TimeoutError):
            async with asyncio.timeout(GIVE_BACK_WITHIN_S):
                await leases.give_back(name, token)


async def _leased(name: str, token: str, clock: Clock) -> bool:
    try:
        return await leases.take(name, token, clock.now(), lasts=LEASE_FOR)
    except StorageError:
        # Nobody can know whose it is: whoever had it stops.
        return False


async def _ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
