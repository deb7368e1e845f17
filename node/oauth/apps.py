"""An app registers as Mastodon's clients do, and asks who it is."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from node.http.errors import DeclinedError
from node.http.fields import Fields, of_query, read_fields
from node.http.problem import Problem
from node.http.routes import Endpoint
from node.identity.apps import App, find_app
from node.identity.bearer import bearer_of
from node.identity.consents import find_holder
from node.identity.scopes import write_scopes
from node.oauth.answers import INVALID, for_programs, refused, told
from node.oauth.context import OAuthContext
from node.oauth.registering import register
from node.oauth.registration import Unfit, judge_app

PATH: Final = "/api/v1/apps"
NEVER: Final = 0


def endpoints(context: OAuthContext) -> tuple[Endpoint, ...]:
    """POST /api/v1/apps, and who an app is."""

    async def create(request: web.Request) -> web.Response:
        said = await _said(request)
        new = judge_app(
            said.text("client_name"), _addresses(said), said.text("scopes"), said.text("website")
        )
        if isinstance(new, Unfit):
            return refused(HTTPStatus.UNPROCESSABLE_ENTITY, f"Validation failed: {new.reason}")
        made = await register(request, new, context)
        if isinstance(made, Problem):
            raise DeclinedError(made)
        secrets = {
            "client_id": made.app.id,
            "client_secret": made.secret,
            "client_secret_expires_at": NEVER,
        }
        return told({**_shown(made.app), **secrets})

    async def verify(request: web.Request) -> web.Response:
        token = bearer_of(request)
        client_id = await find_holder(token, context.now()) if token else None
        app = await find_app(client_id) if client_id else None
        if app is None:
            return refused(HTTPStatus.UNAUTHORIZED, INVALID)
        return told(_shown(app))

    return (
        *for_programs("POST", PATH, create),
        *for_programs("GET", f"{PATH}/verify_credentials", verify),
    )


async def _said(request: web.Request) -> Fields:
    """The body, or the query where there is none."""
    said = await read_fields(request)
    return said if said.values else of_query(request.rel_url.raw_query_string)


def _addresses(said: Fields) -> list[str]:
    """Parted by white space, or each by itself."""
    return [each for text in said.texts("redirect_uris") for each in text.split()]


def _shown(app: App) -> Mapping[str, Any]:
    return {
        "id": app.number,
        "name": app.name,
        "website": app.website or None,
        "redirect_uri": "\n".join(app.redirect_uris),
        "redirect_uris": list(app.redirect_uris),
        "scopes": write_scopes(app.scopes).split(),
        # Nothing is pushed from here.
        "vapid_key": None,
    }
