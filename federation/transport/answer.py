"""What a server answered, read no further than a cap."""

from collections.abc import Mapping
from dataclasses import dataclass

import aiohttp


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered, whatever its status.

    Attributes:
        headers: Names in lower case; the values of a repeated header joined with ", ".
        url: Whose answer this is, after redirects, without fragment.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str


async def read_capped(answer: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The body; of one over its cap a little more than the cap, and its connection is closed."""
    if answer.content.at_eof():
        return b""
    parts: list[bytes] = []
    size = 0
    async for part in answer.content.iter_any():
        parts.append(part)
        size += len(part)
        if size > max_bytes:
            answer.close()
            break
    return b"".join(parts)


def headers_of(answer: aiohttp.ClientResponse) -> Mapping[str, str]:
    """The headers as `Answer` holds them."""
    headers: dict[str, str] = {}
    for name, value in answer.headers.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return headers
