"""People, found by name here or by their full address anywhere."""

from typing import Final

from aiohttp import web

from federation.commands.people import find_person
from federation.queries.people import person_view, search_people
from node.covey_api.call import BASE, caller_of, done, read_call
from node.covey_api.documents import answer, items, person
from node.http.paging import read_page
from node.http.routes import Endpoint, Scope


async def find(request: web.Request) -> web.Response:
    """People whose handle or name begins with `q`."""
    page = read_page(request)
    person_uri = caller_of(request).actor_uri
    views = await search_people(person_uri, request.query.get("q", ""), limit=page.limit)
    return items(person(view) for view in views)


async def resolve(request: web.Request) -> web.Response:
    """The person behind an address, whose server is asked if need be."""
    call = await read_call(request)
    actor = done(await find_person(call.services.desk, call.text("acct")))
    return answer(person(person_view(actor)))


ENDPOINTS: Final = (
    Endpoint("GET", f"{BASE}/people", find, Scope.READ_ACCOUNTS),
    Endpoint("POST", f"{BASE}/people/resolve", resolve, Scope.READ_SEARCH),
)
