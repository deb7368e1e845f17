"""What people of a conversation hear in passing, and what somebody does not want to hear."""

from typing import Final

from aiohttp import web

from federation.commands import hush, whisper
from federation.queries.presence import PresenceView, list_presence
from node.covey_api.call import caller_of, done, found, read_call, services_of
from node.covey_api.conversations import ONE, shown
from node.covey_api.documents import Document, answer, items, person
from node.http.routes import Endpoint, Scope


async def type_in(request: web.Request) -> web.Response:
    """Let the others see that the caller types, for at most ten seconds."""
    call = await read_call(request)
    whispers, person = call.services.whispers, call.caller.actor_uri
    done(await whisper.type_in(whispers, person, request.match_info["id"]))
    return web.Response(status=204)


async def refuse(request: web.Request) -> web.Response:
    """Discard further messages to a direct conversation's people here; nobody else is told.

    Of a group that the caller is not in every invitation is declined from here on.
    """
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    desk, now = call.services.desk, call.services.clock()
    done(await hush.refuse(desk, person, conversation_id, now=now))
    return answer(await shown(person, conversation_id))


async def be_asked(request: web.Request) -> web.Response:
    """Let oneself be asked into a group again."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(await hush.be_asked(person, conversation_id))
    return answer(await shown(person, conversation_id))


async def show(request: web.Request) -> web.Response:
    """Who of the others is active, and how far each has read, as far as that is told."""
    services, conversation_id = services_of(request), request.match_info["id"]
    now = services.clock()
    views = await list_presence(
        caller_of(request).actor_uri,
        conversation_id,
        typed=services.whispers.typists.lately(conversation_id, now),
        now=now,
    )
    return items(_presence(view) for view in found(views))


def _presence(view: PresenceView) -> Document:
    """Somebody in a conversation: a person with `active` and `read_up_to`."""
    return {
        **person(view.person),
        "active": view.is_active,
        "read_up_to": view.read_up_to or None,
    }


ENDPOINTS: Final = (
    Endpoint("POST", f"{ONE}/typing", type_in, Scope.WRITE_STATUSES),
    Endpoint("POST", f"{ONE}/refuse", refuse, Scope.WRITE_CONVERSATIONS),
    Endpoint("DELETE", f"{ONE}/refuse", be_asked, Scope.WRITE_CONVERSATIONS),
    Endpoint("GET", f"{ONE}/presence", show, Scope.READ_GROUPS),
)
