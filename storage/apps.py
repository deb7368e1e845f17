"""Apps that may ask people for access, each known by its client id."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

TABLE: Final = "app"
COLUMNS: Final = (
    *("id", "number", "kind", "secret_hash", "name", "website", "redirect_uris", "scope"),
    *("refreshes", "created_at", "seen_at"),
)

# What a client keeps for ever, what registers anew when it must, and what speaks for itself.
KEPT: Final = "kept"
REGISTERED: Final = "registered"
DOCUMENT: Final = "document"

# A document that was read anew says what it says; whoever has consented to it still has.
ANEW: Final = """
ON CONFLICT (id) DO UPDATE SET name = excluded.name, website = excluded.website,
  redirect_uris = excluded.redirect_uris, scope = excluded.scope, refreshes = excluded.refreshes,
  seen_at = excluded.seen_at
"""

FIND: Final = """
SELECT id, number, kind, secret_hash, name, website, redirect_uris, scope, refreshes, seen_at
FROM app WHERE id = $1
"""

COUNT: Final = "SELECT count(*) AS n FROM app"

SEEN: Final = "UPDATE app SET seen_at = $2 WHERE id = $1 AND kind <> 'document'"

# SECURITY: those of POST /api/v1/apps stay: a client keeps its id for ever and does not notice.
# tests/oauth/test_keeping.py
REAP: Final = """
DELETE FROM app WHERE id IN (
  SELECT id FROM app WHERE kind IN ('registered', 'document') AND seen_at < $1
    AND NOT EXISTS (SELECT 1 FROM consent WHERE consent.app_id = app.id)
    AND NOT EXISTS (SELECT 1 FROM token WHERE token.app_id = app.id)
  ORDER BY seen_at LIMIT $2
)
"""


@dataclass(frozen=True, slots=True)
class StoredApp:
    """An app.

    Attributes:
        id: Its client id; a URL if it speaks for itself.
        number: A second name, which grants nothing.
        kind: "kept", "registered" or "document".
        secret_hash: "" for one without a secret.
        redirect_uris: To which codes may go, as they were registered.
        scope: What it may ask for, parted by spaces.
        refreshes: Whether its tokens run out and are refreshed.
        seen_at_ms: When it was registered or used, or its document read.
    """

    id: str
    number: int
    kind: str
    secret_hash: str
    name: str
    website: str
    redirect_uris: tuple[str, ...]
    scope: str
    refreshes: bool
    seen_at_ms: int


async def put(app: StoredApp) -> None:
    """Keep an app; a document of this id is replaced."""
    row = (
        app.id,
        app.number,
        app.kind,
        app.secret_hash,
        app.name,
        app.website,
        "\n".join(app.redirect_uris),
        app.scope,
        app.refreshes,
        app.seen_at_ms,
        app.seen_at_ms,
    )
    await insert_many(TABLE, COLUMNS, [row], conflict=ANEW)


async def find(app_id: str) -> StoredApp | None:
    """The app with this client id."""
    rows = await fetch(FIND, app_id)
    return _app(rows[0]) if rows else None


async def count() -> int:
    """How many apps there are."""
    return int((await fetch(COUNT))[0]["n"])


async def note_use(app_id: str, at: datetime) -> None:
    """Note that somebody uses it; when a document was read is another matter."""
    await run(SEEN, app_id, to_ms(at))


async def reap(before: datetime, *, limit: int = 1000) -> int:
    """Forget what registers anew and was not used since then; answers how many there were."""
    return await run(REAP, to_ms(before), limit)


def _app(row: Row) -> StoredApp:
    return StoredApp(
        id=row["id"],
        number=row["number"],
        kind=row["kind"],
        secret_hash=row["secret_hash"],
        name=row["name"],
        website=row["website"],
        redirect_uris=tuple(row["redirect_uris"].split("\n")) if row["redirect_uris"] else (),
        scope=row["scope"],
        refreshes=bool(row["refreshes"]),
        seen_at_ms=row["seen_at"],
    )
