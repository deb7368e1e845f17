"""The caller finds people, conversations and messages of theirs by words."""

from typing import Final

from aiohttp import web

from federation.queries import search
from node.covey_api.call import BASE, caller_of, done, services_of
from node.covey_api.documents import answer, conversation, message, person
from node.http.paging import link_header, read_page
from node.http.routes import Endpoint, Scope


async def find(request: web.Request) -> web.Response:
    """Messages with all words of `q`, newest first; on the first page people and groups as well.

    A page reads only so many messages. Its `Link` leads on, also where it has found nothing.
    """
    page = read_page(request)
    words = request.query.get("q", "")
    found = done(
        await search.search(
            caller_of(request).actor_uri, words, before=page.before, limit=page.limit
        )
    )
    link = link_header(services_of(request).space.base_url, request, older=found.older)
    document = {
        "items": [message(view) for view in found.messages],
        "people": [person(view) for view in found.people],
        "conversations": [conversation(view) for view in found.conversations],
    }
    return answer(document, headers={"Link": link} if link else None)


ENDPOINTS: Final = (Endpoint("GET", f"{BASE}/search", find, Scope.READ_SEARCH),)
