"""Who has an account on this node."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch, run
from storage.dialect import Row
from storage.patterns import containing
from storage.times import from_ms

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
DELETED: Final = "deleted"
OWNER: Final = "owner"

# The account with this name.
BY_NAME: Final = """
SELECT name, actor_uri, display_name, role, state, created_at FROM account WHERE name = $1
"""

# The account whose actor this is.
BY_ACTOR: Final = """
SELECT name, actor_uri, display_name, role, state, created_at FROM account WHERE actor_uri = $1
"""

# Every account, by name.
ALL: Final = """
SELECT name, actor_uri, display_name, role, state, created_at FROM account ORDER BY name
"""

PAGE: Final = """
SELECT name, actor_uri, display_name, role, state, created_at FROM account
WHERE name > $1 ORDER BY name LIMIT $2
"""

# Accounts whose name, here or on display, has this in it; "" for any state or role.
SEARCHED: Final = """
SELECT name, actor_uri, display_name, role, state, created_at FROM account
WHERE name > $1 AND (name LIKE $2 ESCAPE '!' OR lower(display_name) LIKE $2 ESCAPE '!')
  AND ($3 = '' OR state = $3) AND ($4 = '' OR role = $4)
ORDER BY name LIMIT $5
"""

SET_ROLE: Final = "UPDATE account SET role = $2 WHERE name = $1"

# What a password is compared with, for an account that may sign in.
STORED_HASH: Final = "SELECT password_hash FROM account WHERE name = $1 AND state = $2"

# The same, and the account stays as it is until the transaction ends.
HELD_HASH: Final = f"{STORED_HASH} FOR UPDATE"

SET_STATE: Final = "UPDATE account SET state = $2 WHERE name = $1"

OTHER_OWNERS: Final = """
SELECT 1 AS found FROM account WHERE role = $1 AND state = $2 AND name <> $3 LIMIT 1
"""

# Whether anybody owns this node.
ANY_OWNER: Final = "SELECT 1 AS found FROM account WHERE role = $1 LIMIT 1"

# Another password, or a first one.
SET_HASH: Final = "UPDATE account SET password_hash = $2 WHERE name = $1"

# A better hash of the same password, unless it was changed meanwhile.
IMPROVE_HASH: Final = """
UPDATE account SET password_hash = $3 WHERE name = $1 AND password_hash = $2
"""


@dataclass(frozen=True, slots=True)
class Account:
    """A person with an account here.

    Attributes:
        name: The part of the handle before the @.
        role: owner, admin, moderator or member.
        state: active, suspended or deleted.
    """

    name: str
    actor_uri: str
    display_name: str
    role: str
    state: str
    created_at: datetime


async def find_account(name: str) -> Account | None:
    """The account with this name, whatever its state."""
    return await _find(BY_NAME, name)


async def get_account(name: str) -> Account:
    """The account with this name, whatever its state.

    Raises:
        LookupError: There is none.
    """
    account = await find_account(name)
    if account is None:
        raise LookupError(f"no account {name}")
    return account


async def find_account_of(actor_uri: str) -> Account | None:
    """The account whose actor this is, whatever its state."""
    return await _find(BY_ACTOR, actor_uri)


async def list_accounts() -> tuple[Account, ...]:
    """Every account, by name."""
    return tuple([_account(row) for row in await fetch(ALL)])


async def list_page(*, after: str, limit: int) -> tuple[Account, ...]:
    """Accounts with a later name, by name."""
    return tuple([_account(row) for row in await fetch(PAGE, after, limit)])


async def search(
    text: str, *, state: str, role: str, after: str, limit: int
) -> tuple[Account, ...]:
    """Accounts with a later name in which a text is found, by name.

    Args:
        text: In a name or a name on display; "" for all.
        state: Which they must be in, or "".
        role: Which they must have, or "".
        after: The name that they come behind, or "".
        limit: How many at most.
    """
    rows = await fetch(SEARCHED, after, containing(text), state, role, limit)
    return tuple([_account(row) for row in rows])


async def set_role(name: str, role: str) -> None:
    """Let an account have another role."""
    await run(SET_ROLE, name, role)


async def find_password_hash(name: str) -> str | None:
    """The password hash of an active account: "" if it has no password yet."""
    rows = await fetch(STORED_HASH, name, ACTIVE)
    return str(rows[0]["password_hash"]) if rows else None


async def hold_password_hash(name: str) -> str | None:
    """As `find_password_hash`; nobody else changes the account until the transaction ends."""
    rows = await fetch(HELD_HASH, name, ACTIVE)
    return str(rows[0]["password_hash"]) if rows else None


async def set_password_hash(name: str, password_hash: str) -> None:
    """Store what the password of an account is compared with from here on."""
    await run(SET_HASH, name, password_hash)


async def improve_password_hash(name: str, stored: str, better: str) -> None:
    """Store a better hash of the password that this one is of, if that is still the password."""
    await run(IMPROVE_HASH, name, stored, better)


async def set_state(name: str, state: str) -> None:
    """Let an account be active, suspended or deleted."""
    await run(SET_STATE, name, state)


async def has_other_owner(name: str) -> bool:
    """Whether somebody besides this account owns the node and is active."""
    return bool(await fetch(OTHER_OWNERS, OWNER, ACTIVE, name))


async def has_owner() -> bool:
    """Whether an owner's account exists."""
    return bool(await fetch(ANY_OWNER, OWNER))


async def _find(sql: str, value: str) -> Account | None:
    rows = await fetch(sql, value)
    return _account(rows[0]) if rows else None


def _account(row: Row) -> Account:
    return Account(
        name=row["name"],
        actor_uri=row["actor_uri"],
        display_name=row["display_name"],
        role=row["role"],
        state=row["state"],
        created_at=from_ms(row["created_at"]),
    )
