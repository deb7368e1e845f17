"""An app gives a token back (RFC 7009)."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from node.http.fields import read_fields
from node.http.routes import Endpoint
from node.identity.consents import Revoking
from node.identity.consents import revoke as revoke_token
from node.oauth.answers import declined, for_programs, told
from node.oauth.clients import find_client
from node.oauth.context import OAuthContext
from node.oauth.token import MISSING

PATH: Final = "/oauth/revoke"
FOREIGN: Final = "You are not authorized to revoke this token"


def endpoints(context: OAuthContext) -> tuple[Endpoint, ...]:
    """POST /oauth/revoke."""

    async def revoke(request: web.Request) -> web.Response:
        fields = await read_fields(request)
        app, token = await find_client(request, fields), fields.text("token")
        if app is None:
            return _foreign()
        if not token:
            return declined("invalid_request", description=MISSING.format(name="token"))
        if await revoke_token(app, token, context.now()) is Revoking.FOREIGN:
            return _foreign()
        return told({})

    return for_programs("POST", PATH, revoke)


def _foreign() -> web.Response:
    """As Mastodon answers, to whom no client of that family listens."""
    return declined("unauthorized_client", status=HTTPStatus.FORBIDDEN, description=FOREIGN)
