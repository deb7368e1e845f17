"""An app registers by RFC 7591."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from aiohttp import hdrs, web

from federation.protocol import strict_json
from node.http.errors import DeclinedError
from node.http.fields import BODY_BYTES
from node.http.limits import JSON, read_body
from node.http.problem import Problem
from node.http.routes import Endpoint
from node.identity.apps import Registered
from node.identity.scopes import write_scopes
from node.oauth.answers import declined, for_programs, told
from node.oauth.context import OAuthContext
from node.oauth.registering import register
from node.oauth.registration import CODE_GRANT, PUBLIC, REFRESH_GRANT, Unfit, judge_metadata

PATH: Final = "/oauth/register"
NO_JSON: Final = "The metadata of a client is a JSON object."


def endpoints(context: OAuthContext) -> tuple[Endpoint, ...]:
    """POST /oauth/register."""

    async def create(request: web.Request) -> web.Response:
        if request.headers.getall(hdrs.CONTENT_TYPE, []) and request.content_type != JSON:
            return declined("invalid_client_metadata", description=NO_JSON)
        document = strict_json.loads(await read_body(request, BODY_BYTES))
        new = judge_metadata(document, is_document=False)
        if isinstance(new, Unfit):
            return declined(new.word, description=new.reason)
        made = await register(request, new, context)
        if isinstance(made, Problem):
            raise DeclinedError(made)
        return told(_shown(made), status=HTTPStatus.CREATED)

    return for_programs("POST", PATH, create)


def _shown(made: Registered) -> Mapping[str, Any]:
    app = made.app
    secret = {"client_secret": made.secret, "client_secret_expires_at": 0} if made.secret else {}
    return {
        "client_id": app.id,
        "client_id_issued_at": int(app.seen_at.timestamp()),
        **secret,
        "client_name": app.name,
        **({"client_uri": app.website} if app.website else {}),
        "redirect_uris": list(app.redirect_uris),
        "grant_types": [CODE_GRANT, *([REFRESH_GRANT] if app.refreshes else [])],
        "response_types": ["code"],
        "scope": write_scopes(app.scopes),
        "token_endpoint_auth_method": "client_secret_basic" if made.secret else PUBLIC,
    }
