"""People who asked for an account here: who waits, and who was refused."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import from_ms, to_ms

WAITING: Final = "waiting"
REJECTED: Final = "rejected"
# More than anybody reads through; whoever comes then is asked to come again.
WAITING_MAX: Final = 200

FIND: Final = """
SELECT name, password_hash, reason, state, word, changed_at FROM sign_up WHERE name = $1
"""
# Who has waited longest comes first.
LISTED: Final = """
SELECT name, password_hash, reason, state, word, changed_at FROM sign_up
WHERE state = $1 ORDER BY changed_at, name LIMIT $2
"""
COUNT: Final = "SELECT COUNT(*) AS n FROM sign_up WHERE state = $1"
DECIDE: Final = """
UPDATE sign_up SET state = $2, word = $3, changed_at = $4 WHERE name = $1 AND state = 'waiting'
"""
DROP: Final = "DELETE FROM sign_up WHERE name = $1"
REAP: Final = """
DELETE FROM sign_up WHERE name IN (
  SELECT name FROM sign_up WHERE changed_at < $1 ORDER BY name LIMIT $2
)
"""


@dataclass(frozen=True, slots=True)
class SignUp:
    """Somebody who asked.

    Attributes:
        name: Under which name.
        password_hash: What the password is compared with that they chose.
        reason: What they say of themselves.
        state: waiting or rejected.
        word: What whoever refused says to that, or "".
        changed_at: When they asked, or were refused.
    """

    name: str
    password_hash: str
    reason: str
    state: str
    word: str
    changed_at: datetime


async def add(asked: SignUp) -> None:
    """Let somebody wait.

    Raises:
        Conflict: Somebody has asked for that name before.
    """
    columns = ("name", "password_hash", "reason", "state", "word", "changed_at")
    row = (asked.name, asked.password_hash, asked.reason, asked.state, asked.word)
    await insert_many("sign_up", columns, [(*row, to_ms(asked.changed_at))])


async def find(name: str) -> SignUp | None:
    """Who asked for this name, whatever came of it."""
    rows = await fetch(FIND, name)
    return _read(rows[0]) if rows else None


async def listed() -> list[SignUp]:
    """Those who wait, longest first."""
    return [_read(row) for row in await fetch(LISTED, WAITING, WAITING_MAX)]


async def count_waiting() -> int:
    """How many wait."""
    return int((await fetch(COUNT, WAITING))[0]["n"])


async def reject(name: str, word: str, at: datetime) -> bool:
    """Refuse who waits; whether anybody did."""
    return await run(DECIDE, name, REJECTED, word, to_ms(at)) > 0


async def drop(name: str) -> bool:
    """Forget who asked for this name; whether anybody had."""
    return await run(DROP, name) > 0


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget who asked or was refused before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)


def _read(row: Row) -> SignUp:
    return SignUp(
        name=row["name"],
        password_hash=row["password_hash"],
        reason=row["reason"],
        state=row["state"],
        word=row["word"],
        changed_at=from_ms(row["changed_at"]),
    )
