"""What is shaped oddly reaches no handler, and whatever goes wrong is a problem document.

Somebody who asked with a browser gets that problem as a page.
"""

import re
from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware

from node.http.errors import IS_LOGGED, answer, log_refusal
from node.http.negotiate import wants_page
from node.http.problem import PROBLEM, Problem

# SECURITY: what a router or a proxy may read in two ways; test_middleware.py tries each. So is
# what is escaped without need: letters, digits and -._~ have one spelling.
ODD_PATH: Final = re.compile(
    r"//|;|\\|/\.{1,2}(?:/|$)|%(?:2[dDeEfF5]|3[0-9bB]|[46][1-9a-fA-F]|[57][0-9aA]|5[cCfF]|7[eE]|00)"
    r"|%(?![0-9a-fA-F]{2})|[\x00-\x20\x7f-\uffff]"
)
PLAIN_PATH: Final = re.compile(r"(?:/[A-Za-z0-9_~@:-][A-Za-z0-9_.~@:-]*)*/?")

DEFAULT_PORTS: Final = {"https": 443, "http": 80}
READING: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
# Its errors are documents for everybody.
API: Final = "/api/"

Check = Callable[[web.Request], Problem | None]
Draw = Callable[[web.Request, Problem], web.Response]


def hosts_of(base_url: str) -> tuple[str, ...]:
    """Every value of `Host` that names this node: with its port, where nobody must write it."""
    parts = urlsplit(base_url)
    if parts.port is not None:
        return (parts.netloc,)
    return (parts.netloc, f"{parts.netloc}:{DEFAULT_PORTS[parts.scheme]}")


def manners(hosts: Collection[str], anywhere: Collection[str] = ()) -> Middleware:
    """The checks of security.md 2.1 step 0 that hold for every address.

    Args:
        hosts: Every value of `Host` this node answers to, in lower case.
        anywhere: Paths that are answered whatever `Host` says.
    """
    host_check = _host_check(frozenset(hosts), frozenset(anywhere))
    checks: tuple[Check, ...] = (host_check, _target, _encoding)

    @web.middleware
    async def with_manners(request: web.Request, handler: Handler) -> web.StreamResponse:
        for check in checks:
            problem = check(request)
            if problem is not None:
                return problem.response()
        return await handler(request)

    return with_manners


def problems(draw: Draw | None) -> Middleware:
    """Whatever is raised becomes a problem document: by the table, or as a bug of ours.

    Args:
        draw: Makes a page of a request's problem, or None where there are no pages.
    """

    @web.middleware
    async def with_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except web.HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:
                raise
            response = answer(error, request)
        except Exception as error:
            if request.writer.output_size > 0 and request.transport is not None:
                # Half an answer is out already: its reader sees it break off, and nothing after it.
                request.transport.close()
            response = answer(error, request)
        problem = response.get(PROBLEM)
        return response if problem is None else told(request, response, problem)

    def told(
        request: web.Request, response: web.StreamResponse, problem: Problem
    ) -> web.StreamResponse:
        if not response.get(IS_LOGGED, False):
            log_refusal(problem, request)
        is_page = not problem.rest_s and _is_for_a_person(request)
        return draw(request, problem) if draw is not None and is_page else response

    return with_problems


def _is_for_a_person(request: web.Request) -> bool:
    is_ours = request.method in READING and not request.path.startswith(API)
    return is_ours and wants_page(",".join(request.headers.getall(hdrs.ACCEPT, ())))


def _host_check(hosts: frozenset[str], anywhere: frozenset[str]) -> Check:
    def check(request: web.Request) -> Problem | None:
        named = request.headers.getall(hdrs.HOST, [])
        if len(named) == 1 and named[0].lower() in hosts:
            return None
        if request.raw_path in anywhere:
            return None
        if len(named) != 1:
            return Problem("bad-request", "There must be exactly one Host header.")
        return Problem("misdirected")

    return check


def _target(request: web.Request) -> Problem | None:
    """The path as it came, before anything decodes it."""
    path = request.raw_path.partition("?")[0]
    if not path.startswith("/"):
        return Problem("bad-request", "The request target must be a path.")
    # PERF: nearly every path is plain; one match instead of a search for each oddity.
    if PLAIN_PATH.fullmatch(path) or not ODD_PATH.search(path):
        return None
    return Problem("not-found")


def _encoding(request: web.Request) -> Problem | None:
    encodings = request.headers.getall(hdrs.CONTENT_ENCODING, ())
    if not encodings or all(each.strip().lower() == "identity" for each in encodings):
        return None
    return Problem("unsupported-media-type", "The body must not be compressed.")
