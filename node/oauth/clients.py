"""Which app calls: it says so in the body, in Basic, or in both alike.

Source: clients.md 2.1; RFC 6749 section 2.3.1
"""

import base64
import binascii
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import unquote_plus

from aiohttp import hdrs, web

from node.http.fields import Fields
from node.identity.apps import App, prove_app
from node.oauth.answers import declined


@dataclass(frozen=True, slots=True)
class _Shown:
    client_id: str
    secret: str


async def find_client(request: web.Request, fields: Fields) -> App | None:
    """The app that calls, if it has shown that it is the one."""
    said = _Shown(fields.text("client_id"), fields.text("client_secret"))
    basic = _basic(request)
    if basic is None:
        return await prove_app(said.client_id, said.secret)
    is_alike = said.client_id in {"", basic.client_id} and said.secret in {"", basic.secret}
    return await prove_app(basic.client_id, basic.secret) if is_alike else None


def no_client(request: web.Request) -> web.Response:
    """The answer to whoever is no app, or has not shown it."""
    tried = hdrs.AUTHORIZATION in request.headers
    headers = {"WWW-Authenticate": 'Basic realm="Covey"'} if tried else None
    return declined("invalid_client", status=HTTPStatus.UNAUTHORIZED, headers=headers)


def _basic(request: web.Request) -> _Shown | None:
    scheme, _, coded = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(coded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return _Shown("", "")
    client_id, _, secret = text.partition(":")
    return _Shown(unquote_plus(client_id), unquote_plus(secret))
