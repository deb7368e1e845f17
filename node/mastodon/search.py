"""The caller finds people, and messages that they may read anyway."""

from typing import Final

from aiohttp import web

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Refused
from federation.protocol.webfinger import parse_account
from federation.queries import search
from node.http.fields import Fields
from node.http.routes import Endpoint, Scope
from node.mastodon import showing
from node.mastodon.answers import told
from node.mastodon.call import caller_of, is_on, limit_of, query_of
from node.mastodon.context import MastodonContext, bound
from node.mastodon.entities.site import Document, Site
from node.mastodon.people import find_accounts, resolve

PATH: Final = "/api/v2/search"


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """GET /api/v2/search."""
    return (Endpoint("GET", PATH, bound(_find, context.site), Scope.READ_SEARCH),)


async def _find(request: web.Request, site: Site) -> web.Response:
    said = query_of(request)
    # What comes behind a first page is not offered.
    is_first = said.text("offset") in {"", "0"}
    wanted = said.text("type")
    accounts = await _accounts(request, said, site) if wanted in {"", "accounts"} else []
    statuses = await _statuses(request, said, site) if wanted in {"", "statuses"} else []
    return told(
        {
            "accounts": accounts if is_first else [],
            "statuses": statuses if is_first else [],
            "hashtags": [],
        }
    )


async def _accounts(request: web.Request, said: Fields, site: Site) -> list[Document]:
    words = said.text("q").strip()
    shown = await find_accounts(request, words, limit_of(said), site)
    if not shown and is_on(said, "resolve") and _is_handle(words):
        return await resolve(request, words, site)
    return shown


async def _statuses(request: web.Request, said: Fields, site: Site) -> list[Document]:
    person, words = caller_of(request).actor_uri, said.text("q")
    found = await search.search(person, words, limit=limit_of(said)) if words else None
    if found is None or isinstance(found, Refused):
        return []
    return await showing.statuses(request, found.messages, site)


def _is_handle(text: str) -> bool:
    try:
        parse_account(text)
    except RemoteProtocolError:
        return False
    return True
