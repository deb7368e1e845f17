"""What a page says of itself, looked at for somebody who is about to send its address."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from aiohttp import web

from federation.commands.preview import judge_card
from federation.protocol.card import Card
from node.covey_api.call import BASE, Call, done, read_call
from node.covey_api.documents import answer
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope


async def look(request: web.Request) -> web.Response:
    """What the page at an address says of itself, to be sent along with a message."""
    call = await read_call(request)
    found = done(await call.services.previews.look(call.caller.actor_uri, call.text("url")))
    return answer(asdict(found))


def card_in(call: Call) -> Card | None:
    """The `preview` of a message, or None.

    Raises:
        DeclinedError: It is none, or the text does not link to it.
    """
    said = call.body.get("preview")
    if said is None:
        return None
    if not isinstance(said, Mapping):
        raise DeclinedError(Problem("unprocessable", "preview is an object."))
    url, title, description = (said.get(name) for name in ("url", "title", "description"))
    if not isinstance(url, str) or not isinstance(title, str):
        raise DeclinedError(Problem("unprocessable", "preview has the texts url and title."))
    more = description if isinstance(description, str) else ""
    return done(judge_card(call.text_or_none("text"), url, title, more))


ENDPOINTS: Final = (Endpoint("POST", f"{BASE}/previews", look, Scope.WRITE_STATUSES),)
