"""What the handlers of Mastodon's API need beside what all handlers have."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from federation.policy.rule import Policy
from federation.protocol.namespace import Namespace
from node.http.routes import Handler
from node.mastodon.entities.site import Site
from node.release import own_version

# What clients show of whoever has no picture: one of the files of our pages.
NO_PICTURE: Final = "icons/icon-192.png"


@dataclass(frozen=True, slots=True)
class MastodonContext:
    """What this door is told of its node.

    Attributes:
        version: Of this software.
        written: The rules of the configuration and its files.
        own_hosts: Names of this node.
        count_people: How many accounts there are.
    """

    site: Site
    version: str
    count_people: Callable[[], Awaitable[int]]
    written: Callable[[], Policy]
    own_hosts: Sequence[str]


def told_of(
    space: Namespace,
    name: str,
    picture: str,
    count_people: Callable[[], Awaitable[int]],
    *,
    written: Callable[[], Policy],
    own_hosts: Sequence[str],
) -> MastodonContext:
    """What this door is told of a node.

    Args:
        space: Its addresses.
        name: What people call it.
        picture: The path of the picture of whoever has none.
        count_people: How many accounts there are.
        written: The rules of the configuration and its files.
        own_hosts: Names of this node.
    """
    site = Site(
        base_url=space.base_url,
        host=space.host,
        account_domain=space.account_domain,
        name=name,
        picture=f"{space.base_url}{picture}",
    )
    return MastodonContext(site, own_version(), count_people, written, own_hosts)


# A handler, which is told as well what all that is shown names of this node.
SiteHandler = Callable[[web.Request, Site], Awaitable[web.StreamResponse]]


def bound(handler: SiteHandler, site: Site) -> Handler:
    """The handler of one node."""

    async def answered(request: web.Request) -> web.StreamResponse:
        return await handler(request, site)

    return answered
