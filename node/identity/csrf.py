"""A request that rides on a cookie must come from our own pages."""

import hmac
from typing import Final

from aiohttp import hdrs, web

from node.http.problem import Problem

HEADER: Final = "X-CSRF-Token"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def check_origin(request: web.Request, base_url: str) -> Problem | None:
    """The problem with a form or call that another site has sent, if any."""
    if request.method in SAFE_METHODS:
        return None
    if request.headers.getall(hdrs.ORIGIN, []) == [base_url]:
        return None
    return Problem("forbidden", "The request does not come from a page of this node.")


def check_session_call(request: web.Request, *, csrf: str, base_url: str) -> Problem | None:
    """The problem with an API call that carries a session cookie, if any.

    Unsafe methods need our Origin and the session's own token.
    """
    if request.method in SAFE_METHODS:
        return None
    foreign = check_origin(request, base_url)
    if foreign is not None:
        return foreign
    sent = request.headers.get(HEADER, "")
    if csrf and hmac.compare_digest(sent.encode(), csrf.encode()):
        return None
    return Problem("forbidden", f"The {HEADER} header is missing or wrong.")
