"""Whom the caller follows, here and elsewhere, and who follows them."""

from typing import Final

from aiohttp import web

from federation.commands import follow as commands
from federation.queries.people import find_follow, list_follows
from federation.queries.profiles import list_followers, list_waiting
from node.covey_api.call import BASE, caller_of, done, found, read_call
from node.covey_api.documents import answer, follow
from node.covey_api.numbered import numbered
from node.http.routes import Endpoint, Scope

PATH: Final = f"{BASE}/follows"
WAITING: Final = f"{BASE}/followers/requests"


async def list_all(request: web.Request) -> web.Response:
    """Whom the caller follows or has asked to follow, newest first."""
    person = caller_of(request).actor_uri
    return await numbered(
        request, lambda before, limit: list_follows(person, before=before, limit=limit), follow
    )


async def list_back(request: web.Request) -> web.Response:
    """Who follows the caller, newest first."""
    person = caller_of(request).actor_uri
    return await numbered(
        request, lambda before, limit: list_followers(person, before=before, limit=limit), follow
    )


async def begin(request: web.Request) -> web.Response:
    """Follow somebody; `state` is pending until they or their server answer."""
    call = await read_call(request)
    author = call.caller.actor_uri
    followed, _ = done(
        await commands.follow(call.services.desk, author, call.text("acct"), once=call.once)
    )
    return answer(follow(found(await find_follow(author, followed))), status=201)


async def end(request: web.Request) -> web.Response:
    """Follow somebody no longer."""
    call = await read_call(request)
    acct = request.match_info["acct"]
    done(await commands.unfollow(call.services.desk, call.caller.actor_uri, acct))
    return web.Response(status=204)


async def list_waiting_people(request: web.Request) -> web.Response:
    """Who waits for the caller's yes to follow them, newest first."""
    person = caller_of(request).actor_uri
    return await numbered(
        request, lambda before, limit: list_waiting(person, before=before, limit=limit), follow
    )


async def accept(request: web.Request) -> web.Response:
    """Let somebody follow the caller who waits for that."""
    return await _answered(request, accepts=True)


async def decline(request: web.Request) -> web.Response:
    """Let somebody not follow the caller; they are told."""
    return await _answered(request, accepts=False)


async def _answered(request: web.Request, *, accepts: bool) -> web.Response:
    call = await read_call(request)
    person, acct = call.caller.actor_uri, request.match_info["acct"]
    done(await commands.answer_follow(call.services.desk, person, acct, accepts=accepts))
    return web.Response(status=204)


ENDPOINTS: Final = (
    Endpoint("GET", PATH, list_all, Scope.READ_FOLLOWS),
    Endpoint("GET", f"{BASE}/followers", list_back, Scope.READ_FOLLOWS),
    Endpoint("GET", WAITING, list_waiting_people, Scope.READ_FOLLOWS),
    Endpoint("POST", f"{WAITING}/{{acct}}/accept", accept, Scope.WRITE_FOLLOWS),
    Endpoint("POST", f"{WAITING}/{{acct}}/decline", decline, Scope.WRITE_FOLLOWS),
    Endpoint("POST", PATH, begin, Scope.WRITE_FOLLOWS),
    Endpoint("DELETE", f"{PATH}/{{acct}}", end, Scope.WRITE_FOLLOWS),
)
