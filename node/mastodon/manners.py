"""Before every address of Mastodon's API: a token with its scope, and errors in Mastodon's form.

SECURITY: a cookie says nothing here, so that no page elsewhere can use one;
tests/network/test_who_may_ask.py.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from node.http.errors import ACCOUNT, EXPECTED, answer, problem_of
from node.http.problem import Problem, for_status
from node.http.routes import Endpoint, Handler, Scope
from node.identity.bearer import bearer_of, find_token_caller
from node.identity.caller import CALLER
from node.identity.scopes import covers
from node.mastodon.answers import CORS, OUTSIDE, PREFLIGHT, told, wrong

NOBODY: Final = Problem("unauthorized", headers={"WWW-Authenticate": "Bearer"})
# Either lets an app see who it acts for.
ALSO: Final = {
    Scope.READ_ACCOUNTS_OR_PROFILE: ("read:accounts", "profile"),
    Scope.READ_STREAMS: ("read:statuses", "read:notifications"),
}
# A page can put no header to a socket or a stream.
STREAMS: Final = "/api/v1/streaming"
DOORS: Final = ("/api/v1/", "/api/v2/")
OFFERED: Final = "Sec-WebSocket-Protocol"


def with_manners(endpoints: Iterable[Endpoint], now: Callable[[], datetime]) -> Iterator[Endpoint]:
    """These endpoints behind the manners of this door, with a slash behind them and without.

    Each path also answers what a page asks before it calls.
    """
    asked = set()
    for endpoint in endpoints:
        handler = _polite(_guarded(endpoint, now))
        for path in (endpoint.path, f"{endpoint.path}/"):
            yield Endpoint(endpoint.method, path, handler, Scope.ANYONE)
            if path not in asked:
                asked.add(path)
                yield Endpoint("OPTIONS", path, _preflight, Scope.ANYONE)


def _guarded(endpoint: Endpoint, now: Callable[[], datetime]) -> Handler:
    if endpoint.scope is Scope.ANYONE:
        return endpoint.handler
    scopes = ALSO.get(endpoint.scope, (endpoint.scope.value,))
    is_stream = endpoint.path.startswith(STREAMS)

    async def guarded(request: web.Request) -> web.StreamResponse:
        token = bearer_of(request) or (_stream_token(request) if is_stream else "")
        caller = await find_token_caller(token, now())
        if caller is None:
            return wrong(NOBODY)
        request[ACCOUNT] = caller.account
        if not any(covers(caller.scopes, scope) for scope in scopes):
            return told({"error": OUTSIDE}, status=HTTPStatus.FORBIDDEN)
        request[CALLER] = caller
        return await endpoint.handler(request)

    return guarded


def _stream_token(request: web.Request) -> str:
    """The token in the query, or in what a socket offers."""
    return request.query.get("access_token", "") or request.headers.get(OFFERED, "")


def _polite(handler: Handler) -> Handler:
    async def polite(request: web.Request) -> web.StreamResponse:
        try:
            response = await handler(request)
        except EXPECTED as error:
            answer(error, request)
            response = wrong(problem_of(error))
        response.headers.update(CORS)
        return response

    return polite


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)


@web.middleware
async def with_known_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What this door does not have is said in its form, so that pages elsewhere may read it."""
    error = request.match_info.http_exception
    if error is None or not request.path.startswith(DOORS):
        return await handler(request)
    if request.method == hdrs.METH_OPTIONS:
        return await _preflight(request)
    response = wrong(for_status(error.status))
    response.headers.update(CORS)
    return response
