"""Writes the text of a small database of this release, from which later ones must upgrade.

    python tests/storage/releases/dump.py > tests/storage/releases/0.1.0.sqlite3.sql

Run it for a release and never again: the file says what that release has left on people's disks.
"""

import asyncio
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from storage import database, migrate

AT = 1_788_436_800_000
ROWS: dict[str, dict[str, str | int | bytes | None]] = {
    "account": {
        "name": "al", "actor_uri": "https://a.test/u/al", "role": "owner", "created_at": AT,
    },
    "actor": {
        "uri": "https://a.test/u/al", "host": "a.test", "local": 1, "kind": "person",
        "type": "Person", "username": "al", "domain": "a.test", "name": "Al ☕", "created_at": AT,
    },
    "actor_key": {
        "key_id": "https://a.test/u/al#main-key", "actor_uri": "https://a.test/u/al",
        "algorithm": "rsa", "sealed": b"\x01sealed", "public": b"\x30public", "created_at": AT,
    },
    "conversation": {
        "id": "01J6VAT3C0000000000000000A", "uri": "https://a.test/c/1", "kind": "group",
        "is_home": 1, "title": "tea", "epoch": 1, "state": "{}", "created_at": AT,
        "changed_at": AT,
    },
    "message": {
        "id": "01J6VAT3C0000000000000000B", "uri": "https://a.test/u/al/n/1",
        "conversation_id": "01J6VAT3C0000000000000000A", "author_uri": "https://a.test/u/al",
        "activity_id": "https://a.test/u/al/a/1", "type": "Note", "published_at": AT, "t": AT,
        "arrived_at": AT, "media_type": "text/html", "html": "<p>it's ready</p>", "text": None,
        "provenance": "verified",
    },
    "inbox_entry": {
        "id": "01J6VAT3C0000000000000000C", "actor_uri": "https://b.test/u/bo",
        "activity_id": "https://b.test/a/1", "inbox": "https://a.test/inbox", "body": b"{}",
        "due_at": AT, "received_at": AT,
    },
    "delivery": {
        "id": "01J6VAT3C0000000000000000D", "activity_id": "https://a.test/u/al/a/1",
        "actor_uri": "https://a.test/u/al", "host": "b.test", "target": "shared", "due_at": AT,
        "created_at": AT,
    },
    "event": {"account_uri": "https://a.test/u/al", "type": "message", "created_at": AT},
}  # fmt: skip


async def make(path: Path) -> None:
    """A database as this release makes it, with a row in each table of note."""
    async with database.opened(f"sqlite://{path}"):
        await migrate.apply("00112233445566778899aabbccddeeff")
        for table, row in ROWS.items():
            await database.insert_many(table, tuple(row), [tuple(row.values())])


def main() -> None:
    """Write the dump to standard output."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "covey.sqlite3"
        asyncio.run(make(path))
        with closing(sqlite3.connect(path)) as connection:
            sys.stdout.writelines(f"{line}\n" for line in connection.iterdump())


if __name__ == "__main__":
    main()
