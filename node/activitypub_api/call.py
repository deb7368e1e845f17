"""What a handler of the ActivityPub API reads from its request, and how it answers."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, TypeVar

import msgspec
from aiohttp import hdrs, web

from federation.protocol import strict_json
from federation.protocol.verdict import Refused
from federation.protocol.vocabulary import ACTIVITY_JSON
from node.app_keys import SERVICES, Services
from node.http.errors import ACCOUNT, EXPECTED, DeclinedError, answer
from node.http.limits import API_BODY_BYTES, JSON, read_body
from node.http.problem import Problem, for_status
from node.http.routes import Handler, Scope
from node.identity.bearer import bearer_of, find_token_caller
from node.identity.caller import CALLER, Caller
from node.identity.scopes import covers

T = TypeVar("T")

BODY_TYPES: Final = frozenset({ACTIVITY_JSON, "application/ld+json", JSON})
NOBODY: Final = Problem("unauthorized", headers={"WWW-Authenticate": "Bearer"})
NOT_YOURS: Final = Problem("forbidden", "This is the box of somebody else.")
NOT_FOUND: Final = Problem("not-found")
IN_QUERY: Final = "access_token"

# SECURITY: never with credentials, so that no page elsewhere acts with a cookie of ours;
# tests/activitypub_api/test_boxes.py.
CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, Location, Retry-After, X-Request-Id",
}
PREFLIGHT: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "86400",
}
PRIVATE: Final = {hdrs.CACHE_CONTROL: "private, no-store", hdrs.VARY: "Authorization, Accept"}


def guarded(
    scope: Scope, handler: Handler, now: Callable[[], datetime], *, by_query: bool = False
) -> Handler:
    """A handler for whoever shows a token with this scope; it finds the `Caller` in the request.

    With `by_query` the query may carry the token, since no page can send a header with a stream.

    SECURITY: a cookie says nothing here; tests/network/test_who_may_ask.py. An address below
    `/u/{name}` is for the person of that name alone.
    """

    async def checked(request: web.Request) -> web.StreamResponse:
        token = bearer_of(request) or (request.query.get(IN_QUERY, "") if by_query else "")
        caller = await find_token_caller(token, now())
        if caller is None:
            return NOBODY.response()
        request[ACCOUNT] = caller.account
        if not covers(caller.scopes, scope.value):
            return Problem("forbidden", f"This needs the scope {scope.value}.").response()
        request[CALLER] = caller
        return await handler(request)

    async def polite(request: web.Request) -> web.StreamResponse:
        try:
            response = await checked(request)
        except EXPECTED as error:
            response = answer(error, request)
        if not response.prepared:
            response.headers.update(CORS)
        return response

    return polite


async def preflight(_: web.Request) -> web.Response:
    """What a page asks before it calls."""
    return web.Response(status=204, headers=PREFLIGHT)


def owner_of(request: web.Request) -> Caller:
    """Who calls, at an address that is theirs.

    Raises:
        DeclinedError: It is somebody else's (403).
    """
    caller = caller_of(request)
    if request.match_info["name"] != caller.account:
        raise DeclinedError(NOT_YOURS)
    return caller


def caller_of(request: web.Request) -> Caller:
    """Who calls; the guard has checked it."""
    return request[CALLER]


def services_of(request: web.Request) -> Services:
    """What handlers may use."""
    return request.app[SERVICES]


async def read_document(request: web.Request) -> Mapping[str, Any]:
    """The body as a JSON object.

    Raises:
        DeclinedError: It is no ActivityStreams by its type (415), or too large or too slow.
        RemoteProtocolError: It is no JSON object by our strict rules (400).
    """
    kinds = request.headers.getall(hdrs.CONTENT_TYPE, [])
    if len(kinds) != 1 or request.content_type not in BODY_TYPES:
        problem = Problem("unsupported-media-type", f"The body must be {ACTIVITY_JSON}.")
        raise DeclinedError(problem)
    return strict_json.loads(await read_body(request, API_BODY_BYTES))


def told(document: object, *, status: int = 200, location: str = "") -> web.Response:
    """A document of which nobody keeps a copy."""
    headers = {**PRIVATE, hdrs.CONTENT_TYPE: ACTIVITY_JSON}
    if location:
        headers[hdrs.LOCATION] = location
    return web.Response(body=msgspec.json.encode(document), status=status, headers=headers)


def done(outcome: T | Refused) -> T:
    """What a command or query answered.

    Raises:
        DeclinedError: It has refused.
    """
    if isinstance(outcome, Refused):
        raise declined(outcome)
    return outcome


def declined(refused: Refused) -> DeclinedError:
    """The way out with what is refused."""
    return DeclinedError(for_status(refused.status, refused.reason))


def found(outcome: T | None) -> T:
    """What a query found.

    Raises:
        DeclinedError: There is nothing for this caller.
    """
    if outcome is None:
        raise DeclinedError(NOT_FOUND)
    return outcome
