"""A signed-in browser holds 256 random bits in a cookie; the database holds their hash."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aiohttp import hdrs, web

from node.entropy import Entropy
from node.http.client_address import PROXIES, Network, client_address
from node.identity.caller import Caller
from node.identity.fingerprint import fingerprint
from node.identity.scopes import ALL
from storage import sessions
from storage.sessions import NewSession

IDLE_MAX: Final = timedelta(days=90)
TOUCH_AFTER: Final = timedelta(hours=1)
USER_AGENT_LENGTH: Final = 200
SESSIONS_MAX: Final = 50
SECURE_NAME: Final = "__Host-covey"
PLAIN_NAME: Final = "covey"


@dataclass(frozen=True, slots=True)
class Opened:
    """A new session.

    Attributes:
        cookie: What the browser keeps; it is shown once, here.
        csrf: What the browser repeats in `X-CSRF-Token`.
    """

    cookie: str
    csrf: str


@dataclass(frozen=True, slots=True)
class Whence:
    """What a session's person recognises it by."""

    user_agent: str
    address: str


def whence(request: web.Request) -> Whence:
    """Which browser asks, and from where."""
    agent = request.headers.get(hdrs.USER_AGENT, "")
    return Whence(agent[:USER_AGENT_LENGTH], _address(request))


async def open_session(account: str, at: Whence, *, entropy: Entropy, now: datetime) -> Opened:
    """Sign a browser in; every sign-in makes a session of its own."""
    opened = Opened(cookie=entropy.token(), csrf=entropy.token())
    await sessions.add_session(
        NewSession(
            token_hash=fingerprint(opened.cookie),
            account=account,
            csrf=opened.csrf,
            user_agent=at.user_agent,
            address=at.address,
            created_at=now,
            expires_at=now + IDLE_MAX,
        ),
        at_most=SESSIONS_MAX,
    )
    return opened


async def find_session_caller(
    request: web.Request, *, base_url: str, now: datetime
) -> Caller | None:
    """The person whose session cookie this request carries."""
    cookie = request.cookies.get(cookie_name(base_url))
    if not cookie:
        return None
    session = await sessions.find_session(fingerprint(cookie), now)
    if session is None:
        return None
    if now - session.used_at > TOUCH_AFTER:
        await sessions.touch_session(
            session.token_hash, now, now + IDLE_MAX, address=_address(request)
        )
    return Caller(
        account=session.account,
        actor_uri=session.actor_uri,
        role=session.role,
        scopes=ALL,
        csrf=session.csrf,
        credential=session.token_hash,
    )


def _address(request: web.Request) -> str:
    trusted: tuple[Network, ...] = request.app.get(PROXIES, ())
    return client_address(request, trusted)


def cookie_name(base_url: str) -> str:
    """The name of the cookie; the prefix needs TLS, which only development goes without."""
    return SECURE_NAME if base_url.startswith("https://") else PLAIN_NAME


def give_cookie(response: web.StreamResponse, cookie: str, base_url: str) -> None:
    """Let the browser keep its session."""
    response.set_cookie(
        cookie_name(base_url),
        cookie,
        max_age=int(IDLE_MAX.total_seconds()),
        path="/",
        secure=base_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )


def take_cookie(response: web.StreamResponse, base_url: str) -> None:
    """Let the browser forget its session."""
    response.del_cookie(
        cookie_name(base_url),
        path="/",
        secure=base_url.startswith("https://"),
        httponly=True,
        samesite="Lax",
    )
