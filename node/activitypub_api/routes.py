"""Every address of the ActivityPub API, and those that it shares with what other servers call."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import Final

from aiohttp import web

from federation.commands.look_up import Lookups
from federation.protocol.build.person import PROXY_URL, UPLOAD_MEDIA
from node.activitypub_api import boxes, event_stream, outbox, proxy_url, upload_media
from node.activitypub_api.call import guarded, preflight, services_of
from node.activitypub_api.local import read_local
from node.http.routes import Endpoint, Handler, Scope
from node.identity.bearer import has_bearer

PERSON: Final = "/u/{name}"
REFUSED: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})


@dataclass(frozen=True, slots=True)
class Own:
    """What a person's own client does at an address.

    Attributes:
        is_public: Whether everybody gets something there, so nobody is refused for a token.
        is_stream: Whether the query may carry the token.
    """

    method: str
    path: str
    handler: Handler
    scope: Scope
    is_public: bool = False
    is_stream: bool = False


async def _here(request: web.Request) -> web.Response:
    """What is at this very address, for who shows a token."""
    return await read_local(request, f"{services_of(request).space.base_url}{request.path}")


# Others get something else there, or nothing.
SHARED: Final = (
    Own("GET", f"{PERSON}/outbox", boxes.outbox, Scope.READ_STATUSES, is_public=True),
    Own("GET", f"{PERSON}/n/{{id}}", _here, Scope.READ_STATUSES),
    Own("GET", f"{PERSON}/n/{{id}}/create", _here, Scope.READ_STATUSES),
    Own("GET", "/c/{id}", _here, Scope.READ_GROUPS),
)
ALONE: Final = (
    Own("GET", f"{PERSON}/inbox", boxes.inbox, Scope.READ_STATUSES),
    Own("GET", f"{PERSON}/events", event_stream.stream, Scope.READ_STATUSES, is_stream=True),
    Own("POST", f"{PERSON}/outbox", outbox.post, Scope.WRITE),
    Own("GET", f"{PERSON}/pending-followers", boxes.pending_followers, Scope.READ_FOLLOWS),
    Own("GET", f"{PERSON}/pending-following", boxes.pending_following, Scope.READ_FOLLOWS),
    Own("POST", UPLOAD_MEDIA, upload_media.post, Scope.WRITE_MEDIA),
)


def activitypub_endpoints(lookups: Lookups, now: Callable[[], datetime]) -> tuple[Endpoint, ...]:
    """The addresses that are for people's own clients alone."""
    proxy = Own("POST", PROXY_URL, partial(proxy_url.read, lookups=lookups), Scope.READ)
    own = (*ALONE, proxy)
    paths = dict.fromkeys(each.path for each in (*own, *SHARED))
    return (
        *(_endpoint(each, now) for each in own),
        *(Endpoint("OPTIONS", path, preflight, Scope.ANYONE) for path in paths),
    )


def for_owners_too(
    endpoints: Iterable[Endpoint], now: Callable[[], datetime]
) -> Iterator[Endpoint]:
    """What others call, where whoever shows a token gets what is theirs."""
    own = {(each.method, each.path): each for each in SHARED}
    for endpoint in endpoints:
        theirs = own.get((endpoint.method, endpoint.path))
        yield endpoint if theirs is None else _by_token(theirs, endpoint, now)


def _by_token(own: Own, others: Endpoint, now: Callable[[], datetime]) -> Endpoint:
    handler = guarded(own.scope, own.handler, now)

    async def chosen(request: web.Request) -> web.StreamResponse:
        if not has_bearer(request):
            return await others.handler(request)
        response = await handler(request)
        is_refused = response.status in REFUSED and own.is_public
        return await others.handler(request) if is_refused else response

    return replace(others, handler=chosen)


def _endpoint(own: Own, now: Callable[[], datetime]) -> Endpoint:
    # The guard is within, since these answers may be read by pages of other sites.
    handler = guarded(own.scope, own.handler, now, by_query=own.is_stream)
    return Endpoint(own.method, own.path, handler, Scope.ANYONE)
