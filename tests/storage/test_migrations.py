"""The schema is made and upgraded completely or not at all, and never taken back."""

import asyncio
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector

import storage.migrations
from storage import database as db
from storage import migrate, models
from storage.errors import NewerSchema
from storage.incarnation import get_incarnation

FIRST, SECOND = "1" * 32, "2" * 32
RELEASES = sorted((Path(__file__).parent / "releases").glob("*.sql"))
DISK = sorted(path.stem for path in Path(storage.migrations.__path__[0]).glob("0*.py"))


async def tables() -> set[str]:
    return {name for name in TABLES if await db.has_table(name)}


TABLES = {module.rpartition(".")[2] for module in models.MODULES}


async def test_an_empty_database_gets_every_table(empty_url: str):
    async with db.opened(empty_url):
        assert await migrate.plan() == DISK
        assert await migrate.apply(FIRST) == DISK

        assert await migrate.plan() == []
        assert await tables() == TABLES
        assert await get_incarnation() == FIRST


async def test_what_would_run_is_told_with_what_it_passes_over(empty_url: str):
    async with db.opened(empty_url):
        before = await migrate.foresee()
        await migrate.apply(FIRST)

        assert [one.name for one in before] == DISK
        assert {one.seconds for one in before} == {0}
        assert await migrate.foresee() == []


async def test_planning_changes_nothing(empty_url: str):
    async with db.opened(empty_url):
        await migrate.plan()

        assert await tables() == set()
        assert not await db.has_table("tortoise_migrations")
        assert await get_incarnation_or_none() is None


async def get_incarnation_or_none() -> str | None:
    return await get_incarnation() if await db.has_table("setting") else None


async def test_a_second_run_does_nothing_and_keeps_the_incarnation(empty_url: str):
    async with db.opened(empty_url):
        await migrate.apply(FIRST)

        assert await migrate.apply(SECOND) == []
        assert await get_incarnation() == FIRST


async def test_two_processes_that_start_at_once_migrate_once(empty_url: str):
    async def start(incarnation: str) -> int:
        async with db.opened(empty_url):
            return len(await migrate.apply(incarnation))

    counts = await asyncio.gather(start(FIRST), start(SECOND))

    assert sorted(counts) == [0, len(DISK)]


async def test_a_failure_in_the_middle_leaves_nothing(empty_url: str):
    async def fail() -> None:
        async with db.transaction():
            await migrate.apply(FIRST)
            raise ZeroDivisionError

    async with db.opened(empty_url):
        with pytest.raises(ZeroDivisionError):
            await fail()

        assert await tables() == set()
        assert await migrate.apply(SECOND) == DISK


KILLED = """
import asyncio, os, sys
from storage import database, migrate

async def main():
    async with database.opened(sys.argv[1]), database.transaction():
        await migrate.apply("1" * 32)
        os._exit(137)

asyncio.run(main())
"""


async def test_a_kill_in_the_middle_leaves_nothing(empty_url: str):
    killed = await asyncio.create_subprocess_exec(sys.executable, "-c", KILLED, empty_url)
    assert await killed.wait() == 137

    async with db.opened(empty_url):
        assert await tables() == set()
        assert await migrate.apply(SECOND) == DISK


@pytest.mark.usefixtures("database")
async def test_a_database_of_a_newer_release_is_refused():
    await db.run(
        "INSERT INTO tortoise_migrations (app, name, applied_at) "
        "SELECT app, '9999_from_the_future', max(applied_at) FROM tortoise_migrations GROUP BY app"
    )

    with pytest.raises(NewerSchema, match="9999_from_the_future"):
        await migrate.plan()
    with pytest.raises(NewerSchema):
        await migrate.apply(FIRST)


@pytest.mark.usefixtures("database")
async def test_every_text_column_of_postgres_sorts_by_bytes(database_url: str):
    if database_url.startswith("sqlite"):
        return
    columns = await db.fetch(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C'"
    )
    assert columns == []


async def test_models_and_migrations_agree():
    async with TortoiseContext() as context:
        await context.init(config=migrate.DEVELOPMENT, init_connections=False)
        assert context.apps is not None
        writers = await MigrationAutodetector(context.apps, migrate.DEVELOPMENT["apps"]).changes()

    assert [operation for writer in writers for operation in writer.operations] == []


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
async def test_a_released_database_upgrades_and_keeps_its_rows(release: Path, tmp_path: Path):
    path = tmp_path / "covey.sqlite3"
    load(release, path)

    async with db.opened(f"sqlite://{path}"):
        await migrate.apply(SECOND)
        upgraded = await schema()
        (message,) = await db.fetch("SELECT html, text FROM message")
        (actor,) = await db.fetch("SELECT name FROM actor")
        incarnation = await get_incarnation()
        (event,) = await db.fetch(
            "INSERT INTO event (account_uri, type, created_at) VALUES ('a', 't', 0) RETURNING id"
        )

    assert (message["html"], message["text"], actor["name"]) == ("<p>it's ready</p>", None, "Al ☕")
    assert incarnation == "00112233445566778899aabbccddeeff"
    assert event["id"] == 2
    async with db.opened(f"sqlite://{tmp_path / 'new.sqlite3'}"):
        await migrate.apply(FIRST)
        assert upgraded == await schema()


def load(release: Path, path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(release.read_text())


async def schema() -> dict[str, list[tuple[str, str, int]]]:
    """Each table and index with its columns."""
    rows = await db.fetch(
        'SELECT m.name AS name, c.name AS column, c.type AS type, c."notnull" AS required'
        " FROM sqlite_master m LEFT JOIN pragma_table_info(m.name) c ORDER BY m.name, c.name"
    )
    found: dict[str, list[tuple[str, str, int]]] = {}
    for row in rows:
        found.setdefault(row["name"], []).append((row["column"], row["type"], row["required"]))
    return found


async def test_a_copy_of_a_migrated_file_is_complete(tmp_path: Path):
    async with db.opened(f"sqlite://{tmp_path / 'a.sqlite3'}"):
        await migrate.apply(FIRST)
    shutil.copy(tmp_path / "a.sqlite3", tmp_path / "b.sqlite3")

    async with db.opened(f"sqlite://{tmp_path / 'b.sqlite3'}"):
        assert await migrate.plan() == []
        assert await get_incarnation() == FIRST
