"""People, found by name here or by their full address anywhere."""

from typing import Final

from aiohttp import web

from federation.commands.people import find_known, find_person, software_of
from federation.queries.people import person_view, search_people
from federation.queries.profiles import ProfileView, view_profile
from federation.queries.reach import ReachView, reach_of
from federation.queries.warnings import FitView, fit_of
from node.covey_api.call import BASE, caller_of, done, found, read_call, services_of
from node.covey_api.documents import Document, answer, items, person, warning
from node.http.paging import read_page
from node.http.routes import Endpoint, Scope


async def find(request: web.Request) -> web.Response:
    """People whose handle or name begins with `q`."""
    page = read_page(request)
    person_uri = caller_of(request).actor_uri
    views = await search_people(person_uri, request.query.get("q", ""), limit=page.limit)
    return items(person(view) for view in views)


async def resolve(request: web.Request) -> web.Response:
    """The person behind an address, whose server is asked if need be.

    With `check` the answer says as well how they take part in conversations.
    """
    call = await read_call(request)
    desk = call.services.desk
    actor = done(await find_person(desk, call.text("acct")))
    shown = person(person_view(actor))
    if call.switch("check"):
        named = await software_of(desk, [actor])
        shown |= _fit(fit_of(actor, named.get(actor.uri)))
        shown |= _reach(await reach_of(call.caller.actor_uri, actor))
    return answer(shown)


async def show(request: web.Request) -> web.Response:
    """Somebody who is known here, as their profile shows them to the caller."""
    acct = request.match_info["acct"]
    known = found(await find_known(services_of(request).desk, acct))
    return answer(_profile(found(await view_profile(caller_of(request).actor_uri, known.uri))))


def _fit(view: FitView) -> Document:
    return {
        "aware": view.is_aware,
        "software": view.software or None,
        "takes_one": view.takes_one,
        "people_max": view.people_max,
        "warnings": [warning(each) for each in view.warnings],
    }


def _reach(view: ReachView) -> Document:
    """Who may write to them and invite them, and how they take what the caller sends."""
    return {
        "writers": view.writers or None,
        "inviters": view.inviters or None,
        "writing": view.writing or None,
        "inviting": view.inviting or None,
    }


def _profile(view: ProfileView) -> Document:
    """A person with what they say of themselves, and how the caller stands to them."""
    return {
        **person(view.person),
        "bio": view.bio,
        "fields": [{"name": label, "value": value} for label, value in view.details],
        "host": view.host,
        "software": view.software or None,
        "aware": view.is_aware,
        "following": view.follow or None,
        "follows_me": view.is_follower,
        "blocked": view.is_blocked,
        "muted": view.is_muted,
        **_reach(view.reach),
        "shared": [
            {"id": each.id, "kind": each.kind, "title": each.title or None} for each in view.shared
        ],
    }


ENDPOINTS: Final = (
    Endpoint("GET", f"{BASE}/people", find, Scope.READ_ACCOUNTS),
    Endpoint("POST", f"{BASE}/people/resolve", resolve, Scope.READ_SEARCH),
    Endpoint("GET", f"{BASE}/people/{{acct}}", show, Scope.READ_ACCOUNTS),
)
