"""Links by which people join a group whose home is here."""

from datetime import timedelta
from typing import Final

from aiohttp import web

from federation.commands.join_links import drop_link, judge_inviter, make_link
from federation.protocol.timestamps import format_time
from federation.queries.join_links import LinkView, list_links
from node.covey_api.call import Call, caller_of, declined, done, read_call, services_of
from node.covey_api.conversations import ONE, group_shown
from node.covey_api.documents import Document, answer, items
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

USES: Final = 25
OPEN_FOR_S: Final = 7 * 24 * 3600


async def make(request: web.Request) -> web.Response:
    """Make a link for `uses` people and `expires_in_s` seconds; its address is shown this once."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    await group_shown(person, conversation_id)
    made = done(
        await make_link(
            call.services.desk,
            person,
            conversation_id,
            uses=_number(call, "uses", USES),
            open_for=timedelta(seconds=_number(call, "expires_in_s", OPEN_FOR_S)),
        )
    )
    document = {
        "id": made.id,
        "url": made.url,
        "uses_left": made.uses_left,
        "expires": format_time(made.ends_at),
    }
    return answer(document, status=201)


def _number(call: Call, name: str, default: int) -> int:
    value = call.body.get(name, default)
    if type(value) is not int or abs(value) > OPEN_FOR_S * 10:
        raise DeclinedError(Problem("unprocessable", f"{name} must be a number."))
    return value


async def list_all(request: web.Request) -> web.Response:
    """The links that can be used, for who may invite."""
    person, conversation_id = caller_of(request).actor_uri, request.match_info["id"]
    await group_shown(person, conversation_id)
    refused = await judge_inviter(person, conversation_id)
    if refused is not None:
        raise declined(refused)
    views = await list_links(conversation_id, services_of(request).clock())
    return items(_link(view) for view in views)


async def end(request: web.Request) -> web.Response:
    """End a link."""
    call = await read_call(request)
    person, conversation_id = call.caller.actor_uri, request.match_info["id"]
    await group_shown(person, conversation_id)
    done(await drop_link(person, conversation_id, request.match_info["link"]))
    return web.Response(status=204)


LINKS: Final = f"{ONE}/links"


def _link(view: LinkView) -> Document:
    """A join link; its address is shown to its maker alone, and once."""
    return {
        "id": view.id,
        "maker": view.maker,
        "uses_left": view.uses_left,
        "created": format_time(view.made_at),
        "expires": format_time(view.ends_at),
    }


ENDPOINTS: Final = (
    Endpoint("POST", LINKS, make, Scope.WRITE_GROUPS),
    Endpoint("GET", LINKS, list_all, Scope.READ_GROUPS),
    Endpoint("DELETE", f"{LINKS}/{{link}}", end, Scope.WRITE_GROUPS),
)
