"""A code, an app's own secret or a refresh token gets a token: RFC 6749 section 4."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from node.http.fields import Fields, read_fields
from node.http.routes import Endpoint
from node.identity import consents
from node.identity.apps import App, note_use
from node.identity.consents import Given
from node.identity.scopes import READ, covers_all, parse_scopes
from node.oauth.answers import declined, for_programs, told
from node.oauth.clients import find_client, no_client
from node.oauth.context import OAuthContext
from node.oauth.grants import Bound, Shown, is_good

PATH: Final = "/oauth/token"
# What may stand there once; the rest is ignored, for clients that say more than they must.
ONCE: Final = (
    *("grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier"),
    "refresh_token",
)
MISSING: Final = "Missing required parameter: {name}."

# What is given for a grant, or a word of RFC 6749 section 5.2.
Grant = Callable[[App, Fields, OAuthContext], Awaitable[Given | str]]


def endpoints(context: OAuthContext) -> tuple[Endpoint, ...]:
    """POST /oauth/token."""

    async def give(request: web.Request) -> web.Response:
        fields = await read_fields(request)
        fault = _fault(fields)
        if fault is not None:
            return fault
        app = await find_client(request, fields)
        if app is None:
            return no_client(request)
        grant, _ = GRANTS[fields.text("grant_type")]
        given = await grant(app, fields, context)
        if isinstance(given, str):
            return declined(given)
        await note_use(app, context.now())
        return told(_shown(given))

    return for_programs("POST", PATH, give)


def _fault(fields: Fields) -> web.Response | None:
    if fields.is_said_twice(ONCE):
        return declined("invalid_request")
    name = fields.text("grant_type")
    if not name:
        return declined("invalid_request", description=MISSING.format(name="grant_type"))
    if name not in GRANTS:
        return declined("unsupported_grant_type")
    missing = next((each for each in GRANTS[name][1] if not fields.text(each)), "")
    return (
        declined("invalid_request", description=MISSING.format(name=missing)) if missing else None
    )


async def _by_code(app: App, fields: Fields, context: OAuthContext) -> Given | str:
    consent, now = await consents.find_consent(fields.text("code")), context.now()
    if consent is None or consent.app_id != app.id:
        return "invalid_grant"
    bound = Bound(consent.app_id, consent.redirect_uri, consent.challenge, consent.code_until)
    shown = Shown(fields.text("redirect_uri"), fields.text("code_verifier"))
    # One that was used goes on, to end what came of it.
    if not consent.is_used and not is_good(bound, shown, app, now):
        return "invalid_grant"
    given = await consents.use_code(consent, app, entropy=context.entropy, now=now)
    return given or "invalid_grant"


async def _by_secret(app: App, fields: Fields, context: OAuthContext) -> Given | str:
    if not app.is_confidential:
        return "unauthorized_client"
    scope = " ".join(dict.fromkeys((fields.text("scope") or READ).split()))
    scopes = parse_scopes(scope)
    if scopes is None or not covers_all(app.scopes, scopes):
        return "invalid_scope"
    return await consents.give_own_token(app, scope, entropy=context.entropy, now=context.now())


async def _by_refresh(app: App, fields: Fields, context: OAuthContext) -> Given | str:
    if not app.refreshes:
        return "unauthorized_client"
    given = await consents.refresh_token(
        app, fields.text("refresh_token"), entropy=context.entropy, now=context.now()
    )
    return given or "invalid_grant"


# What each needs beside its app. The password of a person is none.
GRANTS: Final[Mapping[str, tuple[Grant, tuple[str, ...]]]] = {
    "authorization_code": (_by_code, ("code", "redirect_uri")),
    "client_credentials": (_by_secret, ()),
    "refresh_token": (_by_refresh, ("refresh_token",)),
}


def _shown(given: Given) -> Mapping[str, Any]:
    document: dict[str, Any] = {
        "access_token": given.token,
        "token_type": "Bearer",
        "scope": given.scope,
        "created_at": int(given.created_at.timestamp()),
    }
    if given.actor_uri:
        document |= {"activitypub_actor_id": given.actor_uri, "me": given.actor_uri}
    if given.lasts is not None:
        document["expires_in"] = int(given.lasts.total_seconds())
    return document | ({"refresh_token": given.refresh} if given.refresh else {})
