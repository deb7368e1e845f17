"""Whoever runs this node gives people other roles, and nobody acts on who stands above them.

An owner may do everything, but this node keeps one. An admin acts on moderators and members alone.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from federation.commands.deeds import By, note
from federation.protocol.verdict import Allowed, Refused
from storage import accounts
from storage.accounts import ACTIVE, DELETED, OWNER, Account
from storage.database import exclusive, transaction

ADMIN: Final = "admin"
RANKS: Final[Mapping[str, int]] = {"member": 0, "moderator": 1, ADMIN: 2, OWNER: 3}

NOBODY: Final = Refused("there is no such account", 404)
NO_ROLE: Final = Refused("There is no such role.", 422)
SAME: Final = Refused("They have that role already.", 409)
ABOVE: Final = Refused("Only an owner may do that to people who run this node.", 403)
LAST_OWNER: Final = Refused("This is the only owner; make another one first.", 409)
ONESELF: Final = Refused("That is your own account. The settings are the place for that.", 409)


def may_act_on(acting: str, role: str) -> bool:
    """Whether somebody with the first role decides about somebody with the second.

    An unknown role decides about nobody, and nobody but an owner about one.
    """
    if acting == OWNER:
        return True
    return acting == ADMIN and RANKS.get(role, RANKS[OWNER]) < RANKS[ADMIN]


def may_appoint(acting: str, role: str, wanted: str, *, is_oneself: bool = False) -> bool:
    """Whether somebody may give another role: one that they could take away, or step down.

    Args:
        acting: Their own role.
        role: That of the account.
        wanted: What it is to be.
        is_oneself: Whether the account is theirs.
    """
    if is_oneself:
        return RANKS[wanted] < RANKS.get(role, 0)
    return may_act_on(acting, role) and may_act_on(acting, wanted)


async def appoint(name: str, role: str, now: datetime, by: By) -> Account | Refused:
    """Give an account another role; answers it as it was."""
    async with transaction():
        # Two owners who demote each other come one after the other.
        await exclusive("owners")
        account = await accounts.find_account(name)
        if account is None or account.state == DELETED:
            return NOBODY
        if role not in RANKS:
            return NO_ROLE
        if account.role == role:
            return SAME
        acting = await acting_role(by)
        is_oneself = by.who == account.actor_uri
        if not may_appoint(acting, account.role, role, is_oneself=is_oneself):
            return ABOVE
        if await is_last_owner(account):
            return LAST_OWNER
        await accounts.set_role(name, role)
        await note(by, "account.role", name, now, detail=f"{account.role} {role}")
    return account


async def acting_role(by: By) -> str:
    """The role of who acts; at the machine itself, an owner's."""
    if not by.who:
        return OWNER
    account = await accounts.find_account_of(by.who)
    return account.role if account is not None and account.state == ACTIVE else ""


async def judge_deed(by: By, account: Account) -> Allowed | Refused:
    """Whether somebody may do something to another's account. Inside the deed's transaction."""
    if by.who == account.actor_uri:
        return ONESELF
    return Allowed() if may_act_on(await acting_role(by), account.role) else ABOVE


async def is_last_owner(account: Account) -> bool:
    """Whether nobody else is left by whom the node is run."""
    is_owner = account.role == OWNER and account.state == ACTIVE
    return is_owner and not await accounts.has_other_owner(account.name)
