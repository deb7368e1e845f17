"""Where the caller stands in a conversation: accepting, declining, leaving, having read."""

from typing import Final

from aiohttp import web

from federation.commands.answer_invitation import accept as accept_invitation
from federation.commands.answer_invitation import decline as decline_invitation
from federation.commands.hush import forget
from federation.commands.leave import leave as leave_conversation
from federation.commands.mark_read import mark_read
from federation.commands.whisper import give_receipt
from federation.protocol.timestamps import format_time
from federation.queries.strangers import find_stranger
from node.covey_api.call import caller_of, done, found, read_call, services_of
from node.covey_api.conversations import ONE, shown
from node.covey_api.documents import answer
from node.covey_api.documents import person as shown_person
from node.http.routes import Endpoint, Scope


async def accept(request: web.Request) -> web.Response:
    """Accept an invitation; the conversation is `joining` until its home confirms it."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(await accept_invitation(call.services.desk, person, conversation_id, once=call.once))
    return answer(await shown(person, conversation_id), status=202)


async def decline(request: web.Request) -> web.Response:
    """Decline an invitation."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(await decline_invitation(call.services.desk, person, conversation_id, once=call.once))
    return answer(await shown(person, conversation_id))


async def leave(request: web.Request) -> web.Response:
    """Leave a group, at once."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(await leave_conversation(call.services.desk, person, conversation_id, once=call.once))
    return answer(await shown(person, conversation_id))


async def read(request: web.Request) -> web.Response:
    """Mark everything up to the message `up_to` as read."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(
        await mark_read(
            person,
            acct=f"{call.caller.account}@{call.services.space.account_domain}",
            conversation_id=conversation_id,
            up_to=call.text("up_to"),
            now=call.services.clock(),
        )
    )
    await give_receipt(call.services.whispers, person, conversation_id, call.text("up_to"))
    return answer(await shown(person, conversation_id))


async def show_request(request: web.Request) -> web.Response:
    """Who waits there for the caller's answer, and what there is to know of them."""
    person, conversation_id = caller_of(request).actor_uri, request.match_info["id"]
    view = found(await find_stranger(person, conversation_id))
    return answer(
        {
            **shown_person(view.person),
            "host": view.host,
            "first_seen": format_time(view.first_seen_at) if view.first_seen_at else None,
            "groups": [{"id": one.id, "title": one.title or None} for one in view.groups],
            "contacts": [shown_person(one) for one in view.contacts],
        }
    )


async def delete_request(request: web.Request) -> web.Response:
    """Delete the messages of a stranger that wait there, who is not told and may write again."""
    person, conversation_id = caller_of(request).actor_uri, request.match_info["id"]
    done(await forget(person, conversation_id, services_of(request).clock()))
    return web.Response(status=204)


ENDPOINTS: Final = (
    Endpoint("POST", f"{ONE}/accept", accept, Scope.WRITE_CONVERSATIONS),
    Endpoint("POST", f"{ONE}/decline", decline, Scope.WRITE_CONVERSATIONS),
    Endpoint("GET", f"{ONE}/request", show_request, Scope.READ_GROUPS),
    Endpoint("DELETE", f"{ONE}/request", delete_request, Scope.WRITE_CONVERSATIONS),
    Endpoint("POST", f"{ONE}/leave", leave, Scope.WRITE_CONVERSATIONS),
    Endpoint("POST", f"{ONE}/read", read, Scope.WRITE_CONVERSATIONS),
)
