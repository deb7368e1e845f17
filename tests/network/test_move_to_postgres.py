"""A node with groups and deliveries goes on, on PostgreSQL, where it stopped on SQLite."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
import pytest_asyncio
import trustme

from node.cli.main import main
from tests.network.stories import together
from tests.support.live_node import LiveNode, read_config
from tests.support.network import POSTGRES, Molds, Network, new_postgres

pytestmark = [
    pytest.mark.network,
    pytest.mark.postgres,
    pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL named"),
]

COUNT = 'SELECT COUNT(*) AS n FROM "<table>"'


@pytest.fixture(scope="session")
def sqlite_molds(tmp_path_factory: pytest.TempPathFactory) -> Molds:
    return Molds("sqlite", tmp_path_factory.mktemp("sqlite"))


@pytest_asyncio.fixture
async def network(tmp_path: Path, ca: trustme.CA, sqlite_molds: Molds):
    opened = Network(tmp_path, ca, sqlite_molds)
    await opened.open()
    yield opened
    await opened.close()


async def copy(node: LiveNode, url: str) -> int:
    """As an operator does; the exit status."""
    command = ["database", "copy", "--to", url, "--config", str(node.config_file)]
    return await asyncio.to_thread(main, command)


def point_to(node: LiveNode, url: str) -> None:
    old = read_config(node.config_file).database.url
    node.config_file.write_text(node.config_file.read_text().replace(old, url))


async def tables(url: str) -> list[str]:
    connection = await asyncpg.connect(url)
    try:
        rows = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return [row["tablename"] for row in rows]
    finally:
        await connection.close()


async def test_a_node_goes_on_where_it_stopped(
    network: Network, capsys: pytest.CaptureFixture[str]
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "before")
    await bo.say(room, "before too")
    await network.settle()
    await beta.stop()
    await al.say(room, "on the way")
    await network.settle()
    (last_event,) = await alpha.rows("SELECT MAX(id) AS id FROM event")
    await alpha.beat()
    await alpha.stop()
    url = await new_postgres()

    assert await copy(alpha, url) == 0
    assert "copied and compared" in capsys.readouterr().out
    point_to(alpha, url)
    await alpha.start()
    await beta.start()
    network.advance(hours=1)
    await network.settle()
    await al.say(room, "after")
    await bo.say(room, "after too")
    await network.settle()

    everything = ["before", "before too", "on the way", "after", "after too"]
    assert await al.texts(room) == everything
    assert await bo.texts(room) == everything
    assert alpha.node.parts.restoration.may_send()
    (next_event,) = await alpha.rows(
        "SELECT MIN(id) AS id FROM event WHERE id > $1", last_event["id"]
    )
    assert next_event["id"] == last_event["id"] + 1


async def test_the_old_database_knows_that_it_was_left(network: Network):
    (alpha,) = await network.start("alpha.test")
    await alpha.stop()
    url, old = await new_postgres(), read_config(alpha.config_file).database.url

    assert await copy(alpha, url) == 0
    point_to(alpha, url)
    await alpha.start()
    network.advance(minutes=5)
    await alpha.beat()
    await alpha.stop()
    point_to(alpha, old)
    await alpha.start()

    assert not alpha.node.parts.restoration.may_send()


async def test_a_target_that_has_anything_is_refused_and_left_alone(
    network: Network, capsys: pytest.CaptureFixture[str]
):
    (alpha,) = await network.start("alpha.test")
    await alpha.stop()
    url = await new_postgres()
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE mine (id int)")
    await connection.close()

    assert await copy(alpha, url) == 1

    assert "the target has tables already" in capsys.readouterr().err
    assert await tables(url) == ["mine"]


async def test_a_running_node_is_not_copied(network: Network, capsys: pytest.CaptureFixture[str]):
    (alpha,) = await network.start("alpha.test")
    url = await new_postgres()

    assert await copy(alpha, url) == 1

    assert "another process serves" in capsys.readouterr().err
    assert await tables(url) == []


async def test_a_row_that_does_not_fit_leaves_nothing_behind(
    network: Network, capsys: pytest.CaptureFixture[str]
):
    (alpha,) = await network.start("alpha.test")
    await alpha.rows("UPDATE account SET name = $1 RETURNING name", "x" * 65)
    await alpha.stop()
    url = await new_postgres()

    assert await copy(alpha, url) == 1

    assert "account: StringDataRightTruncationError" in capsys.readouterr().err
    assert await tables(url) == []


async def test_a_copy_holds_every_row(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    await together(network, alpha.person("al"), beta.person("bo"))
    held = await alpha.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    counting = {row["name"]: COUNT.replace("<table>", row["name"]) for row in held}
    counted = {name: (await alpha.rows(sql))[0]["n"] for name, sql in counting.items()}
    await alpha.stop()
    url = await new_postgres()

    assert await copy(alpha, url) == 0

    connection = await asyncpg.connect(url)
    there = {name: await connection.fetchval(sql) for name, sql in counting.items()}
    await connection.close()
    assert there == counted
    assert counted["message"] == 0 < counted["membership"]
