"""What becomes of a message: edited, deleted, reacted to."""

from typing import Final

from aiohttp import web

from federation.commands import message_life
from federation.commands.desk import Made
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from federation.queries.life import VersionView, find_versions
from federation.queries.timeline import find_message
from node.covey_api.call import BASE, Call, caller_of, done, found, read_call
from node.covey_api.documents import Document, answer, items, message
from node.http.routes import Endpoint, Scope

ONE: Final = f"{BASE}/messages/{{id}}"
REACTION: Final = f"{ONE}/reactions/{{emoji}}"


async def edit(request: web.Request) -> web.Response:
    """Let a message of the caller's say something else, to the same people."""
    call = await read_call(request)
    call.keep_audience()
    made = await message_life.edit_message(
        call.services.desk,
        call.caller.actor_uri,
        request.match_info["id"],
        text=call.text("text"),
        characters_max=call.services.limits.message_characters,
        once=call.once,
    )
    return answer(await _document(call, made))


async def delete(request: web.Request) -> web.Response:
    """Delete a message of the caller's; a moderator removes another's."""
    call = await read_call(request)
    made = await message_life.delete_message(
        call.services.desk, call.caller.actor_uri, request.match_info["id"], once=call.once
    )
    document = await _document(call, made)
    return answer(document, status=200 if document["deleted"] or document["removed"] else 202)


async def react(request: web.Request) -> web.Response:
    """React to a message with an emoji."""
    return await _reacted(request, reacts=True)


async def take_back(request: web.Request) -> web.Response:
    """Take a reaction back."""
    return await _reacted(request, reacts=False)


async def list_versions(request: web.Request) -> web.Response:
    """What a message said before it was edited, oldest first."""
    views = await find_versions(caller_of(request).actor_uri, request.match_info["id"])
    return items(_version(view) for view in found(views))


async def _reacted(request: web.Request, *, reacts: bool) -> web.Response:
    call = await read_call(request)
    made = await message_life.react_to(
        call.services.desk,
        call.caller.actor_uri,
        request.match_info["id"],
        emoji=request.match_info["emoji"],
        reacts=reacts,
    )
    return answer(await _document(call, made))


async def _document(call: Call, made: Made | Refused) -> Document:
    view = await find_message(call.caller.actor_uri, done(made).resource)
    return message(found(view))


def _version(view: VersionView) -> Document:
    """What a message said before: `written`, `text`, `html`."""
    return {"written": format_time(view.written_at), "text": view.text, "html": view.html}


ENDPOINTS: Final = (
    Endpoint("PATCH", ONE, edit, Scope.WRITE_STATUSES),
    Endpoint("DELETE", ONE, delete, Scope.WRITE_STATUSES),
    Endpoint("GET", f"{ONE}/edits", list_versions, Scope.READ_STATUSES),
    Endpoint("PUT", REACTION, react, Scope.WRITE_FAVOURITES),
    Endpoint("DELETE", REACTION, take_back, Scope.WRITE_FAVOURITES),
)
