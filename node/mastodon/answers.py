"""Answers as Mastodon writes them, and what is wrong in its words."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, TypeVar

import msgspec
from aiohttp import hdrs, web

from federation.protocol.verdict import Refused
from node.http.errors import DeclinedError
from node.http.limits import JSON
from node.http.problem import Problem, for_status

T = TypeVar("T")

NOBODY_KNOWN: Final = "The access token is invalid"
OUTSIDE: Final = "This action is outside the authorized scopes"
# What is said of a status where nobody has said more.
TEXTS: Final[Mapping[int, str]] = {
    HTTPStatus.UNAUTHORIZED: NOBODY_KNOWN,
    HTTPStatus.FORBIDDEN: "This action is not allowed",
    HTTPStatus.NOT_FOUND: "Record not found",
    HTTPStatus.GONE: "Record not found",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
}
NOT_FOUND: Final = Problem("not-found")
RETRY_S: Final = 30

# SECURITY: never with credentials: no page elsewhere acts with a cookie of ours;
# tests/mastodon/test_start.py.
CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After,"
        " X-Request-Id, Idempotency-Key"
    ),
}
PREFLIGHT: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Idempotency-Key",
    "Access-Control-Max-Age": "86400",
}


def told(
    document: object, *, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None
) -> web.Response:
    """A document, or a list of them, of which nobody keeps a copy."""
    return web.Response(
        body=msgspec.json.encode(document),
        status=status,
        content_type=JSON,
        headers={hdrs.CACHE_CONTROL: "private, no-store", **(headers or {})},
    )


def wrong(problem: Problem) -> web.Response:
    """What is wrong, as an Error of Mastodon's."""
    response = told({"error": _text(problem)}, status=problem.status, headers=problem.headers)
    if problem.retry_after_s is not None:
        response.headers[hdrs.RETRY_AFTER] = str(problem.retry_after_s)
    if problem.is_last:
        response.force_close()
    return response


def _text(problem: Problem) -> str:
    if problem.status == HTTPStatus.UNPROCESSABLE_ENTITY and problem.detail:
        return f"Validation failed: {problem.detail}"
    return TEXTS.get(problem.status) or problem.detail or problem.title


def done(answer: T | Refused) -> T:
    """What a command or query answered.

    Raises:
        DeclinedError: It has refused.
    """
    if isinstance(answer, Refused):
        raise declined(answer)
    return answer


def declined(refused: Refused) -> DeclinedError:
    """The way out with a refusal."""
    # A policy says no to what was asked, and clients show the words of a 422 alone.
    is_judged = refused.status in {HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_judged else refused.status
    problem = for_status(status, refused.reason)
    if problem.word == "unavailable":
        retry_s = refused.retry_after_s or RETRY_S
        return DeclinedError(Problem(problem.word, problem.detail, retry_after_s=retry_s))
    return DeclinedError(problem)


def found(answer: T | None) -> T:
    """What was found.

    Raises:
        DeclinedError: There is nothing for this caller.
    """
    if answer is None:
        raise DeclinedError(NOT_FOUND)
    return answer


def unprocessable(detail: str) -> DeclinedError:
    """The way out with what cannot be."""
    return DeclinedError(Problem("unprocessable", detail))
