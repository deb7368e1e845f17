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

from federation.commands.deeds import SYSTEM, By, note
from federation.pipeline import errands
from federation.protocol.verdict import Refused
from storage import accounts, actors, cancelling, drafts
from storage.accounts import ACTIVE, DELETED, OWNER, SUSPENDED, Account
from storage.database import transaction, wake

NOBODY: Final = Refused("there is no such account", 404)
LAST_OWNER: Final = Refused("This is the only owner; make another one first.", 409)
ALREADY: Final = Refused("the account is suspended already", 409)
NOT_SUSPENDED: Final = Refused("the account is not suspended", 409)


async def suspend(name: str, now: datetime, by: By = SYSTEM) -> Account | Refused:
    """Let nobody use an account, and send nothing more of its messages."""
    async with transaction():
        account = await _find(name)
        if isinstance(account, Refused):
            return account
        if account.state == SUSPENDED:
            return ALREADY
        await accounts.set_state(name, SUSPENDED)
        await actors.set_actor_state(account.actor_uri, actors.SUSPENDED)
        await cancelling.end_of_authors([account.actor_uri], now)
        await note(by, "account.suspended", name, now)
    return account


async def restore(name: str, now: datetime, by: By = SYSTEM) -> Account | Refused:
    """Let a suspended account be used again; what was not sent is not sent now."""
    async with transaction():
        account = await accounts.find_account(name)
        if account is None or account.state == DELETED:
            return NOBODY
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
        # Nobody here finds them while they take their leave, which ends with "deleted".
        await actors.set_actor_state(account.actor_uri, actors.SUSPENDED)
        await cancelling.end_of_authors([account.actor_uri], now)
        await note(by, "account.deleted", name, now)
        await errands.ask(new_id, ("quit", account.actor_uri), now)
        await wake("repair")
    return account


async def _find(name: str) -> Account | Refused:
    """An account that is there and not the last by which the node is run."""
    account = await accounts.find_account(name)
    if account is None or account.state == DELETED:
        return NOBODY
    is_last = account.role == OWNER and account.state == ACTIVE
    if is_last and not await accounts.has_other_owner(name):
        return LAST_OWNER
    return account
