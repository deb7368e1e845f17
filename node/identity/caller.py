"""The person behind a request, once somebody has checked."""

from dataclasses import dataclass
from typing import Final

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Caller:
    """A person with an account here.

    Attributes:
        account: The name of the account.
        actor_uri: The actor it speaks as.
        role: owner, admin, moderator or member.
        scopes: What this request may do; `scopes.covers` says what that means.
        csrf: What a session must repeat in `X-CSRF-Token`; "" for a bearer token.
        credential: The hash of the session or token, so that a stream can end with it.
    """

    account: str
    actor_uri: str
    role: str
    scopes: frozenset[str]
    csrf: str
    credential: str


CALLER: Final = web.RequestKey("caller", Caller)
