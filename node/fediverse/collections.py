"""A person's public lists: followers, following, and an outbox in which nothing is public."""

from typing import Final

from aiohttp import web

from federation.queries import served_people
from federation.queries.served_people import FOLLOWERS, FOLLOWING, FollowList
from node.app_keys import SERVICES
from node.fediverse.answering import answering
from node.http.routes import Endpoint, Scope


async def _outbox(request: web.Request) -> web.Response:
    space = request.app[SERVICES].space
    return answering(await served_people.outbox(space, request.match_info["name"]))


async def _followers(request: web.Request) -> web.Response:
    return await _follow_list(request, FOLLOWERS)


async def _following(request: web.Request) -> web.Response:
    return await _follow_list(request, FOLLOWING)


async def _follow_list(request: web.Request, side: FollowList) -> web.Response:
    answer = await served_people.follow_list(
        request.app[SERVICES].space,
        request.match_info["name"],
        side=side,
        page_number=request.query.get("page"),
    )
    return answering(answer)


ENDPOINTS: Final = (
    Endpoint("GET", "/u/{name}/outbox", _outbox, Scope.ANYONE),
    Endpoint("GET", "/u/{name}/followers", _followers, Scope.ANYONE),
    Endpoint("GET", "/u/{name}/following", _following, Scope.ANYONE),
)
