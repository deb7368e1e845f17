"""Who the caller is, and what they let others know of what they do."""

from typing import Final

from aiohttp import web

from federation.commands.habits import change_habits
from federation.queries.people import find_by_uri, find_habits
from node.covey_api.call import BASE, caller_of, found, read_call
from node.covey_api.documents import Document, answer, person
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = f"{BASE}/me"


async def show_me(request: web.Request) -> web.Response:
    """The account that calls."""
    return answer(await _shown(caller_of(request)))


async def change_me(request: web.Request) -> web.Response:
    """Turn receipts or typing notices on or off."""
    call = await read_call(request)
    await change_habits(
        call.caller.actor_uri, receipts=call.switch("receipts"), typing=call.switch("typing")
    )
    return answer(await _shown(call.caller))


async def _shown(caller: Caller) -> Document:
    view = found(await find_by_uri(caller.actor_uri))
    habits = await find_habits(caller.actor_uri)
    return {
        "id": caller.account,
        **person(view),
        "role": caller.role,
        "receipts": habits.receipts,
        "typing": habits.typing,
    }


ENDPOINTS: Final = (
    Endpoint("GET", PATH, show_me, Scope.READ_ACCOUNTS),
    Endpoint("PATCH", PATH, change_me, Scope.WRITE_ACCOUNTS),
)
