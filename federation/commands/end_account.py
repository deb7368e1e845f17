"""The operator suspends an account here, lets it be used again, or deletes it for good.

A suspended person is hidden and not gone: nothing of theirs is served, their name is found by
nobody, here or elsewhere, and what they wrote before stays where it is. Of a deleted person the id
answers 410; everybody elsewhere who knew them is sent a Delete, homes remove them from their
groups, and what they wrote is erased here and wherever the Delete is heeded.

Whoever calls ends sessions and tokens in the same transaction (node/identity/ending.py).

Sources: groups-protocol.md 11.7; security.md 7 and 9
"""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from federation.commands.appoint import LAST_OWNER, NOBODY, is_last_owner, judge_deed
from federation.commands.deeds import SYSTEM, By, note
from federation.pipeline import errands
from federation.protocol.verdict import Refused
from storage import accounts, actors, cancelling, client_marks, drafts
from storage.accounts import ACTIVE, DELETED, SUSPENDED, Account
from storage.database import exclusive, transaction, wake

REASON_MAX: Final = 500

ALREADY: Final = Refused("the account is suspended already", 409)
NOT_SUSPENDED: Final = Refused("the account is not suspended", 409)
TOO_LONG: Final = Refused(f"A reason has at most {REASON_MAX} characters.", 422)


async def suspend(
    name: str, now: datetime, by: By = SYSTEM, *, reason: str = ""
) -> Account | Refused:
    """Let nobody use an account, and send nothing more of its messages.

    Args:
        name: Whose.
        now: When.
        by: Who wants that; a person must stand above them.
        reason: For those who run the node; the audit log keeps it.
    """
    if len(reason) > REASON_MAX:
        return TOO_LONG
    async with transaction():
        account = await _find(name, by)
        if isinstance(account, Refused):
            return account
        if account.state == SUSPENDED:
            return ALREADY
        await accounts.set_state(name, SUSPENDED)
        await actors.set_actor_state(account.actor_uri, actors.SUSPENDED)
        await cancelling.end_of_authors([account.actor_uri], now)
        await note(by, "account.suspended", name, now, detail=reason)
    return account


async def restore(name: str, now: datetime, by: By = SYSTEM) -> Account | Refused:
    """Let a suspended account be used again; what was not sent is not sent now."""
    async with transaction():
        account = await accounts.find_account(name)
        if account is None or account.state == DELETED:
            return NOBODY
        verdict = await judge_deed(by, account)
        if isinstance(verdict, Refused):
            return verdict
        if account.state != SUSPENDED:
            return NOT_SUSPENDED
        await accounts.set_state(name, ACTIVE)
        await actors.set_actor_state(account.actor_uri, actors.ACTIVE)
        await note(by, "account.restored", name, now)
    return account


async def delete(
    name: str, *, new_id: Callable[[], str], now: datetime, by: By = SYSTEM
) -> Account | Refused:
    """End an account; others are told as soon as the node runs."""
    async with transaction():
        account = await _find(name)
        if isinstance(account, Refused):
            return account
        await accounts.set_state(name, DELETED)
        await drafts.end_of(account.actor_uri)
        await client_marks.end_of(account.name)
        # Nobody here finds them while they take their leave, which ends with "deleted".
        await actors.set_actor_state(account.actor_uri, actors.SUSPENDED)
        await cancelling.end_of_authors([account.actor_uri], now)
        await note(by, "account.deleted", name, now)
        await errands.ask(new_id, ("quit", account.actor_uri), now)
        await wake("repair")
    return account


async def _find(name: str, by: By | None = None) -> Account | Refused:
    """An account that is there and not the last by which the node is run.

    Args:
        name: Whose.
        by: Who must stand above its person; None where that does not count.
    """
    await exclusive("owners")
    account = await accounts.find_account(name)
    if account is None or account.state == DELETED:
        return NOBODY
    verdict = await judge_deed(by, account) if by is not None else None
    if isinstance(verdict, Refused):
        return verdict
    return LAST_OWNER if await is_last_owner(account) else account
