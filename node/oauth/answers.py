"""Programs are answered in JSON, errors too, from whatever page they run in."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import hdrs, web

from node.http.errors import EXPECTED, answer, problem_of
from node.http.limits import JSON
from node.http.problem import Problem
from node.http.routes import Endpoint, Handler, Scope

# What RFC 6749 section 5.2 has words for, as clients of Mastodon know it.
DESCRIPTIONS: Final[Mapping[str, str]] = {
    "invalid_request": (
        "The request is missing a required parameter, includes an unsupported parameter value, or"
        " is otherwise malformed."
    ),
    "invalid_client": (
        "Client authentication failed due to unknown client, no client authentication included, or"
        " unsupported authentication method."
    ),
    "invalid_grant": (
        "The provided authorization grant is invalid, expired, revoked, does not match the"
        " redirection URI used in the authorization request, or was issued to another client."
    ),
    "invalid_scope": "The requested scope is invalid, unknown, or malformed.",
    "unauthorized_client": (
        "The client is not authorized to perform this request using this method."
    ),
    "unsupported_grant_type": (
        "The authorization grant type is not supported by the authorization server."
    ),
}
INVALID: Final = "The access token is invalid"
OUTSIDE: Final = "This action is outside the authorized scopes"

# SECURITY: never with credentials: no page elsewhere acts with a cookie of ours;
# tests/oauth/test_metadata.py.
CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Link, Retry-After, X-Request-Id, WWW-Authenticate",
}
PREFLIGHT: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "86400",
}
NEVER_STORED: Final = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def told(
    document: Mapping[str, Any],
    *,
    status: int = HTTPStatus.OK,
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """A document for a program; nobody stores it."""
    return web.Response(
        body=msgspec.json.encode(document),
        status=status,
        content_type=JSON,
        headers={**NEVER_STORED, **(headers or {})},
    )


def declined(
    error: str,
    *,
    status: int = HTTPStatus.BAD_REQUEST,
    description: str = "",
    headers: Mapping[str, str] | None = None,
) -> web.Response:
    """An error in the words of RFC 6749."""
    text = description or DESCRIPTIONS[error]
    return told({"error": error, "error_description": text}, status=status, headers=headers)


def refused(status: int, text: str) -> web.Response:
    """An error as Mastodon's API writes it."""
    headers = {"WWW-Authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else None
    return told({"error": text}, status=status, headers=headers)


def for_programs(method: str, path: str, handler: Handler) -> tuple[Endpoint, ...]:
    """An address for programs and its preflight; whatever goes wrong there is told in JSON."""

    async def answered(request: web.Request) -> web.StreamResponse:
        try:
            response = await handler(request)
        except EXPECTED as error:
            if isinstance(error, web.HTTPException) and error.status < HTTPStatus.BAD_REQUEST:
                raise
            answer(error, request)
            response = _in_json(problem_of(error))
        response.headers.update(CORS)
        return response

    return (
        Endpoint(method, path, answered, Scope.ANYONE),
        Endpoint("OPTIONS", path, _preflight, Scope.ANYONE),
    )


async def _preflight(_: web.Request) -> web.Response:
    return web.Response(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)


def _in_json(problem: Problem) -> web.Response:
    if problem.status == HTTPStatus.BAD_REQUEST:
        response = declined("invalid_request", description=problem.detail)
    else:
        response = told({"error": problem.detail or problem.title}, status=problem.status)
    if problem.retry_after_s is not None:
        response.headers[hdrs.RETRY_AFTER] = str(problem.retry_after_s)
    if problem.is_last:
        response.force_close()
    return response
