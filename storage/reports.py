"""Reports as rows, until they have been closed for long enough."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from storage.changes import AddReport, ReportedMessage
from storage.database import Row, fetch, insert_many, run
from storage.times import to_ms

# Sorts after every id.
NO_CURSOR: Final = "~"


async def add(reports: Sequence[AddReport]) -> None:
    """Keep reports. Inside a transaction."""
    columns = (
        *("id", "reporter_uri", "accused_uri", "local", "comment", "messages", "forwarded"),
        "created_at",
    )
    rows = [
        (
            *(r.id, r.reporter, r.accused, r.is_local, r.comment),
            msgspec.json.encode(r.messages).decode(),
            *(r.is_forwarded, to_ms(r.at)),
        )
        for r in reports
    ]
    await insert_many("report", columns, rows)


def messages_of(row: Row) -> tuple[ReportedMessage, ...]:
    """The messages of a report's row."""
    return msgspec.json.decode(row["messages"], type=tuple[ReportedMessage, ...])


LATELY: Final = "SELECT COUNT(*) AS n FROM report WHERE reporter_uri = $1 AND created_at > $2"


async def count_since(reporter: str, since: datetime) -> int:
    """How many reports somebody has made after this time."""
    return int((await fetch(LATELY, reporter, to_ms(since)))[0]["n"])


_COLUMNS: Final = """SELECT id, reporter_uri, accused_uri, local, comment, messages, forwarded,
  created_at, closed_at, closed_by FROM report"""

OPEN: Final = f"{_COLUMNS} WHERE closed_at IS NULL AND id < $1 ORDER BY id DESC LIMIT $2"

CLOSED: Final = f"{_COLUMNS} WHERE closed_at IS NOT NULL AND id < $1 ORDER BY id DESC LIMIT $2"

ONE: Final = f"{_COLUMNS} WHERE id = $1"

CLOSE: Final = """
UPDATE report SET closed_at = $2, closed_by = $3 WHERE id = $1 AND closed_at IS NULL
"""


async def listed(*, is_closed: bool, before: str, limit: int) -> list[Row]:
    """Open or closed reports with a smaller id, newest first."""
    return await fetch(CLOSED if is_closed else OPEN, before or NO_CURSOR, limit)


COUNT_OPEN: Final = "SELECT COUNT(*) AS n FROM report WHERE closed_at IS NULL"


async def count_open() -> int:
    """How many reports nobody has closed."""
    return int((await fetch(COUNT_OPEN))[0]["n"])


async def find(report_id: str) -> Row | None:
    """One report."""
    rows = await fetch(ONE, report_id)
    return rows[0] if rows else None


async def close(report_id: str, by: str, at: datetime) -> bool:
    """Close a report; False if it was not open."""
    return await run(CLOSE, report_id, to_ms(at), by) > 0


REAP: Final = """
DELETE FROM report WHERE id IN (
  SELECT id FROM report WHERE closed_at < $1 OR created_at < $2 ORDER BY id LIMIT $3
)
"""


async def reap(closed_before: datetime, made_before: datetime, *, limit: int = 1000) -> int:
    """Forget reports that were closed or made before these times; answer how many."""
    return await run(REAP, to_ms(closed_before), to_ms(made_before), limit)
