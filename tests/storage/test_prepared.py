"""Every statement of the repositories can be prepared on both databases, with its types told."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from urllib.parse import urlsplit

import asyncpg

import storage
from storage.dialect import for_sqlite

STATEMENT = re.compile(r"\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b")
# What a repository makes a statement of by putting something in.
PART = re.compile(r"<[a-z ]+>")
PLACE = re.compile(r"\$\d+")


def statements() -> Iterator[tuple[str, str]]:
    """Name and text of each constant that is a whole statement."""
    for module in pkgutil.iter_modules(storage.__path__, "storage."):
        if not module.ispkg:
            for name, value in vars(importlib.import_module(module.name)).items():
                parts = value if isinstance(value, tuple) else (value,)
                for text in parts if not name.startswith("_") else ():
                    if isinstance(text, str) and STATEMENT.match(text) and not PART.search(text):
                        yield f"{module.name}.{name}", text


async def test_every_statement_can_be_prepared(database_url: str) -> None:
    found = dict(statements())

    broken = (
        on_sqlite(found, database_url)
        if database_url.startswith("sqlite")
        else await on_postgres(found, database_url)
    )

    assert broken == []
    assert len(found) > 200


def on_sqlite(found: dict[str, str], url: str) -> list[str]:
    broken = []
    connection = sqlite3.connect(urlsplit(url).path)
    for name, text in found.items():
        values = dict.fromkeys(PLACE.findall(text))
        try:
            connection.execute(f"EXPLAIN {for_sqlite(text).sql}", list(values.values()))
        except sqlite3.Error as error:
            broken.append(f"{name}: {error}")
    connection.close()
    return broken


async def on_postgres(found: dict[str, str], url: str) -> list[str]:
    broken = []
    connection = await asyncpg.connect(url)
    for name, text in found.items():
        try:
            await connection.prepare(text)
        except asyncpg.PostgresError as error:
            broken.append(f"{name}: {error}")
    await connection.close()
    return broken
