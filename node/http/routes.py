"""No address exists without saying who may call it."""

import enum
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Scope(enum.Enum):
    """Who may call an address: anybody, or whoever has this scope (node/identity/scopes.py)."""

    ANYONE = "anyone"
    SIGNED = "signed"
    """Another server; the handler itself verifies the signature."""
    PUSH = "push"
    READ = "read"
    READ_ACCOUNTS = "read:accounts"
    READ_ACCOUNTS_OR_PROFILE = "read:accounts or profile"
    READ_BLOCKS = "read:blocks"
    READ_FILTERS = "read:filters"
    READ_MUTES = "read:mutes"
    READ_FOLLOWS = "read:follows"
    READ_GROUPS = "read:groups"
    READ_LISTS = "read:lists"
    READ_NOTIFICATIONS = "read:notifications"
    READ_SEARCH = "read:search"
    READ_STATUSES = "read:statuses"
    READ_STREAMS = "read:statuses or notifications"
    WRITE = "write"
    WRITE_ACCOUNTS = "write:accounts"
    WRITE_BLOCKS = "write:blocks"
    WRITE_CONVERSATIONS = "write:conversations"
    WRITE_FAVOURITES = "write:favourites"
    WRITE_FOLLOWS = "write:follows"
    WRITE_GROUPS = "write:groups"
    WRITE_MEDIA = "write:media"
    WRITE_MUTES = "write:mutes"
    WRITE_NOTIFICATIONS = "write:notifications"
    WRITE_REPORTS = "write:reports"
    WRITE_STATUSES = "write:statuses"
    ADMIN_READ = "admin:read"
    ADMIN_READ_DOMAIN_ALLOWS = "admin:read:domain_allows"
    ADMIN_READ_DOMAIN_BLOCKS = "admin:read:domain_blocks"
    ADMIN_READ_ACCOUNTS = "admin:read:accounts"
    ADMIN_READ_REPORTS = "admin:read:reports"
    ADMIN_WRITE = "admin:write"
    ADMIN_WRITE_DOMAIN_ALLOWS = "admin:write:domain_allows"
    ADMIN_WRITE_DOMAIN_BLOCKS = "admin:write:domain_blocks"
    ADMIN_WRITE_REPORTS = "admin:write:reports"


GUARDED = frozenset(Scope) - {Scope.ANYONE, Scope.SIGNED}

Guard = Callable[[Scope, Handler], Handler]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one address.

    Attributes:
        method: In upper case.
        path: In aiohttp's form, such as "/u/{name}".
        scope: Who may call it; there is no default.
    """

    method: str
    path: str
    handler: Handler
    scope: Scope


Around = Callable[[Endpoint, Handler], Handler]


def register(
    app: web.Application,
    endpoints: Iterable[Endpoint],
    guard: Guard,
    around: Around | None = None,
) -> None:
    """Put endpoints behind a guard and into an application; a GET answers HEAD as well.

    Args:
        app: The application.
        endpoints: In the order in which they are tried.
        guard: Wraps each handler so that it runs only for who may call it.
        around: Wraps each guarded handler once more.
    """
    for endpoint in endpoints:
        handler = guard(endpoint.scope, endpoint.handler)
        if around is not None:
            handler = around(endpoint, handler)
        if endpoint.method == "GET":
            app.router.add_get(endpoint.path, handler)
        else:
            app.router.add_route(endpoint.method, endpoint.path, handler)


def unguarded(scope: Scope, handler: Handler) -> Handler:
    """The guard of front ends that know no accounts: whoever needs one finds no way in.

    Raises:
        ValueError: The endpoint asks for an account.
    """
    if scope in GUARDED:
        raise ValueError(f"{handler!r} needs an account, and nothing here can find one")
    return handler
