"""Notifications, as far as clients ask for them at their start: there are none yet.

What is new stands in the list of conversations.
"""

from typing import Final

from aiohttp import web

from federation.groups.doors import ANYONE, CONTACTS, REQUESTS
from federation.queries.people import find_doors
from node.http.routes import Endpoint, Scope
from node.mastodon.answers import told
from node.mastodon.call import caller_of
from node.mastodon.context import MastodonContext

V1: Final = "/api/v1/notifications"
V2: Final = "/api/v2/notifications"
# What a policy says of the messages of strangers, by who may write to somebody.
POLICIES: Final = {ANYONE: "accept", REQUESTS: "filter", CONTACTS: "drop"}
FREE: Final = (
    *("for_not_following", "for_not_followers", "for_new_accounts", "for_limited_accounts"),
    "for_bots",
)


def endpoints(_: MastodonContext) -> tuple[Endpoint, ...]:
    """The lists in both versions, their counts, and the policy."""
    reading = Scope.READ_NOTIFICATIONS
    return (
        Endpoint("GET", V1, _nothing, reading),
        Endpoint("GET", f"{V1}/requests", _nothing, reading),
        Endpoint("GET", f"{V1}/unread_count", _count, reading),
        Endpoint("GET", V2, _grouped, reading),
        Endpoint("GET", f"{V2}/unread_count", _count, reading),
        Endpoint("GET", f"{V2}/policy", _policy, reading),
        Endpoint("GET", "/api/v1/markers", _markers, Scope.READ_STATUSES),
    )


async def _nothing(_: web.Request) -> web.Response:
    return told([])


async def _count(_: web.Request) -> web.Response:
    return told({"count": 0})


async def _grouped(_: web.Request) -> web.Response:
    return told({"accounts": [], "statuses": [], "notification_groups": []})


async def _markers(_: web.Request) -> web.Response:
    """Where somebody has stopped reading: in no timeline, since all are empty."""
    return told({})


async def _policy(request: web.Request) -> web.Response:
    chosen = await find_doors(caller_of(request).actor_uri)
    return told(
        {
            **dict.fromkeys(FREE, "accept"),
            "for_private_mentions": POLICIES[chosen.writers],
            "summary": {"pending_requests_count": 0, "pending_notifications_count": 0},
        }
    )
