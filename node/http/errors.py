"""The one table from error to status, with a text for our log and a safe one for the caller.

    DeclinedError     a handler's way out with a problem it has already made

Everything else in the table is raised below the front ends.
"""

import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from aiohttp import web

from federation.commands.desk import DraftFailedError
from federation.protocol.errors import LocalProtocolError, RemoteProtocolError
from federation.protocol.verdict import Refused
from node.http.client_address import PROXIES, Network, client_address
from node.http.problem import Problem, for_status
from storage.errors import Conflict, StorageUnavailable

LOG: Final = logging.getLogger(__name__)
RETRY_CONFLICT_S: Final = 1
# Whose request it is, once that is known; for the log.
ACCOUNT: Final = web.RequestKey("account", str)
# Set on an answer whose line in the log is written.
IS_LOGGED: Final = web.ResponseKey("is_logged", bool)


class DeclinedError(Exception):
    """What the client sent cannot be served, and this is why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.detail or problem.word)
        self.problem = problem


def _declined(error: DeclinedError) -> Problem:
    return error.problem


def _remote(error: RemoteProtocolError) -> Problem:
    return for_status(error.status, error.reason)


def _unavailable(error: StorageUnavailable) -> Problem:
    return Problem("unavailable", retry_after_s=error.retry_after_s)


def _conflict(_: Conflict) -> Problem:
    return Problem("unavailable", retry_after_s=RETRY_CONFLICT_S)


def _ours(_: LocalProtocolError | DraftFailedError) -> Problem:
    return Problem("internal")


def _aiohttp(error: web.HTTPException) -> Problem:
    problem = for_status(error.status)
    allowed = error.headers.get("Allow")
    return Problem(problem.word, headers={"Allow": allowed}) if allowed else problem


# The first row whose class fits decides. A class that is not here is a bug: a 500 too.
TABLE: Final[tuple[tuple[type[Exception], Callable[..., Problem]], ...]] = (
    (DeclinedError, _declined),
    (RemoteProtocolError, _remote),
    (LocalProtocolError, _ours),
    (DraftFailedError, _ours),
    (StorageUnavailable, _unavailable),
    (Conflict, _conflict),
    (web.HTTPException, _aiohttp),
)
EXPECTED: Final = tuple(kind for kind, _ in TABLE)


def problem_of(error: Exception) -> Problem:
    """What the caller is told about an error."""
    for kind, problem in TABLE:
        if isinstance(error, kind):
            return problem(error)
    return Problem("internal")


def answer(error: Exception, request: web.Request | None = None) -> web.Response:
    """Log an error in one line, with a traceback if it is ours, and answer it."""
    problem = problem_of(error)
    is_ours = problem.word == "internal"
    # What aiohttp says of itself is a status in words.
    reason = problem.detail if isinstance(error, web.HTTPException) else str(error)
    _log(problem, reason, request, error if is_ours else None)
    response = problem.response()
    response[IS_LOGGED] = True
    return response


def log_refusal(problem: Problem, request: web.Request) -> None:
    """Log in one line what was refused without an error."""
    _log(problem, problem.detail, request, None)


def _log(
    problem: Problem, reason: str, request: web.Request | None, ours: Exception | None
) -> None:
    level = logging.ERROR if ours is not None else logging.INFO
    if problem.rest_s:
        # A flood fills no log: federation/inbound/rates.py says once a minute from where it comes.
        level = logging.DEBUG
    if not LOG.isEnabledFor(level):
        return
    extra = {"action": "refuse", "status": problem.status, "reason": reason or problem.title}
    LOG.log(
        level,
        "Request refused",
        extra=extra | (told_of(request) if request is not None else {}),
        exc_info=ours,
    )


def told_of(request: web.Request) -> dict[str, Any]:
    """Who asked for what."""
    proxies: tuple[Network, ...] = request.app.get(PROXIES, ())
    told = {
        "method": request.method,
        "path": pattern_of(request),
        "client": client_address(request, proxies),
    }
    account = request.get(ACCOUNT)
    return told | ({"account": account} if account else {})


def pattern_of(request: web.Request) -> str:
    """What of a path may stand in a log: some paths are secrets."""
    resource = request.match_info.route.resource
    first = request.raw_path.partition("?")[0].strip("/").partition("/")[0]
    return resource.canonical if resource is not None else f"/{first[:60]}"


def refused(verdict: Refused) -> web.Response:
    """Answer a refusal that a command or query gave."""
    problem = for_status(verdict.status, verdict.reason)
    return replace(problem, retry_after_s=verdict.retry_after_s).response()
