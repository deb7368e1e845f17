"""Where the caller stands in a conversation: accepting, declining, leaving, having read."""

from typing import Final

from aiohttp import web

from federation.commands.answer_invitation import accept as accept_invitation
from federation.commands.answer_invitation import decline as decline_invitation
from federation.commands.leave import leave as leave_conversation
from federation.commands.mark_read import mark_read
from federation.commands.whisper import give_receipt
from node.covey_api.call import done, read_call
from node.covey_api.conversations import ONE, shown
from node.covey_api.documents import answer
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


ENDPOINTS: Final = (
    Endpoint("POST", f"{ONE}/accept", accept, Scope.WRITE_CONVERSATIONS),
    Endpoint("POST", f"{ONE}/decline", decline, Scope.WRITE_CONVERSATIONS),
    Endpoint("POST", f"{ONE}/leave", leave, Scope.WRITE_CONVERSATIONS),
    Endpoint("POST", f"{ONE}/read", read, Scope.WRITE_CONVERSATIONS),
)
