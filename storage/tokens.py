"""Bearer tokens, each known by its hash."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch, insert_many, run, transaction
from storage.times import from_ms, to_ms

TABLE: Final = "token"
COLUMNS: Final = (
    *("token_hash", "account", "scope", "created_at", "used_at"),
    *("app_id", "consent_id", "expires_at"),
)

# A token that has not run out, with the active account it belongs to.
LIVE: Final = """
SELECT t.token_hash, t.scope, t.used_at, t.app_id, a.name, a.actor_uri, a.role
FROM token t JOIN account a ON a.name = t.account
WHERE t.token_hash = $1 AND a.state = 'active' AND (t.expires_at IS NULL OR t.expires_at > $2)
"""

# Whose a token is: an app's own has no account.
HELD: Final = """
SELECT t.token_hash, t.app_id, t.consent_id FROM token t
LEFT JOIN account a ON a.name = t.account
WHERE t.token_hash = $1 AND (t.account = '' OR a.state = 'active')
  AND (t.expires_at IS NULL OR t.expires_at > $2)
"""

# When it was last used.
TOUCH: Final = "UPDATE token SET used_at = $2 WHERE token_hash = $1"

END: Final = "DELETE FROM token WHERE token_hash = $1"

# Every token of an account.
END_ALL: Final = "DELETE FROM token WHERE account = $1"

# Of an app's own those that it got first.
END_OLDEST: Final = """
DELETE FROM token WHERE account = '' AND app_id = $1 AND token_hash NOT IN (
  SELECT token_hash FROM token WHERE account = '' AND app_id = $1
  ORDER BY created_at DESC, token_hash LIMIT $2)
"""

REAP: Final = """
DELETE FROM token WHERE token_hash IN (
  SELECT token_hash FROM token WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2
)
"""


@dataclass(frozen=True, slots=True)
class NewToken:
    """A bearer token that is given out.

    Attributes:
        token_hash: SHA-256 of it, in hexadecimal.
        account: Whose; "" for an app's own.
        scope: Words parted by a space.
        app_id: Whom it was given to; "" for what the command line has made.
        consent_id: What it came of, or "".
        expires_at: When it runs out, if ever.
    """

    token_hash: str
    account: str
    scope: str
    created_at: datetime
    app_id: str = ""
    consent_id: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class LiveToken:
    """A bearer token and the account behind it.

    Attributes:
        scope: Words parted by a space.
        used_at: The last use that was noted, or None.
        app_id: As in `NewToken`.
    """

    token_hash: str
    scope: str
    used_at: datetime | None
    app_id: str
    account: str
    actor_uri: str
    role: str


@dataclass(frozen=True, slots=True)
class HeldToken:
    """To whom a token was given; `consent_id` is "" for an app's own."""

    token_hash: str
    app_id: str
    consent_id: str


async def add_token(token: NewToken) -> None:
    """Remember a token that was given out; only its hash is stored."""
    expires_at = None if token.expires_at is None else to_ms(token.expires_at)
    row = (
        token.token_hash,
        token.account,
        token.scope,
        to_ms(token.created_at),
        None,
        token.app_id,
        token.consent_id,
        expires_at,
    )
    await insert_many(TABLE, COLUMNS, [row])


async def add_own_token(token: NewToken, *, at_most: int) -> None:
    """As `add_token` for an app's own; the oldest of too many give way."""
    async with transaction():
        await add_token(token)
        await run(END_OLDEST, token.app_id, at_most)


async def find_token(token_hash: str, now: datetime) -> LiveToken | None:
    """The token with this hash, if it has not run out and its account is active."""
    rows = await fetch(LIVE, token_hash, to_ms(now))
    if not rows:
        return None
    row = rows[0]
    used_at = row["used_at"]
    return LiveToken(
        token_hash=row["token_hash"],
        scope=row["scope"],
        used_at=None if used_at is None else from_ms(used_at),
        app_id=row["app_id"],
        account=row["name"],
        actor_uri=row["actor_uri"],
        role=row["role"],
    )


async def find_holder(token_hash: str, now: datetime) -> HeldToken | None:
    """Whom the token with this hash was given to, a person's or an app's own."""
    rows = await fetch(HELD, token_hash, to_ms(now))
    if not rows:
        return None
    return HeldToken(rows[0]["token_hash"], rows[0]["app_id"], rows[0]["consent_id"])


async def touch_token(token_hash: str, used_at: datetime) -> None:
    """Note that a token was used."""
    await run(TOUCH, token_hash, to_ms(used_at))


async def end_token(token_hash: str) -> None:
    """Let one token open nothing any more."""
    await run(END, token_hash)


async def end_tokens_of(account: str) -> int:
    """Let no token open an account any more; answers how many there were."""
    return await run(END_ALL, account)


async def reap(now: datetime, *, limit: int = 1000) -> int:
    """Forget tokens that have run out; answers how many there were."""
    return await run(REAP, to_ms(now), limit)
