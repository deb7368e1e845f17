"""Messages: posted, read page by page, and what became of each."""

from datetime import datetime
from typing import Final

from aiohttp import web

from federation.commands.post_message import post_message
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.timestamps import parse_time
from federation.queries.timeline import find_delivery, find_message, read_page
from node.covey_api.call import BASE, caller_of, done, found, read_call, services_of
from node.covey_api.conversations import ONE
from node.covey_api.documents import answer, deliveries, items, message
from node.covey_api.previews import card_in
from node.http import paging
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

PATH: Final = f"{ONE}/messages"


async def list_page(request: web.Request) -> web.Response:
    """A page of messages, oldest first; the newest ones without `before`, `after` or `since`."""
    asked = paging.read_page(request)
    page = done(
        await read_page(
            caller_of(request).actor_uri,
            request.match_info["id"],
            before=asked.before,
            after=asked.after,
            since=_since(request, asked),
            limit=asked.limit,
        )
    )
    base_url = services_of(request).space.base_url
    link = paging.link_header(base_url, request, older=page.older, newer=page.newer)
    return items((message(view) for view in page.messages), link=link)


def _since(request: web.Request, asked: paging.Page) -> datetime | None:
    text = request.query.get("since", "")
    if not text:
        return None
    if asked.before or asked.after:
        raise DeclinedError(Problem("bad-request", "Give since, before or after, not two of them."))
    try:
        return parse_time(text)
    except RemoteProtocolError as error:
        raise DeclinedError(Problem("bad-request", "since is a time of RFC 3339.")) from error


async def post(request: web.Request) -> web.Response:
    """Post a message."""
    call = await read_call(request)
    call.keep_audience()
    made = done(
        await post_message(
            call.services.desk,
            call.caller.actor_uri,
            conversation_id=request.match_info["id"],
            text=call.text_or_none("text"),
            characters_max=call.services.limits.message_characters,
            reply_to=call.text_or_none("reply_to"),
            media_ids=call.texts_or_none("media_ids"),
            card=card_in(call),
            once=call.once,
        )
    )
    view = found(await find_message(call.caller.actor_uri, made.resource))
    return answer(message(view), status=201)


async def show(request: web.Request) -> web.Response:
    """One message, as when another quotes it."""
    view = await find_message(caller_of(request).actor_uri, request.match_info["id"])
    return answer(message(found(view)))


async def show_delivery(request: web.Request) -> web.Response:
    """What became of a message of the caller's, host by host."""
    views = await find_delivery(caller_of(request).actor_uri, request.match_info["id"])
    return items(deliveries(found(views)))


ENDPOINTS: Final = (
    Endpoint("GET", PATH, list_page, Scope.READ_STATUSES),
    Endpoint("POST", PATH, post, Scope.WRITE_STATUSES),
    Endpoint("GET", f"{BASE}/messages/{{id}}", show, Scope.READ_STATUSES),
    Endpoint("GET", f"{BASE}/messages/{{id}}/delivery", show_delivery, Scope.READ_STATUSES),
)
