"""The owner's account and the end of the link that makes it are one write."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from federation.protocol.verdict import Allowed, Refused
from node.identity.owner_link import spend_owner_link
from storage.database import transaction

SPENT: Final = Refused("This link was used already, or it has run out.", 404)


class _SpentError(Exception):
    """Somebody else used the link up; what was written with it must go."""


async def make_owner(
    token: str, register: Callable[[], Awaitable[Allowed | Refused]], now: datetime
) -> Allowed | Refused:
    """Make the account by `register`; a refusal leaves the link as it was.

    Args:
        token: The secret part of the link.
        register: Makes the account inside the transaction that is open then.
        now: When.
    """
    try:
        async with transaction():
            verdict = await register()
            if isinstance(verdict, Allowed):
                await _spend(token, now)
            return verdict
    except _SpentError:
        return SPENT


async def _spend(token: str, now: datetime) -> None:
    if not await spend_owner_link(token, now):
        raise _SpentError
