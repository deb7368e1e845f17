"""What comes of one GET of the client: an answer within its bounds, or where it leads."""

from collections.abc import Callable
from dataclasses import dataclass

import aiohttp
from yarl import URL

from federation.protocol.uri import same_origin
from federation.transport.answer import Answer, headers_of, read_capped
from federation.transport.failure import BadAnswer, Forbidden
from federation.transport.target import redirected

REDIRECTS_MAX = 3
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})

# Told where was asked, and who answered.
MayEndAt = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class Moved:
    """A redirect to follow."""

    to: str
    status: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a GET goes.

    Attributes:
        may_end_at: Whether redirects from one URL may end at another.
        is_cut: Whether a longer body is taken as far as that.
    """

    max_bytes: int
    hops: int = REDIRECTS_MAX
    may_end_at: MayEndAt = same_origin
    is_cut: bool = False


async def taken(
    answer: aiohttp.ClientResponse, target: URL, bounds: Bounds, *, allow_http: bool
) -> Answer | BadAnswer | Forbidden | Moved:
    """What an answer that has begun is within its bounds, or where it leads."""
    location = answer.headers.get("Location")
    if answer.status in REDIRECT_STATUSES and location is not None:
        to = redirected(str(target), location, allow_http=allow_http)
        return to if isinstance(to, Forbidden) else Moved(to, answer.status)
    if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
        return BadAnswer("an encoded body", answer.status)
    body = await read_capped(answer, bounds.max_bytes)
    if len(body) > bounds.max_bytes and not bounds.is_cut:
        return BadAnswer("a body over its cap", answer.status)
    return Answer(answer.status, headers_of(answer), body[: bounds.max_bytes], str(target))
