"""What there is not here: clients that ask for it find nothing, and no error.

At a 404 they would take this node for an older one and ask for more that there is not.
"""

from typing import Final

from aiohttp import web

from node.http.routes import Endpoint, Scope
from node.mastodon.answers import told
from node.mastodon.context import MastodonContext

V1: Final = "/api/v1"

# By who may ask.
LISTS: Final = {
    Scope.ANYONE: (
        f"{V1}/timelines/public",
        f"{V1}/timelines/tag/{{tag}}",
        f"{V1}/timelines/link",
        f"{V1}/custom_emojis",
        f"{V1}/trends",
        f"{V1}/trends/tags",
        f"{V1}/trends/statuses",
        f"{V1}/trends/links",
        f"{V1}/directory",
        f"{V1}/instance/peers",
        f"{V1}/instance/rules",
        f"{V1}/instance/activity",
    ),
    Scope.READ_STATUSES: (
        f"{V1}/timelines/home",
        f"{V1}/scheduled_statuses",
    ),
    Scope.READ_LISTS: (f"{V1}/timelines/list/{{id}}", f"{V1}/lists"),
    Scope.READ_FILTERS: (f"{V1}/filters", "/api/v2/filters"),
    Scope.READ_FOLLOWS: (f"{V1}/followed_tags",),
    Scope.READ_ACCOUNTS: (f"{V1}/endorsements", f"{V1}/featured_tags"),
    Scope.READ: (
        f"{V1}/announcements",
        f"{V1}/suggestions",
        "/api/v2/suggestions",
        f"{V1}/bookmarks",
        f"{V1}/favourites",
    ),
}


def endpoints(_: MastodonContext) -> tuple[Endpoint, ...]:
    """Every list that is empty here."""
    return tuple(
        Endpoint("GET", path, _nothing, scope) for scope, paths in LISTS.items() for path in paths
    )


async def _nothing(_: web.Request) -> web.Response:
    return told([])
