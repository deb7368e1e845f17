"""Behind this guard a handler runs only for a caller who may call it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from aiohttp import web

from node.http.errors import ACCOUNT
from node.http.problem import Problem
from node.http.routes import GUARDED, Handler, Scope
from node.identity.bearer import find_bearer_caller, has_bearer
from node.identity.caller import CALLER, Caller
from node.identity.csrf import check_session_call
from node.identity.scopes import covers
from node.identity.sessions import find_session_caller

CHALLENGE: Final = {"WWW-Authenticate": "Bearer"}
NOBODY: Final = Problem("unauthorized", headers=CHALLENGE)


class ApiGuard:
    """The guard of `/api/covey/v1`: a bearer token, or the web session with its CSRF token.

    A request with both is judged by the token alone.
    """

    def __init__(self, base_url: str, now: Callable[[], datetime]) -> None:
        self._base_url = base_url
        self._now = now

    def __call__(self, scope: Scope, handler: Handler) -> Handler:
        """The handler behind the check its scope asks for; it finds the `Caller` in the request."""
        if scope not in GUARDED:
            return handler

        async def guarded(request: web.Request) -> web.StreamResponse:
            caller = await self._who(request)
            if isinstance(caller, Problem):
                return caller.response()
            request[ACCOUNT] = caller.account
            if not covers(caller.scopes, scope.value):
                problem = Problem("forbidden", f"This needs the scope {scope.value}.")
                return problem.response()
            request[CALLER] = caller
            return await handler(request)

        return guarded

    async def _who(self, request: web.Request) -> Caller | Problem:
        if has_bearer(request):
            return await find_bearer_caller(request, self._now()) or NOBODY
        caller = await find_session_caller(request, base_url=self._base_url, now=self._now())
        if caller is None:
            return NOBODY
        problem = check_session_call(request, csrf=caller.csrf, base_url=self._base_url)
        return problem or caller
