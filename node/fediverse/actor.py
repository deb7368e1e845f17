"""A person's address introduces them: to servers by their document, to browsers by a page."""

from collections.abc import Callable
from typing import Final

from aiohttp import hdrs, web

from federation.queries import served_people
from federation.queries.served_people import Profile, find_profile
from node.app_keys import SERVICES
from node.fediverse.answering import OPEN, answering
from node.http.negotiate import wants_activity
from node.http.routes import Endpoint, Scope

PERSON: Final = "/u/{name}"
INSTANCE: Final = "/actor"
MESSAGE_PAGE: Final = "/m/{id}"

# Answers a request for a person's page from what they are called and their handle.
PersonPage = Callable[[web.Request, str, str], web.Response]


def endpoints(person_page: PersonPage) -> tuple[Endpoint, ...]:
    """Persons, the node's own actor, and the address that a message has for browsers."""

    async def show(request: web.Request) -> web.Response:
        if _wants_activity(request):
            space = request.app[SERVICES].space
            return answering(await served_people.person(space, request.match_info["name"]))
        return await _page(request, person_page)

    return (
        Endpoint("GET", PERSON, show, Scope.ANYONE),
        Endpoint("GET", INSTANCE, _instance, Scope.ANYONE),
        Endpoint("GET", MESSAGE_PAGE, _message_page, Scope.ANYONE),
    )


async def _page(request: web.Request, person_page: PersonPage) -> web.Response:
    space = request.app[SERVICES].space
    profile = await find_profile(space, request.match_info["name"])
    if not isinstance(profile, Profile):
        return answering(profile)
    page = person_page(request, profile.name, profile.handle)
    page.headers.update(OPEN)
    return page


async def _instance(request: web.Request) -> web.Response:
    return answering(await served_people.instance(request.app[SERVICES].space))


async def _message_page(request: web.Request) -> web.Response:
    """No message has a public page, so every id leads a browser to the door."""
    if _wants_activity(request):
        raise web.HTTPNotFound
    raise web.HTTPSeeOther("/", headers=OPEN)


def _wants_activity(request: web.Request) -> bool:
    return wants_activity(",".join(request.headers.getall(hdrs.ACCEPT, ())))
