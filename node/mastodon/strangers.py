"""Whoever waits for the caller's answer: strangers who write, and who invites into a group.

Source: clients.md 4, tier B, and 6.1
"""

from collections.abc import Sequence
from typing import Final

from aiohttp import web

from federation.commands import answer_invitation
from federation.commands.doors import change_doors
from federation.groups.doors import ANYONE, CONTACTS, REQUESTS
from federation.queries.conversations import FILTERS, find_conversation, list_conversations
from federation.queries.numbered import CONVERSATIONS, faces_of, find_name, numbers_of
from federation.queries.people import find_doors
from federation.queries.views import ConversationView
from node.http.fields import Fields, read_fields
from node.http.routes import Endpoint, Scope
from node.mastodon.answers import done, found, told, unprocessable
from node.mastodon.call import (
    LIMIT_MAX,
    caller_of,
    limit_of,
    number_in,
    number_of,
    numbers_in,
    query_of,
    services_of,
)
from node.mastodon.context import MastodonContext, SiteHandler, bound
from node.mastodon.entities.notification import request as request_entity
from node.mastodon.entities.site import Document, Site
from node.mastodon.paging import links

POLICY: Final = "/api/v2/notifications/policy"
PATH: Final = "/api/v1/notifications/requests"
ONE: Final = f"{PATH}/{{id}}"
WAITING: Final = FILTERS["requests"] | FILTERS["invited"]
# What a policy says of the messages of strangers, by who may write to somebody.
POLICIES: Final = {ANYONE: "accept", REQUESTS: "filter", CONTACTS: "drop"}
CHOICES: Final = {said: choice for choice, said in POLICIES.items()}
PRIVATE: Final = "for_private_mentions"
FREE: Final = (
    *("for_not_following", "for_not_followers", "for_new_accounts", "for_limited_accounts"),
    "for_bots",
)
NO_POLICY: Final = f"{PRIVATE} is one of: {', '.join(CHOICES)}"


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """The requests, their answers, and the policy."""
    reading, writing = Scope.READ_NOTIFICATIONS, Scope.WRITE_NOTIFICATIONS
    handlers: tuple[tuple[str, str, SiteHandler, Scope], ...] = (
        ("GET", POLICY, _policy, reading),
        ("PATCH", POLICY, _set_policy, writing),
        ("GET", PATH, _list_all, reading),
        ("GET", f"{PATH}/merged", _merged, reading),
        ("POST", f"{PATH}/accept", _accept_several, writing),
        ("POST", f"{PATH}/dismiss", _dismiss_several, writing),
        ("GET", ONE, _show, reading),
        ("POST", f"{ONE}/accept", _accept, writing),
        ("POST", f"{ONE}/dismiss", _dismiss, writing),
    )
    return tuple(
        Endpoint(method, path, bound(handler, context.site), scope)
        for method, path, handler, scope in handlers
    )


async def _policy(request: web.Request, site: Site) -> web.Response:
    del site
    person = caller_of(request).actor_uri
    chosen = await find_doors(person)
    waiting = await list_conversations(person, WAITING, before="", limit=LIMIT_MAX)
    return told(
        {
            **dict.fromkeys(FREE, "accept"),
            PRIVATE: POLICIES[chosen.writers],
            "summary": {
                "pending_requests_count": len(waiting),
                "pending_notifications_count": sum(max(view.unread, 1) for view in waiting),
            },
        }
    )


async def _set_policy(request: web.Request, site: Site) -> web.Response:
    """Say who may write to one; nothing else can be chosen here, and stays as it is."""
    said, services = await read_fields(request), services_of(request)
    wanted = said.text(PRIVATE)
    if wanted:
        if wanted not in CHOICES:
            raise unprocessable(NO_POLICY)
        done(
            await change_doors(
                caller_of(request).actor_uri,
                {"writers": CHOICES[wanted]},
                new_id=services.desk.entropy.new_id,
                now=services.clock(),
            )
        )
    return await _policy(request, site)


async def _list_all(request: web.Request, site: Site) -> web.Response:
    said = query_of(request)
    limit, older = limit_of(said, usual=LIMIT_MAX), number_of(said.text("max_id"))
    before = await find_name(CONVERSATIONS, older) if older is not None else ""
    if before is None:
        return told([])
    person = caller_of(request).actor_uri
    views = await list_conversations(person, WAITING, before=before, limit=limit + 1)
    shown = await _shown(request, views[:limit], site)
    ends = [one["id"] for one in shown] or [""]
    has_older = len(views) > limit
    headers = links(
        f"{site.base_url}{PATH}", said, first=ends[0], last=ends[-1], has_older=has_older
    )
    return told(shown, headers=headers)


async def _show(request: web.Request, site: Site) -> web.Response:
    shown = await _shown(request, [await _one(request, number_in(request))], site)
    return told(found(shown[0] if shown else None))


async def _merged(_: web.Request, site: Site) -> web.Response:
    del site
    return told({"merged": True})


async def _accept(request: web.Request, site: Site) -> web.Response:
    del site
    return await _answer(request, [number_in(request)], accepts=True)


async def _dismiss(request: web.Request, site: Site) -> web.Response:
    del site
    return await _answer(request, [number_in(request)], accepts=False)


async def _accept_several(request: web.Request, site: Site) -> web.Response:
    del site
    return await _answer(request, _asked(await read_fields(request)), accepts=True)


async def _dismiss_several(request: web.Request, site: Site) -> web.Response:
    del site
    return await _answer(request, _asked(await read_fields(request)), accepts=False)


def _asked(said: Fields) -> list[int]:
    return numbers_in(said.texts("id"))


async def _answer(request: web.Request, asked: Sequence[int], *, accepts: bool) -> web.Response:
    """Say yes or no to each of these; to none if one of them is not there."""
    desk, person = services_of(request).desk, caller_of(request).actor_uri
    act = answer_invitation.accept if accepts else answer_invitation.decline
    for view in [await _one(request, number) for number in asked]:
        done(await act(desk, person, view.id))
    return told({})


async def _one(request: web.Request, number: int) -> ConversationView:
    """Where somebody waits for the caller.

    Raises:
        DeclinedError: Nobody does.
    """
    conversation_id = found(await find_name(CONVERSATIONS, number))
    view = found(await find_conversation(caller_of(request).actor_uri, conversation_id))
    return found(view if view.state in WAITING and view.inviter is not None else None)


async def _shown(
    request: web.Request, views: Sequence[ConversationView], site: Site
) -> list[Document]:
    waiting = {view.id: view.inviter.uri for view in views if view.inviter is not None}
    faces = await faces_of(list(waiting.values()), services_of(request).space)
    numbers = await numbers_of(CONVERSATIONS, list(waiting))
    return [
        request_entity(view, numbers[view.id], faces[waiting[view.id]], site)
        for view in views
        if waiting.get(view.id) in faces
    ]
