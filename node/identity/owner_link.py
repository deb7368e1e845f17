"""The links that make the first account work once, all of them together, and for a week."""

import hmac
from datetime import datetime, timedelta
from typing import Final

from node.entropy import Entropy
from node.identity.fingerprint import fingerprint
from storage import accounts, settings
from storage.database import exclusive, transaction
from storage.times import from_ms, to_ms

# Under this key: "HASH:EXPIRY" of each link, parted by spaces, the latest last.
KEY: Final = "owner_link"
LIFETIME: Final = timedelta(days=7)
# A link is printed again once it may have gone out of view: only what it hashes to is kept.
IN_VIEW: Final = timedelta(minutes=1)

# Those that have ended are among them.
LINKS_MAX: Final = 20


async def create_owner_link(base_url: str, *, entropy: Entropy, now: datetime) -> str:
    """The URL to print; the links that were printed before go on working."""
    token = entropy.token()
    async with transaction():
        await exclusive(KEY)
        before = (await settings.find_setting(KEY) or "").split()
        links = [*before, f"{fingerprint(token)}:{to_ms(now + LIFETIME)}"]
        await settings.put_setting(KEY, " ".join(links[-LINKS_MAX:]))
    return f"{base_url}/setup/{token}"


async def has_owner_link(now: datetime) -> bool:
    """Whether a link that was printed before still works."""
    links = (await settings.find_setting(KEY) or "").split()
    return any(now < _end_of(link) for link in links)


async def has_new_owner_link(now: datetime) -> bool:
    """Whether a link was printed just now, so that whoever starts the node has it in view."""
    links = (await settings.find_setting(KEY) or "").split()
    return any(now < _end_of(link) - LIFETIME + IN_VIEW for link in links)


async def is_awaiting_owner(now: datetime) -> bool:
    """Whether nobody has an account here, and a link waits for the owner."""
    return await has_owner_link(now) and not await accounts.list_accounts()


async def is_owner_link(token: str, now: datetime) -> bool:
    """Whether this token still opens the page that makes the owner's account."""
    return await _find(token, now) is not None


async def spend_owner_link(token: str, now: datetime) -> bool:
    """Use all links up; True for the one caller who did.

    Transaction: run it in the one that makes the account, so that a failure leaves the links.
    """
    stored = await _find(token, now)
    return stored is not None and await settings.take_setting(KEY, stored)


async def _find(token: str, now: datetime) -> str | None:
    """What is stored, if it holds this token and its time has not come."""
    stored = await settings.find_setting(KEY) or ""
    sought = fingerprint(token)
    for link in stored.split():
        if hmac.compare_digest(link.partition(":")[0], sought) and now < _end_of(link):
            return stored
    return None


def _end_of(link: str) -> datetime:
    return from_ms(int(link.partition(":")[2]))
