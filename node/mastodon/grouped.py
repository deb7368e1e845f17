"""Notifications as the second version of the API has them: each is a group of its own.

Source: clients.md 4, tier B, and 5.4
"""

from typing import Final

from aiohttp import web

from node.http.routes import Endpoint, Scope
from node.mastodon.answers import found, told
from node.mastodon.call import number_of, query_of
from node.mastodon.context import MastodonContext, SiteHandler, bound
from node.mastodon.entities.notification import group
from node.mastodon.entities.site import Document, Site
from node.mastodon.notifications import count, list_page, one_of, put_away, shown

PATH: Final = "/api/v2/notifications"
ONE: Final = f"{PATH}/{{group}}"
KEY: Final = "ungrouped-"


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The list, one group of it, and how many are new."""
    reading = Scope.READ_NOTIFICATIONS
    handlers: tuple[tuple[str, str, SiteHandler, Scope], ...] = (
        ("GET", PATH, _list_all, reading),
        ("GET", f"{PATH}/unread_count", count, reading),
        ("GET", ONE, _show, reading),
        ("GET", f"{ONE}/accounts", _accounts, reading),
        ("POST", f"{ONE}/dismiss", _dismiss, Scope.WRITE_NOTIFICATIONS),
    )
    return tuple(
        Endpoint(method, path, bound(handler, context.site), scope)
        for method, path, handler, scope in handlers
    )


async def _list_all(request: web.Request, site: Site) -> web.Response:
    page, headers = await list_page(request, query_of(request), site)
    return told(_grouped(page), headers=headers)


async def _show(request: web.Request, site: Site) -> web.Response:
    return told(_grouped([await _one(request, site)]))


async def _accounts(request: web.Request, site: Site) -> web.Response:
    return told([(await _one(request, site))["account"]])


async def _dismiss(request: web.Request, site: Site) -> web.Response:
    del site
    return await put_away(request, _number(request))


async def _one(request: web.Request, site: Site) -> Document:
    documents = await shown(request, [await one_of(request, _number(request))], site)
    return found(documents[0] if documents else None)


def _number(request: web.Request) -> int:
    key = request.match_info["group"]
    return found(number_of(key.removeprefix(KEY)) if key.startswith(KEY) else None)


def _grouped(page: list[Document]) -> Document:
    """Notifications, with whom and what they are about once each."""
    accounts = {one["account"]["id"]: one["account"] for one in page}
    statuses = {one["status"]["id"]: one["status"] for one in page if one["status"] is not None}
    return {
        "accounts": list(accounts.values()),
        "statuses": list(statuses.values()),
        "notification_groups": [group(one) for one in page],
    }
