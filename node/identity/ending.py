"""When an account is closed to others, everything that opened it ends together.

Open event streams end with the session or token behind them: node/live.py looks every second, in
every process.
"""

from collections.abc import Awaitable
from datetime import datetime
from typing import Final

from federation.commands.appoint import NOBODY, judge_deed
from federation.commands.deeds import By, note
from federation.protocol.verdict import Refused
from node.identity.devices import forget_devices
from storage import accounts, consents, passkeys, second_factors, sessions, tokens
from storage.accounts import DELETED, Account
from storage.database import transaction

NOTHING: Final = ""


async def end_all(account: str, *, but_session: str = NOTHING, but_device: str = NOTHING) -> None:
    """End the sessions and tokens of an account, what apps may do, and forget its browsers.

    Args:
        account: Whose.
        but_session: The hash of the session that goes on, if one does.
        but_device: The token of the browser that stays known, if one does.
    """
    async with transaction():
        # Whoever signs in at this moment was in before, and is ended, or finds what has changed.
        await accounts.hold_password_hash(account)
        await sessions.end_sessions_of(account, but=[but_session] if but_session else [])
        # Before their tokens: a code that is used at this moment gives one more, which goes too.
        await consents.end_of(account)
        await tokens.end_tokens_of(account)
        await forget_devices(account, but=but_device)


async def close(name: str, deciding: Awaitable[Account | Refused]) -> Account | Refused:
    """Let a decision about an account end, with it, all that opens the account.

    Args:
        name: Whose.
        deciding: Suspends or deletes it, inside the transaction that is open then.
    """
    async with transaction():
        verdict = await deciding
        if isinstance(verdict, Account):
            await end_all(name)
    return verdict


async def set_password(
    account: str,
    password_hash: str,
    *,
    instead_of: str | None = None,
    but_session: str = NOTHING,
    but_device: str = NOTHING,
) -> bool:
    """Let another password open an account, and nothing that was opened before.

    Args:
        account: Whose.
        password_hash: What the password is compared with from here on.
        instead_of: The hash that the present password was compared with, if it was asked for.
        but_session: As in `end_all`, likewise below.
        but_device: The browser in which it was changed.

    Returns:
        False, and nothing has changed, if the password is another one by now.
    """
    async with transaction():
        if instead_of is not None and await accounts.hold_password_hash(account) != instead_of:
            return False
        await accounts.set_password_hash(account, password_hash)
        await end_all(account, but_session=but_session, but_device=but_device)
    return True


async def reset_password(account: str, password_hash: str, now: datetime, by: By) -> None:
    """Let another password open an account, and nothing else: who asked for it is not in.

    Their passkeys end too. Somebody has lost what they signed in with, or fears that somebody else
    has been in, who could have left a passkey of their own. Whoever is in, and knows the password
    that they change, sees in the settings which passkeys there are; those stay.
    """
    async with transaction():
        await set_password(account, password_hash)
        await passkeys.remove_all(account)
        await note(by, "account.password", account, now)


async def sign_out_everywhere(name: str, now: datetime, by: By) -> Account | Refused:
    """End all that opens an account, in the name of who runs the node."""
    async with transaction():
        account = await _subject(name, by)
        if isinstance(account, Account):
            await end_all(name)
            await note(by, "account.signed_out", name, now)
    return account


async def reset_second_factor(name: str, now: datetime, by: By) -> Account | Refused:
    """Ask an account for its password alone from here on, in the name of who runs the node."""
    async with transaction():
        account = await _subject(name, by)
        if isinstance(account, Account):
            await second_factors.remove(name)
            # What was lost may be the telephone that has them.
            await passkeys.remove_all(name)
            await end_all(name)
            await note(by, "account.factor_reset", name, now)
    return account


async def _subject(name: str, by: By) -> Account | Refused:
    """The account, if it is there and they may do something to it."""
    account = await accounts.find_account(name)
    if account is None or account.state == DELETED:
        return NOBODY
    verdict = await judge_deed(by, account)
    return verdict if isinstance(verdict, Refused) else account


async def end_tokens(account: str) -> int:
    """End every token of an account, and what apps could get others for; how many there were."""
    async with transaction():
        await consents.end_of(account)
        return await tokens.end_tokens_of(account)
