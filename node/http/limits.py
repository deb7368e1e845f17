"""No body is larger or slower than its address allows."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from aiohttp import hdrs, web

from federation.protocol import strict_json
from node.http.errors import DeclinedError
from node.http.problem import Problem

BODY_TIME_S: Final = 10.0
API_BODY_BYTES: Final = 256 * 1024
JSON: Final = "application/json"


async def read_body(request: web.Request, limit_bytes: int) -> bytes:
    """The whole body.

    Raises:
        DeclinedError: It is larger than the limit (413), not there within 10 s (408), or never
            whole (400).
    """
    too_large = DeclinedError(
        Problem("too-large", f"The limit is {limit_bytes} bytes.", is_last=True)
    )
    if (request.content_length or 0) > limit_bytes:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_TIME_S):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit_bytes:
                    raise too_large
        # Its end was not one, although it looked like it to who waited for the next piece.
        if (fault := request.content.exception()) is not None:
            raise fault
    except TimeoutError as error:
        raise DeclinedError(Problem("timeout", is_last=True)) from error
    except (web.RequestPayloadError, ConnectionError) as error:
        raise DeclinedError(
            Problem("bad-request", "The body is not whole.", is_last=True)
        ) from error
    return bytes(body)


async def read_json(request: web.Request) -> Mapping[str, Any]:
    """The body of an API call as a JSON object; no body is an empty one.

    Raises:
        DeclinedError: It is no JSON by its Content-Type (415), or too large or too slow.
        RemoteProtocolError: It is no JSON object by our strict rules (400).
    """
    body = await read_body(request, API_BODY_BYTES)
    if not body:
        return {}
    kinds = request.headers.getall(hdrs.CONTENT_TYPE, [])
    if len(kinds) != 1 or request.content_type != JSON:
        raise DeclinedError(Problem("unsupported-media-type", f"The body must be {JSON}."))
    return strict_json.loads(body)
