"""The audit log: rows are added in the transaction of the deed, and none is changed.

Each row has a hash over itself and the hash of the row before, so that a row that was changed, or
taken out from between others, is noticed. Who can write to the database can make the whole chain
anew, or cut its end off; a copy kept elsewhere shows that.

Source: policy.md 12
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

import msgspec

from storage.database import Row, exclusive, fetch, insert_many, run
from storage.patterns import beginning, containing
from storage.times import to_ms


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that was done.

    Attributes:
        who: The id of the person who did it; "" at the machine itself.
        face: "api", "web", "cli", "list" or "system".
        act: Such as "account.suspended".
        about: A name, id or domain.
    """

    at: datetime
    who: str
    face: str
    act: str
    about: str
    detail: str = ""


# As covey backup says that it has made one.
BACKUP_MADE: Final = "backup.made"

LAST: Final = "SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1"

LISTED: Final = """
SELECT n, at, who, face, act, about, detail, prev_hash, hash FROM audit
WHERE n < $1 ORDER BY n DESC LIMIT $2
"""


# What was done about rules, lists of them and blocked domains.
OF_POLICY: Final = """
SELECT n, at, who, face, act, about, detail FROM audit
WHERE n < $1 AND (act LIKE 'rule.%' OR act LIKE 'list.%' OR act LIKE 'policy.%')
ORDER BY n DESC LIMIT $2
"""


# What was done about something, by the beginning of its act.
ABOUT: Final = """
SELECT n, at, who, face, act, detail FROM audit
WHERE about = $1 AND act LIKE $2 ESCAPE '!' ORDER BY n DESC LIMIT $3
"""


async def about(thing: str, acts: str, *, limit: int) -> list[Row]:
    """What was done about something, newest first: acts that begin like this."""
    rows = await fetch(ABOUT, thing, beginning(acts), limit)
    return sorted(rows, key=lambda row: -row["n"])


# As LISTED, of acts that begin so, by people in whose ids this is found.
SEARCHED: Final = """
SELECT n, at, who, face, act, about, detail, prev_hash, hash FROM audit
WHERE n < $1 AND act LIKE $3 ESCAPE '!' AND lower(who) LIKE $4 ESCAPE '!' ORDER BY n DESC LIMIT $2
"""

# What is_intact asks of the rows before these.
BEFORE: Final = "SELECT n, hash FROM audit WHERE n = ANY($1)"


async def search(*, before: int, limit: int, acts: str, who: str) -> list[Row]:
    """Rows with a smaller number, newest first.

    Args:
        before: The number.
        limit: How many at most.
        acts: How their acts begin; "" for all.
        who: What is found in the id of who did it; "" for all.
    """
    rows = await fetch(SEARCHED, before, limit, beginning(acts), containing(who))
    return sorted(rows, key=lambda row: -row["n"])


async def ones_before(rows: Sequence[Row]) -> dict[int, Row]:
    """By a row's number, the one before it, as far as it is kept."""
    wanted = [row["n"] - 1 for row in rows]
    return {row["n"] + 1: row for row in await fetch(BEFORE, wanted)} if wanted else {}


async def append(deed: Deed) -> None:
    """Add a deed to the log. Inside the transaction of the deed."""
    # One after the other, or two rows would follow the same one.
    await exclusive("audit")
    last = await fetch(LAST)
    number, prev = (last[0]["n"] + 1, last[0]["hash"]) if last else (1, "")
    values = (number, to_ms(deed.at), deed.who, deed.face, deed.act, deed.about, deed.detail, prev)
    columns = ("n", "at", "who", "face", "act", "about", "detail", "prev_hash", "hash")
    await insert_many("audit", columns, [(*values, _hash(values))])


async def listed(*, before: int, limit: int) -> list[Row]:
    """Rows with a smaller number, newest first."""
    return await fetch(LISTED, before, limit)


async def listed_of_policy(*, before: int, limit: int) -> list[Row]:
    """Rows about rules with a smaller number, newest first; without their hashes."""
    return await fetch(OF_POLICY, before, limit)


def is_intact(row: Row, older: Row | None) -> bool:
    """Whether a row is as it was written, and follows the one before.

    Args:
        row: As `listed` gives it.
        older: The one before; None for the oldest that is kept.
    """
    values = tuple([row[name] for name in _HASHED])
    is_itself = bool(row["hash"] == _hash(values))
    if older is None:
        return is_itself and bool(row["prev_hash"]) == (row["n"] > 1)
    follows = bool(row["prev_hash"] == older["hash"] and row["n"] == older["n"] + 1)
    return is_itself and follows


_HASHED: Final = ("n", "at", "who", "face", "act", "about", "detail", "prev_hash")


def _hash(values: Sequence[object]) -> str:
    return sha256(msgspec.json.encode(values)).hexdigest()


REAP: Final = """
DELETE FROM audit WHERE n IN (SELECT n FROM audit WHERE at < $1 ORDER BY n LIMIT $2)
"""


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget the oldest deeds, from before this time; answer how many."""
    return await run(REAP, to_ms(before), limit)
