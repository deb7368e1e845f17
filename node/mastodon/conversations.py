"""The caller's conversations: listed by their last messages, read, and put away."""

from typing import Final

from aiohttp import web

from federation.commands.mark_read import mark_read
from federation.commands.preferences import arrange
from federation.commands.whisper import give_receipt
from federation.queries.client_pages import page_of_conversations
from federation.queries.conversations import find_conversation
from federation.queries.numbered import CONVERSATIONS, find_name
from federation.queries.views import ConversationView
from node.http.routes import Endpoint, Scope
from node.mastodon import showing
from node.mastodon.answers import done, found, told
from node.mastodon.call import caller_of, number_in, query_of, services_of
from node.mastodon.context import MastodonContext, bound
from node.mastodon.entities.site import Site
from node.mastodon.paging import links, wanted_of

PATH: Final = "/api/v1/conversations"
ONE: Final = f"{PATH}/{{id}}"


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The list, and what is done with one of them."""
    handlers = (
        ("GET", PATH, _list_all, Scope.READ_STATUSES),
        ("POST", f"{ONE}/read", _read, Scope.WRITE_CONVERSATIONS),
        ("POST", f"{ONE}/unread", _mark_unread, Scope.WRITE_CONVERSATIONS),
        ("DELETE", ONE, _hide, Scope.WRITE_CONVERSATIONS),
    )
    return tuple(
        Endpoint(method, path, bound(handler, context.site), scope)
        for method, path, handler, scope in handlers
    )


async def _list_all(request: web.Request, site: Site) -> web.Response:
    said = query_of(request)
    page = await page_of_conversations(caller_of(request).actor_uri, wanted_of(said))
    shown = await showing.conversations(request, page.conversations, site)
    ends = [one["last_status"]["id"] for one in shown] or [""]
    url = f"{site.base_url}{PATH}"
    headers = links(url, said, first=ends[0], last=ends[-1], has_older=page.has_older)
    return told(shown, headers=headers)


async def _read(request: web.Request, site: Site) -> web.Response:
    view, caller, services = await _one(request), caller_of(request), services_of(request)
    if view.last_message is not None:
        up_to, person = view.last_message.id, caller.actor_uri
        done(
            await mark_read(
                person,
                acct=f"{caller.account}@{services.space.account_domain}",
                conversation_id=view.id,
                up_to=up_to,
                now=services.clock(),
            )
        )
        await give_receipt(services.whispers, person, view.id, up_to)
    return await _shown(request, site)


async def _mark_unread(request: web.Request, site: Site) -> web.Response:
    await _arranged(request, marked_unread=True)
    return await _shown(request, site)


async def _hide(request: web.Request, site: Site) -> web.Response:
    """Put a conversation away until something comes; nobody leaves it by that."""
    del site
    await _arranged(request, archived=True)
    return told({})


async def _shown(request: web.Request, site: Site) -> web.Response:
    return told((await showing.conversations(request, [await _one(request)], site))[0])


async def _arranged(request: web.Request, **wanted: bool) -> None:
    view = await _one(request)
    now = services_of(request).clock()
    done(await arrange(caller_of(request).actor_uri, view.id, wanted, now))


async def _one(request: web.Request) -> ConversationView:
    """The conversation in the address.

    Raises:
        DeclinedError: The caller is not in it, or there is none.
    """
    conversation_id = found(await find_name(CONVERSATIONS, number_in(request)))
    view = found(await find_conversation(caller_of(request).actor_uri, conversation_id))
    return found(view if view.state in {"joined", "joining"} else None)
