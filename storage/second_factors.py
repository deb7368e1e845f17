"""What accounts ask for beside their passwords, and the codes that stand in for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch, insert_many, run, transaction
from storage.times import to_ms

TABLE: Final = "second_factor"
COLUMNS: Final = ("account", "sealed", "created_at")

# One that is on is turned off before another one is begun.
ANEW: Final = """
ON CONFLICT (account) DO UPDATE SET sealed = excluded.sealed, created_at = excluded.created_at
WHERE NOT second_factor.is_on
"""

FIND: Final = "SELECT sealed, is_on FROM second_factor WHERE account = $1"

TURN_ON: Final = """
UPDATE second_factor SET is_on = TRUE WHERE account = $1 AND NOT is_on
"""

# Only a later step than the last one counts, so each code counts once, whoever brings it.
USE_STEP: Final = """
UPDATE second_factor SET last_step = $2 WHERE account = $1 AND last_step < $2
"""

USE_CODE: Final = "DELETE FROM recovery_code WHERE account = $1 AND code_hash = $2"

COUNT_CODES: Final = "SELECT count(*) AS n FROM recovery_code WHERE account = $1"

REMOVE: Final = (
    "DELETE FROM second_factor WHERE account = $1",
    "DELETE FROM recovery_code WHERE account = $1",
)

REAP: Final = "DELETE FROM second_factor WHERE NOT is_on AND created_at <= $1"


@dataclass(frozen=True, slots=True)
class StoredFactor:
    """The authenticator of an account.

    Attributes:
        sealed: Its secret, which storage/sealing.py opens.
        is_on: Whether it is asked for; before that its person has to show that they have it.
    """

    sealed: bytes
    is_on: bool


async def begin(account: str, sealed: bytes, at: datetime) -> None:
    """Keep the secret of an authenticator that is not asked for yet."""
    await insert_many(TABLE, COLUMNS, [(account, sealed, to_ms(at))], conflict=ANEW)


async def find(account: str) -> StoredFactor | None:
    """The authenticator of an account, on or not."""
    rows = await fetch(FIND, account)
    return StoredFactor(bytes(rows[0]["sealed"]), bool(rows[0]["is_on"])) if rows else None


async def turn_on(account: str, code_hashes: Sequence[str]) -> bool:
    """Ask for it from here on; False if it is asked for already."""
    async with transaction():
        if await run(TURN_ON, account) != 1:
            return False
        rows = [(code, account) for code in code_hashes]
        await insert_many("recovery_code", ("code_hash", "account"), rows)
    return True


async def use_step(account: str, step: int) -> bool:
    """Use the code of a step up; False if it, or that of a later one, was used before."""
    return await run(USE_STEP, account, step) == 1


async def use_code(account: str, code_hash: str) -> bool:
    """Use a recovery code up; False if there is no such code."""
    return await run(USE_CODE, account, code_hash) == 1


async def count_codes(account: str) -> int:
    """How many recovery codes are left."""
    return int((await fetch(COUNT_CODES, account))[0]["n"])


async def remove(account: str) -> None:
    """Ask for nothing beside the password any more."""
    async with transaction():
        for statement in REMOVE:
            await run(statement, account)


async def reap(before: datetime) -> int:
    """Forget what was begun before and not finished; answers how many."""
    return await run(REAP, to_ms(before))
