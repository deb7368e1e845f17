"""Passkeys by the hash of their id, and the challenges that they answer once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, count_inserted, fetch, insert_many, run, transaction
from storage.times import from_ms, to_ms

TABLE: Final = "passkey"
COLUMNS: Final = ("id", "account", "credential", "public_key", "sign_count", "name", "created_at")
ONCE: Final = "ON CONFLICT (id) DO NOTHING"

FIND: Final = """
SELECT id, account, credential, public_key, sign_count, name, created_at, used_at
FROM passkey WHERE id = $1
"""

OF_ACCOUNT: Final = """
SELECT id, account, credential, public_key, sign_count, name, created_at, used_at
FROM passkey WHERE account = $1 ORDER BY created_at, id LIMIT $2
"""

# Of two that are used at once with the same count one is a copy: the second one opens nothing.
# Many authenticators do not count, and always say 0.
USE: Final = """
UPDATE passkey SET sign_count = $3, used_at = $4
WHERE id = $1 AND account = $2 AND (sign_count < $3 OR (sign_count = 0 AND $3 = 0))
"""

RENAME: Final = "UPDATE passkey SET name = $3 WHERE id = $1 AND account = $2"
REMOVE: Final = "DELETE FROM passkey WHERE id = $1 AND account = $2"
REMOVE_ALL: Final = "DELETE FROM passkey WHERE account = $1"

ASKED: Final = ("id", "browser", "account", "ends_at")
TAKE: Final = """
DELETE FROM passkey_challenge WHERE id = $1 AND browser = $2 AND account = $3 AND ends_at > $4
"""
# Those that end first make room, whoever asked for them.
MAKE_ROOM: Final = """
DELETE FROM passkey_challenge WHERE ends_at <= (
  SELECT ends_at FROM passkey_challenge ORDER BY ends_at DESC LIMIT 1 OFFSET $1)
"""
REAP: Final = "DELETE FROM passkey_challenge WHERE ends_at <= $1"


@dataclass(frozen=True, slots=True)
class StoredPasskey:
    """A passkey of an account.

    Attributes:
        id: The hash of `credential`.
        credential: What the authenticator calls it, in base64url.
        public_key: In COSE.
        sign_count: How often it was used when it was last; 0 if it does not count.
        name: By which its person knows it.
        used_at: None if nobody has signed in with it yet.
    """

    id: str
    account: str
    credential: str
    public_key: bytes
    sign_count: int
    name: str
    created_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """What was asked.

    Attributes:
        id: Its hash.
        browser: The hash of what the browser holds that asked.
        account: To which a passkey is added; "" if somebody signs in, who says later who they are.
    """

    id: str
    browser: str
    account: str


async def add(passkey: StoredPasskey) -> bool:
    """Keep a passkey; False if one with this id is there, whoever's it is."""
    row = (
        *(passkey.id, passkey.account, passkey.credential, passkey.public_key),
        *(passkey.sign_count, passkey.name, to_ms(passkey.created_at)),
    )
    return await count_inserted(TABLE, COLUMNS, [row], conflict=ONCE) == 1


async def find(passkey: str) -> StoredPasskey | None:
    """The passkey with this id."""
    rows = await fetch(FIND, passkey)
    return _read(rows[0]) if rows else None


async def of_account(account: str, *, at_most: int) -> list[StoredPasskey]:
    """The passkeys of an account, in the order in which they were made."""
    return [_read(row) for row in await fetch(OF_ACCOUNT, account, at_most)]


async def use(passkey: str, account: str, *, count: int, at: datetime) -> bool:
    """Note that it was used; False if it is gone, or was used as often before."""
    return await run(USE, passkey, account, count, to_ms(at)) == 1


async def rename(passkey: str, account: str, name: str) -> bool:
    """Let it be known by another name; False if the account has none such."""
    return await run(RENAME, passkey, account, name) == 1


async def remove(passkey: str, account: str) -> bool:
    """Let it open nothing any more; False if the account has none such."""
    return await run(REMOVE, passkey, account) == 1


async def remove_all(account: str) -> None:
    """Let no passkey open an account any more."""
    await run(REMOVE_ALL, account)


async def ask(challenge: Challenge, ends_at: datetime, *, now: datetime, at_most: int) -> None:
    """Keep a challenge, and of all at most so many."""
    row = (challenge.id, challenge.browser, challenge.account, to_ms(ends_at))
    async with transaction():
        await run(REAP, to_ms(now))
        await run(MAKE_ROOM, at_most - 1)
        await insert_many("passkey_challenge", ASKED, [row])


async def take(challenge: Challenge, now: datetime) -> bool:
    """Use a challenge up; False if it was, has ended, or was asked of somebody else."""
    given = (challenge.id, challenge.browser, challenge.account)
    return await run(TAKE, *given, to_ms(now)) == 1


async def reap_challenges(now: datetime) -> int:
    """Forget the challenges that have ended; answers how many there were."""
    return await run(REAP, to_ms(now))


def _read(row: Row) -> StoredPasskey:
    return StoredPasskey(
        row["id"],
        row["account"],
        row["credential"],
        bytes(row["public_key"]),
        row["sign_count"],
        row["name"],
        from_ms(row["created_at"]),
        None if row["used_at"] is None else from_ms(row["used_at"]),
    )
