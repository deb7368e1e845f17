"""What people have allowed apps: a code that works once, and the tokens that came of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run, transaction
from storage.times import from_ms, to_ms

TABLE: Final = "consent"
COLUMNS: Final = (
    *("id", "app_id", "account", "scope", "redirect_uri", "challenge", "code_hash", "code_until"),
    *("keep_until", "created_at"),
)

# Of one person's with one app those that were given first.
END_OLDEST: Final = """
DELETE FROM consent WHERE account = $1 AND app_id = $2 AND id NOT IN (
  SELECT id FROM consent WHERE account = $1 AND app_id = $2 ORDER BY id DESC LIMIT $3)
"""

# Tokens end with the consent behind them.
END_ORPHANS: Final = """
DELETE FROM token WHERE account = $1 AND app_id = $2 AND NOT EXISTS (
  SELECT 1 FROM consent WHERE consent.id = token.consent_id)
"""

_FOUND: Final = """
SELECT c.id, c.app_id, c.account, c.scope, c.redirect_uri, c.challenge, c.code_until, c.is_used,
  c.refresh_hash, c.keep_until, a.actor_uri
FROM consent c JOIN account a ON a.name = c.account
WHERE a.state = 'active' AND
"""

BY_CODE: Final = f"{_FOUND} c.code_hash = $1"
# An empty hash is that of nothing, and is never asked for.
BY_REFRESH: Final = f"{_FOUND} (c.refresh_hash = $1 OR c.former_hash = $1)"

# SECURITY: whoever comes second changes no row, however close behind; tests/oauth/test_codes.py.
USE: Final = "UPDATE consent SET is_used = TRUE WHERE id = $1 AND NOT is_used"

ROTATE: Final = """
UPDATE consent SET former_hash = refresh_hash, refresh_hash = $3, keep_until = $4
WHERE id = $1 AND refresh_hash = $2
"""

END: Final = "DELETE FROM consent WHERE id = $1"
END_TOKENS: Final = "DELETE FROM token WHERE consent_id = $1"
END_OF_APP: Final = "DELETE FROM consent WHERE account = $1 AND app_id = $2"
END_TOKENS_OF_APP: Final = "DELETE FROM token WHERE account = $1 AND app_id = $2"
END_ALL: Final = "DELETE FROM consent WHERE account = $1"

# The apps that a person lets in, and when each last was.
APPS_OF: Final = """
SELECT app.number, app.id, app.kind, app.name, app.website, u.scope, u.created_at, u.used_at
FROM (
  SELECT app_id, scope, created_at, used_at FROM token
  WHERE account = $1 AND (expires_at IS NULL OR expires_at > $2)
  UNION ALL
  SELECT app_id, scope, created_at, NULL FROM consent
  WHERE account = $1 AND refresh_hash <> '' AND keep_until > $2
) AS u JOIN app ON app.id = u.app_id
ORDER BY u.created_at DESC LIMIT $3
"""

REAP: Final = """
DELETE FROM consent WHERE id IN (
  SELECT id FROM consent WHERE keep_until < $1
    AND NOT EXISTS (SELECT 1 FROM token WHERE token.consent_id = consent.id)
  ORDER BY keep_until LIMIT $2
)
"""


@dataclass(frozen=True, slots=True)
class NewConsent:
    """What a person has just allowed.

    Attributes:
        challenge: Of PKCE S256, or "".
        code_hash: SHA-256 of the code, in hexadecimal.
        code_until: When the code works no more.
    """

    id: str
    app_id: str
    account: str
    scope: str
    redirect_uri: str
    challenge: str
    code_hash: str
    code_until: datetime
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredConsent:
    """What an active account has allowed.

    Attributes:
        is_used: Whether the code has been used.
        refresh_hash: Of the refresh token that is good, or "".
        keep_until: How long that one is.
    """

    id: str
    app_id: str
    account: str
    actor_uri: str
    scope: str
    redirect_uri: str
    challenge: str
    code_until: datetime
    is_used: bool
    refresh_hash: str
    keep_until: datetime


@dataclass(frozen=True, slots=True)
class Use:
    """One token or refresh token of an app that a person lets in."""

    number: int
    app_id: str
    kind: str
    name: str
    website: str
    scope: str
    created_at: datetime
    used_at: datetime | None


async def add(consent: NewConsent, *, at_most: int) -> None:
    """Keep a consent; the oldest of this person's with this app give way. Inside a transaction."""
    until, created = to_ms(consent.code_until), to_ms(consent.created_at)
    row = (
        consent.id,
        consent.app_id,
        consent.account,
        consent.scope,
        consent.redirect_uri,
        consent.challenge,
        consent.code_hash,
        until,
        until,
        created,
    )
    await insert_many(TABLE, COLUMNS, [row])
    await run(END_OLDEST, consent.account, consent.app_id, at_most)
    await run(END_ORPHANS, consent.account, consent.app_id)


async def find_by_code(code_hash: str) -> StoredConsent | None:
    """The consent that gave this code, used or not."""
    rows = await fetch(BY_CODE, code_hash)
    return _consent(rows[0]) if rows else None


async def find_by_refresh(token_hash: str) -> StoredConsent | None:
    """The consent that this refresh token keeps going, or once did."""
    rows = await fetch(BY_REFRESH, token_hash)
    return _consent(rows[0]) if rows else None


async def use_code(consent_id: str) -> bool:
    """Use its code up; False if it was used before, or the consent is gone."""
    return await run(USE, consent_id) == 1


async def rotate(consent_id: str, former: str, refresh_hash: str, keep_until: datetime) -> bool:
    """Let another refresh token keep it going, and end its tokens; False if somebody else did."""
    if await run(ROTATE, consent_id, former, refresh_hash, to_ms(keep_until)) != 1:
        return False
    await run(END_TOKENS, consent_id)
    return True


async def end(consent_id: str) -> None:
    """End a consent and the tokens of it."""
    async with transaction():
        # The consent first: whoever is using its code at this moment holds it.
        await run(END, consent_id)
        await run(END_TOKENS, consent_id)


async def end_of_app(account: str, app_id: str) -> None:
    """End all that a person has allowed an app."""
    async with transaction():
        await run(END_OF_APP, account, app_id)
        await run(END_TOKENS_OF_APP, account, app_id)


async def end_of(account: str) -> None:
    """End all that a person has allowed; their tokens are ended after it."""
    await run(END_ALL, account)


async def uses_of(account: str, now: datetime, *, limit: int = 1000) -> tuple[Use, ...]:
    """The ways in which apps can act for a person, the last made first."""
    return tuple(
        Use(
            number=row["number"],
            app_id=row["id"],
            kind=row["kind"],
            name=row["name"],
            website=row["website"],
            scope=row["scope"],
            created_at=from_ms(row["created_at"]),
            used_at=None if row["used_at"] is None else from_ms(row["used_at"]),
        )
        for row in await fetch(APPS_OF, account, to_ms(now), limit)
    )


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget what gives nothing any more; answers how many there were."""
    return await run(REAP, to_ms(before), limit)


def _consent(row: Row) -> StoredConsent:
    return StoredConsent(
        id=row["id"],
        app_id=row["app_id"],
        account=row["account"],
        actor_uri=row["actor_uri"],
        scope=row["scope"],
        redirect_uri=row["redirect_uri"],
        challenge=row["challenge"],
        code_until=from_ms(row["code_until"]),
        is_used=bool(row["is_used"]),
        refresh_hash=row["refresh_hash"],
        keep_until=from_ms(row["keep_until"]),
    )
