"""An account and the use of the link that leads to it are one write."""

from collections.abc import Awaitable, Callable
from typing import Final

from federation.protocol.verdict import Allowed, Refused
from storage.database import transaction

SPENT: Final = Refused("This link was used already, or it has run out.", 404)


class _SpentError(Exception):
    """Somebody else used the link up; what was written with it must go."""


async def make_by_link(
    register: Callable[[], Awaitable[Allowed | Refused]], spend: Callable[[], Awaitable[bool]]
) -> Allowed | Refused:
    """Make an account; a refusal leaves the link as it was.

    Args:
        register: Makes the account inside the transaction that is open then.
        spend: Uses the link up in it; False if there was nothing left.
    """
    try:
        async with transaction():
            verdict = await register()
            if isinstance(verdict, Allowed):
                await _spend(spend)
            return verdict
    except _SpentError:
        return SPENT


async def _spend(spend: Callable[[], Awaitable[bool]]) -> None:
    if not await spend():
        raise _SpentError
