"""A download is written while it is made; whoever takes it too slowly does not get all of it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

WRITE_TIME_S: Final = 60.0
# What is small goes out together.
GATHERED_BYTES: Final = 64 * 1024

# Gives everything to a function that waits until there is room for more.
Produce = Callable[[Callable[[bytes], Awaitable[None]]], Awaitable[object]]


async def send_download(
    request: web.Request, produce: Produce, *, name: str, media_type: str
) -> tuple[web.StreamResponse, bool]:
    """Send what is produced as a file of this name; answers also whether all of it went out.

    Nothing is buffered but the next piece. Whoever takes nothing for a minute is gone. What breaks
    off is seen to break off, by the reader too.
    """
    response = web.StreamResponse(
        headers={
            hdrs.CONTENT_TYPE: media_type,
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}"',
            hdrs.CACHE_CONTROL: "no-store",
        }
    )
    held = bytearray()

    async def flush() -> None:
        data = bytes(held)
        held.clear()
        async with asyncio.timeout(WRITE_TIME_S):
            await response.write(data)

    async def take(data: bytes) -> None:
        held.extend(data)
        if len(held) >= GATHERED_BYTES:
            await flush()

    try:
        await response.prepare(request)
        await produce(take)
        await flush()
    except (ConnectionError, TimeoutError):
        if request.transport is not None:
            request.transport.abort()
        return response, False
    return response, True
