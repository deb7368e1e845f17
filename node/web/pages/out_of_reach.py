"""A person sees which servers their node refuses, and whom they can no longer reach."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

from aiohttp import web

from federation.policy.disclosure import Audience, audience_of
from federation.policy.limited import How
from federation.queries.lost_contacts import LostView, Why, list_lost
from federation.queries.policy import LimitedServer, list_limited
from node.http.routes import Endpoint, Scope
from node.web.context import PageContext
from node.web.languages import Words
from node.web.pages.settings import PATH as SETTINGS
from node.web.rendering import bdi
from node.web.signed_in import require_caller

LIMITED: Final = f"{SETTINGS}/limited-servers"
LOST: Final = f"{SETTINGS}/lost-contacts"
SHOWN_MAX: Final = 100
CURSOR_CHARS_MAX: Final = 2048

WHY: Final[Mapping[Why, str]] = {
    Why.WE_REFUSE: "page.lost.we_refuse",
    Why.THEY_REFUSE: "page.lost.they_refuse",
    Why.UNREACHABLE: "page.lost.unreachable",
    Why.ACCOUNT_ENDED: "page.lost.account_ended",
}
HOW: Final[Mapping[How, str]] = {
    How.REFUSED: "page.limited.refused",
    How.REFUSED_IN: "page.limited.refused_in",
    How.REFUSED_OUT: "page.limited.refused_out",
    How.REQUESTS: "page.limited.requests",
    How.HELD: "page.limited.held",
    How.SLOWED: "page.limited.slowed",
}


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The two pages."""

    async def show_limited(request: web.Request) -> web.Response:
        await require_caller(request, context, LIMITED)
        servers, cursor = await list_limited(
            context.rules(), after=_after(request), limit=SHOWN_MAX
        )
        return context.render(
            request,
            "limited_servers.html",
            federation=context.rules().chain.policy.federation.value,
            servers=[shown_server(one) for one in servers],
            is_kept_back=audience_of(context.rules().chain.policy) is Audience.NOBODY,
            more=_more(LIMITED, cursor),
        )

    async def show_lost(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, LOST)
        page = await list_lost(
            caller.actor_uri, context.now(), after=_after(request), limit=SHOWN_MAX
        )
        return context.render(
            request,
            "lost_contacts.html",
            lost=[shown_lost(one) for one in page.items],
            more=_more(LOST, page.next),
        )

    return (
        Endpoint("GET", LIMITED, show_limited, Scope.ANYONE),
        Endpoint("GET", LOST, show_lost, Scope.ANYONE),
    )


def shown_server(one: LimitedServer) -> dict[str, object]:
    """A server as its template shows it."""
    return {
        "domain": one.domain,
        "reason": one.reason,
        "how": Words(HOW[one.how]),
        "since": Words("page.limited.since", {"date": one.since.date()}) if one.since else None,
        "at": one.since.isoformat(timespec="minutes") if one.since else "",
    }


def shown_lost(one: LostView) -> dict[str, object]:
    """Somebody, or a group, as its template shows them."""
    key = WHY[one.why] if one.person is not None else "page.lost.group"
    return {
        "person": one.person,
        "why": Words(key, {"host": bdi(one.host), "date": one.since.date()}),
        "reason": one.reason,
        "conversations": one.conversations,
    }


def _after(request: web.Request) -> str:
    return request.query.get("after", "")[:CURSOR_CHARS_MAX]


def _more(path: str, cursor: str) -> str:
    return f"{path}?{urlencode({'after': cursor})}" if cursor else ""
