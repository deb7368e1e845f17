"""What Mastodon's administrators' API has in common here: who may call it, and pages of lists."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

from aiohttp import web

from federation.commands.deeds import by_caller
from federation.commands.rule_change import Ground
from federation.protocol.verdict import Refused
from node.http.errors import DeclinedError
from node.http.fields import Fields
from node.http.problem import Problem
from node.mastodon.answers import told
from node.mastodon.call import caller_of, limit_of, number_of, query_of, services_of
from node.mastodon.context import MastodonContext
from node.mastodon.paging import links

V1: Final = "/api/v1/admin"
ROLES: Final = frozenset({"admin", "owner"})
NOT_ALLOWED: Final = Problem("forbidden")
LIMIT: Final = 100
LIMIT_MAX: Final = 200
_PLACES: Final = ("max_id", "since_id", "min_id")

T = TypeVar("T")


def require_operator(request: web.Request) -> None:
    """Go on only for who runs the node.

    Raises:
        DeclinedError: The caller does not; a token with the scope is not enough.
    """
    if caller_of(request).role not in ROLES:
        raise DeclinedError(NOT_ALLOWED)


def ground_of(request: web.Request, context: MastodonContext) -> Ground:
    """What a change of rules stands on that a caller makes."""
    services = services_of(request)
    return Ground(
        context.written(),
        context.own_hosts,
        services.desk.entropy.new_id,
        services.clock(),
        by_caller(caller_of(request).actor_uri),
    )


def paged(
    request: web.Request,
    found: Sequence[T],
    number: Callable[[T], int],
    entity: Callable[[T], Mapping[str, object]],
) -> web.Response:
    """A page of a list that has the newest first.

    Args:
        request: Says which page.
        found: All of the list.
        number: Of one of it.
        entity: One of it as it is written.
    """
    said = query_of(request)
    shown, has_more = _cut(said, found, number, limit=limit_of(said, usual=LIMIT, most=LIMIT_MAX))
    ends = (str(number(shown[0])), str(number(shown[-1]))) if shown else ("", "")
    url = f"{services_of(request).space.base_url}{request.path}"
    headers = links(url, said, first=ends[0], last=ends[1], has_older=has_more)
    return told([entity(one) for one in shown], headers=headers)


def _cut(
    said: Fields, found: Sequence[T], number: Callable[[T], int], *, limit: int
) -> tuple[Sequence[T], bool]:
    """The rows of a page, and whether older ones follow."""
    older, newer, just_newer = (number_of(said.text(name)) for name in _PLACES)
    rows = [one for one in found if older is None or number(one) < older]
    if just_newer is not None:
        rows = [one for one in rows if number(one) > just_newer]
        shown = rows[-limit:]
        return shown, bool(shown) and number(shown[-1]) != number(found[-1])
    rows = [one for one in rows if newer is None or number(one) > newer]
    return rows[:limit], len(rows) > limit


def unprocessable(refused: Refused) -> DeclinedError:
    """The way out with what a command has refused."""
    status = "not-found" if refused.status == web.HTTPNotFound.status_code else "unprocessable"
    return DeclinedError(Problem(status, refused.reason))
