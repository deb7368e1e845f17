"""A script shows a bearer token; the database holds its hash."""

from datetime import datetime, timedelta
from typing import Final

from aiohttp import hdrs, web

from node.entropy import Entropy
from node.identity.caller import Caller
from node.identity.fingerprint import fingerprint
from node.identity.scopes import parse_scopes, write_scopes
from storage import tokens

TOUCH_AFTER: Final = timedelta(hours=1)
SCHEME: Final = "bearer"


async def create_token(
    account: str, scopes: frozenset[str], *, entropy: Entropy, now: datetime
) -> str:
    """Make a token; this is the only time it is seen."""
    token = entropy.token()
    scope = write_scopes(scopes)
    await tokens.add_token(fingerprint(token), account, scope=scope, created_at=now)
    return token


def has_bearer(request: web.Request) -> bool:
    """Whether the request tries to say who is calling by a header."""
    return hdrs.AUTHORIZATION in request.headers


async def find_bearer_caller(request: web.Request, now: datetime) -> Caller | None:
    """The person whose token this request carries."""
    scheme, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
    if scheme.lower() != SCHEME or not token:
        return None
    found = await tokens.find_token(fingerprint(token.strip()))
    if found is None:
        return None
    if found.used_at is None or now - found.used_at > TOUCH_AFTER:
        await tokens.touch_token(found.token_hash, now)
    return Caller(
        account=found.account,
        actor_uri=found.actor_uri,
        role=found.role,
        scopes=parse_scopes(found.scope) or frozenset(),
        csrf="",
        credential=found.token_hash,
    )
