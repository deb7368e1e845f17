"""Invitations to this node: links by which somebody makes an account of their own."""

from datetime import datetime, timedelta
from typing import Final

from federation.commands.deeds import By, note
from node.entropy import Entropy
from node.identity.fingerprint import fingerprint
from storage import sign_up_links
from storage.database import transaction
from storage.sign_up_links import SignUpLink

USES_MAX: Final = 1000
LIFETIME_MAX: Final = timedelta(days=90)


async def create_sign_up_link(
    base_url: str, *, uses: int, lifetime: timedelta, entropy: Entropy, by: By, now: datetime
) -> tuple[SignUpLink, str]:
    """Keep a link for so many people and so long; it, and its URL, which is told this once.

    Args:
        base_url: Scheme and host of this node.
        uses: From 1 to `USES_MAX`.
        lifetime: At most `LIFETIME_MAX`.
        entropy: Where the secret comes from.
        by: Who invites.
        now: When.
    """
    token = entropy.token()
    link = SignUpLink(entropy.new_id(), uses, uses, now, now + lifetime)
    async with transaction():
        await sign_up_links.add(link, fingerprint(token))
        await note(by, "invite.created", link.id, now, detail=str(uses))
    return link, f"{base_url}/sign-up/{token}"


async def end_sign_up_link(link_id: str, by: By, now: datetime) -> bool:
    """Let nobody else come by a link; whether there was one."""
    async with transaction():
        ended = await sign_up_links.drop(link_id)
        if ended:
            await note(by, "invite.revoked", link_id, now)
    return ended


async def open_sign_up_links(now: datetime) -> list[SignUpLink]:
    """The links whose time has not come, without their secrets, those that end soonest first."""
    return await sign_up_links.listed(now)


async def is_sign_up_link(token: str, now: datetime) -> bool:
    """Whether somebody may come by the link with this secret."""
    link = await sign_up_links.find(fingerprint(token))
    return link is not None and link.is_open(now)


async def spend_sign_up_link(token: str, now: datetime) -> bool:
    """Count one who comes; False if there was no room left.

    Transaction: run it in the one that makes the account, so that a failure leaves the use.
    """
    return await sign_up_links.use(fingerprint(token), now)
