"""A script shows a bearer token; the database holds its hash."""

from datetime import datetime, timedelta
from typing import Final

from aiohttp import hdrs, web

from node.entropy import Entropy
from node.identity.caller import Caller
from node.identity.fingerprint import fingerprint
from node.identity.scopes import as_the_operator_means, parse_scopes, write_scopes
from storage import tokens
from storage.tokens import LiveToken, NewToken

TOUCH_AFTER: Final = timedelta(hours=1)
SCHEME: Final = "bearer"


async def create_token(
    account: str, scopes: frozenset[str], *, entropy: Entropy, now: datetime
) -> str:
    """Make a token of no app; this is the only time it is seen."""
    token = entropy.token()
    scope = write_scopes(scopes)
    await tokens.add_token(NewToken(fingerprint(token), account, scope, now))
    return token


def has_bearer(request: web.Request) -> bool:
    """Whether the request tries to say who is calling by a header."""
    return hdrs.AUTHORIZATION in request.headers


def bearer_of(request: web.Request) -> str:
    """The token that a request carries, or ""."""
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    return token.strip() if scheme.lower() == SCHEME else ""


async def find_bearer_caller(request: web.Request, now: datetime) -> Caller | None:
    """The person whose token this request carries."""
    return await find_token_caller(bearer_of(request), now)


async def find_token_caller(token: str, now: datetime) -> Caller | None:
    """The person whose token this is."""
    found = await tokens.find_token(fingerprint(token), now) if token else None
    if found is None:
        return None
    if found.used_at is None or now - found.used_at > TOUCH_AFTER:
        await tokens.touch_token(found.token_hash, now)
    return Caller(
        account=found.account,
        actor_uri=found.actor_uri,
        role=found.role,
        scopes=_scopes_of(found),
        csrf="",
        credential=found.token_hash,
    )


def _scopes_of(token: LiveToken) -> frozenset[str]:
    scopes = parse_scopes(token.scope) or frozenset()
    return scopes if token.app_id else as_the_operator_means(scopes)
