"""The accounts of this node, for who runs it; of what people write it says nothing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.queries.audit import DeedLine, deeds_about
from storage import accounts, media, passkeys, second_factors, sessions
from storage.accounts import Account
from storage.database import reader

# More than anybody may have.
PASSKEYS_SEEN: Final = 100
DEEDS_SHOWN: Final = 20
STATES: Final = ("active", "suspended", "deleted")


@dataclass(frozen=True, slots=True)
class AccountView:
    """What there is to know of an account.

    Attributes:
        browsers: In how many it is signed in.
        has_second_factor: Whether a code is asked for beside the password.
        files_bytes: Of what it has uploaded.
        deeds: What was done about it, newest first.
    """

    account: Account
    browsers: int
    has_second_factor: bool
    passkeys: int
    files_bytes: int
    deeds: tuple[DeedLine, ...]


async def list_page(*, after: str, limit: int) -> tuple[Account, ...]:
    """Accounts by name, whatever their state.

    Args:
        after: The name that a page begins behind, or "".
        limit: How many at most.
    """
    return await accounts.list_page(after=after, limit=limit)


async def search(
    text: str, *, state: str, role: str, after: str, limit: int
) -> tuple[Account, ...]:
    """Accounts in whose names a text is found, by name.

    Args:
        text: "" for all.
        state: Which they must be in, or "".
        role: Which they must have, or "".
        after: The name that a page begins behind, or "".
        limit: How many at most.
    """
    return await accounts.search(text, state=state, role=role, after=after, limit=limit)


async def find_account_view(name: str, now: datetime) -> AccountView | None:
    """One account, whatever its state."""
    async with reader():
        account = await accounts.find_account(name)
        if account is None:
            return None
        factor = await second_factors.find(name)
        return AccountView(
            account=account,
            browsers=len(await sessions.sessions_of(name, now)),
            has_second_factor=factor is not None and factor.is_on,
            passkeys=len(await passkeys.of_account(name, at_most=PASSKEYS_SEEN)),
            files_bytes=await media.used_bytes(name),
            deeds=await deeds_about(name, "account.", limit=DEEDS_SHOWN),
        )
