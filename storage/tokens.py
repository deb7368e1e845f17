"""Bearer tokens, each known by its hash."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch, insert_many, run
from storage.times import from_ms, to_ms

TABLE: Final = "token"
COLUMNS: Final = ("token_hash", "account", "scope", "created_at", "used_at")

# A token with the active account it belongs to.
LIVE: Final = """
SELECT t.token_hash, t.scope, t.used_at, a.name, a.actor_uri, a.role
FROM token t JOIN account a ON a.name = t.account
WHERE t.token_hash = $1 AND a.state = 'active'
"""

# When it was last used.
TOUCH: Final = "UPDATE token SET used_at = $2 WHERE token_hash = $1"

# Every token of an account.
END_ALL: Final = "DELETE FROM token WHERE account = $1"


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A bearer token and the account behind it.

    Attributes:
        scope: Words parted by a space.
        used_at: The last use that was noted, or None.
    """

    token_hash: str
    scope: str
    used_at: datetime | None
    account: str
    actor_uri: str
    role: str


async def add_token(token_hash: str, account: str, *, scope: str, created_at: datetime) -> None:
    """Remember a token that was given out; only its hash is stored."""
    await insert_many(TABLE, COLUMNS, [(token_hash, account, scope, to_ms(created_at), None)])


async def find_token(token_hash: str) -> LiveToken | None:
    """The token with this hash, if its account is active."""
    rows = await fetch(LIVE, token_hash)
    if not rows:
        return None
    row = rows[0]
    used_at = row["used_at"]
    return LiveToken(
        token_hash=row["token_hash"],
        scope=row["scope"],
        used_at=None if used_at is None else from_ms(used_at),
        account=row["name"],
        actor_uri=row["actor_uri"],
        role=row["role"],
    )


async def touch_token(token_hash: str, used_at: datetime) -> None:
    """Note that a token was used."""
    await run(TOUCH, token_hash, to_ms(used_at))


async def end_tokens_of(account: str) -> int:
    """Let no token open an account any more; answers how many there were."""
    return await run(END_ALL, account)
