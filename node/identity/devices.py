"""Whoever has signed in with a browser before is not locked out by what others try elsewhere.

The browser keeps 256 random bits in a lasting cookie. The database holds a hash of them together
with the name of the account, so that one browser can be known to several.
"""

from datetime import datetime, timedelta
from typing import Final

from aiohttp import web

from node.entropy import Entropy
from node.identity.fingerprint import fingerprint
from storage import known_devices

KNOWN_FOR: Final = timedelta(days=365)
DEVICES_MAX: Final = 20
SECURE_NAME: Final = "__Host-covey-device"
PLAIN_NAME: Final = "covey-device"
TOKEN_CHARS: Final = 43


async def find_device(
    request: web.Request, account: str, *, base_url: str, now: datetime
) -> str | None:
    """The id of the browser that asks, if this account was opened in it before."""
    device = _id_of(_token(request, base_url), account)
    return device if await known_devices.is_known(device, now - KNOWN_FOR) else None


def device_token(request: web.Request, base_url: str, *, entropy: Entropy) -> str:
    """What the browser is known by, or will be."""
    token = _token(request, base_url)
    return token if len(token) == TOKEN_CHARS else entropy.token()


async def know_device(token: str, account: str, *, now: datetime) -> None:
    """Remember that this account was opened in the browser that keeps this token."""
    await known_devices.note(_id_of(token, account), account, at=now, at_most=DEVICES_MAX)


def keep_device(response: web.StreamResponse, token: str, base_url: str) -> None:
    """Let the browser keep what it is known by."""
    response.set_cookie(
        SECURE_NAME if _is_secure(base_url) else PLAIN_NAME,
        token,
        max_age=int(KNOWN_FOR.total_seconds()),
        path="/",
        secure=_is_secure(base_url),
        httponly=True,
        samesite="Strict",
    )


async def forget_devices(account: str, *, but: str = "") -> None:
    """Let no browser but the one with this token be known to an account."""
    await known_devices.forget_of(account, but=[_id_of(but, account)] if but else [])


def _token(request: web.Request, base_url: str) -> str:
    return request.cookies.get(SECURE_NAME if _is_secure(base_url) else PLAIN_NAME, "")


def _id_of(token: str, account: str) -> str:
    return fingerprint(f"{token}:{account}")


def _is_secure(base_url: str) -> bool:
    return base_url.startswith("https://")
