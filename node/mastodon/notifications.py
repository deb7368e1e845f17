"""Notifications, one by one: what others have written, how they react, and who follows.

Source: clients.md 4, tier B
"""

from collections.abc import Sequence
from typing import Final

from aiohttp import web

from federation.commands import client_marks
from federation.queries import notifications as queries
from federation.queries.numbered import faces_by_number
from federation.queries.numbered_views import NotificationView
from node.http.fields import Fields
from node.http.routes import Endpoint, Scope
from node.mastodon import showing
from node.mastodon.answers import found, told
from node.mastodon.call import caller_of, number_in, number_of, query_of, services_of
from node.mastodon.context import MastodonContext, SiteHandler, bound
from node.mastodon.entities.site import Document, Site
from node.mastodon.paging import links, wanted_of

PATH: Final = "/api/v1/notifications"
ONE: Final = f"{PATH}/{{id}}"
LIMIT: Final = 40
LIMIT_MAX: Final = 80


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The list, one of it, how many are new, and putting them away."""
    reading, writing = Scope.READ_NOTIFICATIONS, Scope.WRITE_NOTIFICATIONS
    handlers: tuple[tuple[str, str, SiteHandler, Scope], ...] = (
        ("GET", PATH, _list_all, reading),
        ("GET", f"{PATH}/unread_count", count, reading),
        ("POST", f"{PATH}/clear", _clear, writing),
        ("GET", ONE, _show, reading),
        ("POST", f"{ONE}/dismiss", _dismiss, writing),
    )
    return tuple(
        Endpoint(method, path, bound(handler, context.site), scope)
        for method, path, handler, scope in handlers
    )


async def list_page(
    request: web.Request, said: Fields, site: Site
) -> tuple[list[Document], dict[str, str]]:
    """The page that is asked for, as Notifications, and its Link header."""
    caller, services = caller_of(request), services_of(request)
    page = await queries.page_of(
        caller.actor_uri,
        caller.account,
        wanted_of(said, usual=LIMIT, most=LIMIT_MAX),
        services.clock(),
        await _wish(request, said),
    )
    numbers = [str(one.number) for one in page.notifications] or [""]
    headers = links(
        f"{site.base_url}{request.path.rstrip('/')}",
        said,
        first=numbers[0],
        last=numbers[-1],
        has_older=page.has_older,
    )
    return await shown(request, page.notifications, site), headers


async def shown(
    request: web.Request, views: Sequence[NotificationView], site: Site
) -> list[Document]:
    """Notifications of the caller's."""
    space = services_of(request).space
    return await showing.notifications(caller_of(request).actor_uri, views, space, site)


async def one_of(request: web.Request, number: int) -> NotificationView:
    """A notification of the caller's.

    Raises:
        DeclinedError: There is none of that number.
    """
    caller, now = caller_of(request), services_of(request).clock()
    return found(await queries.find_notification(caller.actor_uri, caller.account, number, now))


async def put_away(request: web.Request, number: int) -> web.Response:
    """Dismiss one of the caller's notifications."""
    view = await one_of(request, number)
    await client_marks.dismiss(caller_of(request).account, view.number)
    return told({})


async def count(request: web.Request, site: Site) -> web.Response:
    """How many are new."""
    del site
    caller, now = caller_of(request), services_of(request).clock()
    wish = await _wish(request, query_of(request))
    number = await queries.count_unread(caller.actor_uri, caller.account, now, wish)
    return told({"count": number})


async def _list_all(request: web.Request, site: Site) -> web.Response:
    page, headers = await list_page(request, query_of(request), site)
    return told(page, headers=headers)


async def _show(request: web.Request, site: Site) -> web.Response:
    view = await one_of(request, number_in(request))
    documents = await shown(request, [view], site)
    return told(found(documents[0] if documents else None))


async def _clear(request: web.Request, site: Site) -> web.Response:
    del site
    await client_marks.clear(caller_of(request).account, services_of(request).clock())
    return told({})


async def _dismiss(request: web.Request, site: Site) -> web.Response:
    del site
    return await put_away(request, number_in(request))


async def _wish(request: web.Request, said: Fields) -> queries.Wish:
    """Which are asked for; kinds that there are not here say nothing."""
    wanted, unwanted = said.texts("types"), said.texts("exclude_types")
    kinds = queries.KINDS.intersection(wanted) if wanted else queries.KINDS
    other = said.text("account_id")
    if not other:
        return queries.Wish(kinds - {*unwanted})
    number = number_of(other)
    faces = await faces_by_number([number], services_of(request).space) if number else ()
    # Of whom nobody knows there is nothing.
    return queries.Wish(kinds - {*unwanted}, faces[0].uri) if faces else queries.Wish(())
