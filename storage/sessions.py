"""Browsers that are signed in, each known by the hash of its cookie."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import fetch, insert_many, run, transaction
from storage.times import from_ms, to_ms

TABLE: Final = "session"
COLUMNS: Final = (
    "token_hash",
    "account",
    "csrf",
    "user_agent",
    "address",
    "created_at",
    "used_at",
    "expires_at",
)

# A session that has not run out, with the active account it belongs to.
LIVE: Final = """
SELECT s.token_hash, s.csrf, s.used_at, a.name, a.actor_uri, a.role
FROM session s JOIN account a ON a.name = s.account
WHERE s.token_hash = $1 AND s.expires_at > $2 AND a.state = 'active'
"""

# It was used, so it lasts longer.
TOUCH: Final = """
UPDATE session SET used_at = $2, expires_at = $3, address = $4 WHERE token_hash = $1
"""

# One browser signs out.
END: Final = "DELETE FROM session WHERE token_hash = $1"

# Every browser of an account signs out, but some.
END_OTHERS: Final = "DELETE FROM session WHERE account = $1 AND NOT token_hash = ANY($2)"

# Of one account those that were not used latest.
END_OLDEST: Final = """
DELETE FROM session WHERE account = $1 AND token_hash NOT IN (
  SELECT token_hash FROM session WHERE account = $1 ORDER BY used_at DESC, token_hash LIMIT $2)
"""

# Those of an account that have not run out, the latest used first.
OF_ACCOUNT: Final = """
SELECT token_hash, user_agent, address, created_at, used_at FROM session
WHERE account = $1 AND expires_at > $2 ORDER BY used_at DESC, token_hash
"""

# When somebody who looks after the node was last at a page of it.
STAFF_USED: Final = """
SELECT MAX(s.used_at) AS used_at FROM session s JOIN account a ON a.name = s.account
WHERE a.state = 'active' AND a.role <> 'member'
"""

# What has run out is forgotten.
END_EXPIRED: Final = "DELETE FROM session WHERE expires_at <= $1"


@dataclass(frozen=True, slots=True)
class NewSession:
    """A browser that signs in.

    Attributes:
        token_hash: SHA-256 of its cookie, in hexadecimal.
        csrf: What it sends in `X-CSRF-Token`.
        expires_at: When it ends unless it is used before.
    """

    token_hash: str
    account: str
    csrf: str
    user_agent: str
    address: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LiveSession:
    """A signed-in browser and the account behind it."""

    token_hash: str
    csrf: str
    used_at: datetime
    account: str
    actor_uri: str
    role: str


@dataclass(frozen=True, slots=True)
class ListedSession:
    """A signed-in browser, as its person sees it in a list."""

    token_hash: str
    user_agent: str
    address: str
    created_at: datetime
    used_at: datetime


async def add_session(session: NewSession, *, at_most: int) -> None:
    """Remember a browser that signed in; those used longest ago give way to it."""
    created = to_ms(session.created_at)
    row = (
        session.token_hash,
        session.account,
        session.csrf,
        session.user_agent,
        session.address,
        created,
        created,
        to_ms(session.expires_at),
    )
    async with transaction():
        await insert_many(TABLE, COLUMNS, [row])
        await run(END_OLDEST, session.account, at_most)


async def sessions_of(account: str, now: datetime) -> tuple[ListedSession, ...]:
    """The browsers that are signed in to an account, the latest used first."""
    rows = await fetch(OF_ACCOUNT, account, to_ms(now))
    return tuple(
        [
            ListedSession(
                token_hash=row["token_hash"],
                user_agent=row["user_agent"],
                address=row["address"],
                created_at=from_ms(row["created_at"]),
                used_at=from_ms(row["used_at"]),
            )
            for row in rows
        ]
    )


async def find_session(token_hash: str, now: datetime) -> LiveSession | None:
    """The session behind a cookie, if it has not run out and its account is active."""
    rows = await fetch(LIVE, token_hash, to_ms(now))
    if not rows:
        return None
    row = rows[0]
    return LiveSession(
        token_hash=row["token_hash"],
        csrf=row["csrf"],
        used_at=from_ms(row["used_at"]),
        account=row["name"],
        actor_uri=row["actor_uri"],
        role=row["role"],
    )


async def touch_session(
    token_hash: str, used_at: datetime, expires_at: datetime, *, address: str
) -> None:
    """Let a session that is used last longer, and note where it was used."""
    await run(TOUCH, token_hash, to_ms(used_at), to_ms(expires_at), address)


async def end_session(token_hash: str) -> None:
    """Sign one browser out."""
    await run(END, token_hash)


async def end_sessions_of(account: str, *, but: Collection[str] = ()) -> None:
    """Sign every browser of an account out, but those with these hashes."""
    await run(END_OTHERS, account, list(but))


async def end_expired_sessions(now: datetime) -> int:
    """Forget what has run out; answers how many there were."""
    return await run(END_EXPIRED, to_ms(now))


async def staff_used_at() -> datetime | None:
    """When somebody who owns, runs or moderates the node last used a page, to the hour."""
    used = (await fetch(STAFF_USED))[0]["used_at"]
    return None if used is None else from_ms(used)
