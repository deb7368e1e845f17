"""What the caller sets for a conversation by themselves; nobody else is told."""

from datetime import datetime
from typing import Final

from aiohttp import web

from federation.commands import preferences
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.timestamps import parse_time
from node.covey_api.call import Call, done, read_call
from node.covey_api.conversations import ONE, shown
from node.covey_api.documents import answer
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

DRAFT: Final = f"{ONE}/draft"
SWITCHES: Final = ("pinned", "archived", "marked_unread")


async def mute(request: web.Request) -> web.Response:
    """Let a conversation make no noise, until a time or for good."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(
        await preferences.mute(
            person,
            conversation_id,
            now=call.services.clock(),
            until=_time(call, "until"),
            mentions_too=call.switch("mentions") or False,
        )
    )
    return answer(await shown(person, conversation_id))


async def unmute(request: web.Request) -> web.Response:
    """Let a conversation make noise again."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    done(await preferences.unmute(person, conversation_id, call.services.clock()))
    return answer(await shown(person, conversation_id))


async def arrange(request: web.Request) -> web.Response:
    """Pin a conversation, put it away, mark it as unread, or the reverse."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    said = {name: call.switch(name) for name in SWITCHES}
    wanted = {name: value for name, value in said.items() if value is not None}
    done(await preferences.arrange(person, conversation_id, wanted, call.services.clock()))
    return answer(await shown(person, conversation_id))


async def keep_draft(request: web.Request) -> web.Response:
    """Keep what the caller has begun to write, for their other devices."""
    call = await read_call(request)
    draft = preferences.Draft(
        call.text_or_none("text"), call.text_or_none("reply_to"), call.texts_or_none("media_ids")
    )
    return await _kept(request, call, draft)


async def drop_draft(request: web.Request) -> web.Response:
    """Forget what the caller has begun to write."""
    return await _kept(request, await read_call(request), preferences.Draft())


async def _kept(request: web.Request, call: Call, draft: preferences.Draft) -> web.Response:
    done(
        await preferences.keep_draft(
            preferences.Writer(call.caller.actor_uri, call.caller.account),
            request.match_info["id"],
            draft,
            characters_max=call.services.limits.message_characters,
            now=call.services.clock(),
        )
    )
    return web.Response(status=204)


def _time(call: Call, name: str) -> datetime | None:
    text = call.text_or_none(name)
    if not text:
        return None
    try:
        return parse_time(text)
    except RemoteProtocolError as error:
        raise DeclinedError(Problem("unprocessable", f"{name} is a time of RFC 3339.")) from error


ENDPOINTS: Final = (
    Endpoint("POST", f"{ONE}/mute", mute, Scope.WRITE_MUTES),
    Endpoint("DELETE", f"{ONE}/mute", unmute, Scope.WRITE_MUTES),
    Endpoint("PATCH", f"{ONE}/preferences", arrange, Scope.WRITE_CONVERSATIONS),
    Endpoint("PUT", DRAFT, keep_draft, Scope.WRITE_STATUSES),
    Endpoint("DELETE", DRAFT, drop_draft, Scope.WRITE_STATUSES),
)
