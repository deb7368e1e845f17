"""Whose token an app holds, in the words of OpenID Connect."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from federation.queries.people import find_by_uri
from node.http.routes import Endpoint
from node.identity.bearer import find_bearer_caller
from node.identity.scopes import PROFILE, READ, covers
from node.oauth.answers import INVALID, OUTSIDE, for_programs, refused, told
from node.oauth.context import OAuthContext

PATH: Final = "/oauth/userinfo"


def endpoints(context: OAuthContext) -> tuple[Endpoint, ...]:
    """GET /oauth/userinfo."""

    async def show(request: web.Request) -> web.Response:
        caller = await find_bearer_caller(request, context.now())
        view = await find_by_uri(caller.actor_uri) if caller is not None else None
        if caller is None or view is None:
            return refused(HTTPStatus.UNAUTHORIZED, INVALID)
        if not covers(caller.scopes, PROFILE) and not covers(caller.scopes, READ):
            return refused(HTTPStatus.FORBIDDEN, OUTSIDE)
        return told(
            {
                "iss": context.base_url,
                "sub": caller.actor_uri,
                "name": view.name or caller.account,
                "preferred_username": caller.account,
                "profile": caller.actor_uri,
                "picture": view.icon or None,
            }
        )

    return for_programs("GET", PATH, show)
