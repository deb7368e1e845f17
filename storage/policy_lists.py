"""What is remembered of each list that the operator has subscribed to.

What a list says is kept whole, in as many bytes as its reader made of it; nothing here looks into
them. Whoever writes names the version that they have read, so that of two who write at once the
second begins anew.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage.database import Row, fetch, insert_many, run
from storage.times import from_ms_or_none, to_ms, to_ms_or_none


@dataclass(frozen=True, slots=True)
class ListRow:
    """How it is with a list.

    Attributes:
        source: Tells one place from which it is read from another.
        draft_count: Of entries that nobody has decided about.
        trouble: Why it could not be read, or what of it is withheld; "" for nothing.
        failures: How often in a row it could not be read.
        phase: What is being done with it, "" for nothing.
        version: Of what is kept; each change gives it another one.
        tried_at: When it was asked for last.
        read_at: When it was had last.
        changed_at: When it said something else last.
        due_at: When it is asked for next.
    """

    id: str
    source: str = ""
    offered_count: int = 0
    adopted_count: int = 0
    draft_count: int = 0
    trouble: str = ""
    failures: int = 0
    phase: str = ""
    version: int = 0
    tried_at: datetime | None = None
    read_at: datetime | None = None
    changed_at: datetime | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ListContent:
    """What is kept of a list.

    Attributes:
        etag: By which its server knows what we have, and `modified` likewise.
        cursor: Where a list of changes goes on.
        offered: What it says.
        withheld: What it says now, which takes back too much to be believed; None for nothing.
        adopted: What of it holds.
        declined: What of it was decided against.
        memory: What reading it on needs.
    """

    etag: str = ""
    modified: str = ""
    cursor: str = ""
    offered: bytes | None = None
    withheld: bytes | None = None
    adopted: bytes | None = None
    declined: bytes | None = None
    memory: bytes | None = None


_SHOWN: Final = """SELECT id, source, offered_count, adopted_count, draft_count, trouble, failures,
  phase, version, tried_at, read_at, changed_at, due_at FROM policy_list"""

LISTED: Final = f"{_SHOWN} ORDER BY id"

NAMED: Final = f"{_SHOWN} WHERE id = ANY($1)"

IDS: Final = "SELECT id FROM policy_list"

CONTENT: Final = """
SELECT etag, modified, cursor, offered, withheld, adopted, declined, memory FROM policy_list
WHERE id = $1
"""

OFFERED: Final = "SELECT id, offered FROM policy_list WHERE id = ANY($1)"

# Whose place is another one is read anew from its beginning.
MOVE: Final = """
UPDATE policy_list SET source = $2, etag = '', modified = '', cursor = '', memory = NULL,
  failures = 0, trouble = '', due_at = $3, version = version + 1
WHERE id = $1 AND source <> $2
"""

# What a list says was read.
READ: Final = """
UPDATE policy_list SET etag = $3, modified = $4, cursor = $5, offered = $6, withheld = $7,
  adopted = $8, declined = $9, memory = $10, offered_count = $11, adopted_count = $12,
  draft_count = $13, trouble = $14, failures = 0, phase = '', read_at = $15, changed_at = $16,
  due_at = $17, version = version + 1
WHERE id = $1 AND version = $2
"""

# Somebody has decided about what it says.
DECIDED: Final = """
UPDATE policy_list SET offered = $3, withheld = $4, adopted = $5, declined = $6,
  offered_count = $7, adopted_count = $8, draft_count = $9, trouble = $10, version = version + 1
WHERE id = $1 AND version = $2
"""

REMOVE: Final = "DELETE FROM policy_list WHERE id = ANY($1)"


async def listed() -> list[ListRow]:
    """Every list of which something is remembered, by name."""
    return sorted(map(_row, await fetch(LISTED)), key=lambda row: row.id)


async def find(name: str) -> ListRow | None:
    """How it is with a list."""
    rows = await fetch(NAMED, [name])
    return _row(rows[0]) if rows else None


async def ids() -> frozenset[str]:
    """The names of all of them."""
    return frozenset(row["id"] for row in await fetch(IDS))


async def content(name: str) -> ListContent:
    """What is kept of a list; of one that is not there, nothing."""
    rows = await fetch(CONTENT, name)
    if not rows:
        return ListContent()
    row = rows[0]
    blobs = (_bytes(row[key]) for key in ("offered", "withheld", "adopted", "declined", "memory"))
    return ListContent(row["etag"], row["modified"], row["cursor"], *blobs)


async def offered(names: Sequence[str]) -> dict[str, bytes]:
    """What these lists say, of those that were read."""
    rows = await fetch(OFFERED, list(names))
    return {row["id"]: bytes(row["offered"]) for row in rows if row["offered"] is not None}


async def know(sources: Mapping[str, str], now: datetime) -> None:
    """Remember lists that are new, or are read from somewhere else: they are due. In a transaction.

    Args:
        sources: By list, what tells its place from another one.
        now: When.
    """
    rows = [(name, source, to_ms(now)) for name, source in sources.items()]
    keep = "ON CONFLICT (id) DO NOTHING"
    await insert_many("policy_list", ("id", "source", "due_at"), rows, conflict=keep)
    for row in rows:
        await run(MOVE, *row)


async def put_read(row: ListRow, kept: ListContent) -> bool:
    """Keep what a list says; False if somebody else has written since `row.version`.

    Transaction: expects to run inside one.
    """
    return (
        await run(
            READ,
            *(row.id, row.version, kept.etag, kept.modified, kept.cursor),
            *(kept.offered, kept.withheld, kept.adopted, kept.declined, kept.memory),
            *(row.offered_count, row.adopted_count, row.draft_count, row.trouble),
            *(to_ms_or_none(at) for at in (row.read_at, row.changed_at, row.due_at)),
        )
        == 1
    )


async def put_decided(row: ListRow, kept: ListContent) -> bool:
    """Keep what somebody has decided about a list; False and transaction as `put_read`."""
    return (
        await run(
            DECIDED,
            *(row.id, row.version, kept.offered, kept.withheld, kept.adopted, kept.declined),
            *(row.offered_count, row.adopted_count, row.draft_count, row.trouble),
        )
        == 1
    )


async def remove(names: Sequence[str]) -> int:
    """Forget lists; answer how many there were."""
    return await run(REMOVE, list(names)) if names else 0


def _bytes(value: object) -> bytes | None:
    return bytes(value) if isinstance(value, bytes | memoryview | bytearray) else None


def _row(row: Row) -> ListRow:
    return ListRow(
        *(row["id"], row["source"]),
        *(row["offered_count"], row["adopted_count"], row["draft_count"]),
        *(row["trouble"], row["failures"], row["phase"], row["version"]),
        *(from_ms_or_none(row[key]) for key in ("tried_at", "read_at", "changed_at", "due_at")),
    )
