"""A node is saved while it runs, made anew elsewhere, and goes on once the old one is off."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from node.cli.main import main
from tests.network.stories import together
from tests.support.live_node import LiveNode, read_config
from tests.support.network import Network, new_postgres

pytestmark = pytest.mark.network

MINUTES = 5
Story = Callable[[], Awaitable[None]]


async def covey(*arguments: str | Path) -> int:
    """As an operator does, beside whatever runs; the exit status."""
    return await asyncio.to_thread(main, [str(each) for each in arguments])


async def new_machine(node: LiveNode, place: Path) -> Path:
    """Another data folder, another database, the same secret key and names."""
    old = read_config(node.config_file)
    await asyncio.to_thread(place.mkdir)
    shutil.copy(node.config_file.parent / "ca.pem", place)
    text = node.config_file.read_text().replace(str(node.config_file.parent), str(place))
    if old.database.url.startswith("postgres"):
        text = text.replace(old.database.url, await new_postgres())
    (place / "config.toml").write_text(text)
    return place / "config.toml"


async def minutes(network: Network) -> None:
    for _ in range(MINUTES):
        network.advance(minutes=1)
        await network.settle()


async def moved(network: Network, node: LiveNode, tmp_path: Path, after: Story) -> None:
    """A node is saved, goes on for a while, stops, and is made anew elsewhere."""
    assert await covey("backup", tmp_path / "backup", "--config", node.config_file) == 0
    await after()
    await node.stop()
    config = await new_machine(node, tmp_path / "elsewhere")
    assert await covey("restore", tmp_path / "backup", "--config", config) == 0
    node.config_file = config
    await node.start()


async def test_a_backup_of_a_running_node_goes_on_on_another_machine(
    network: Network, tmp_path: Path
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await bo.say(room, "before")
    await network.settle()
    network.cut("alpha.test")
    await bo.say(room, "on the way")
    await beta.beat()

    async def after() -> None:
        network.heal("alpha.test")
        await bo.say(room, "after the backup")
        network.advance(hours=1)
        await network.settle()
        assert "after the backup" in await al.texts(room)

    await moved(network, beta, tmp_path, after)
    network.tape.clear()
    await al.say(room, "comes in")
    await minutes(network)
    assert (await beta.call("GET", "/readyz", headers={}))[0] == 503
    assert [one for one in network.tape if one.sender == "beta.test" and one.body] == []
    assert "comes in" in await bo.texts(room)

    assert await beta.confirm()
    await minutes(network)
    await bo.say(room, "goes on")
    await network.settle()
    everything = ["before", "on the way", "after the backup", "comes in", "goes on"]
    assert await al.texts(room) == everything
    assert await bo.texts(room) == everything


async def test_a_database_that_holds_a_node_is_not_restored_over(
    network: Network, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    alpha, _ = await network.start("alpha.test", "beta.test")
    assert await covey("backup", tmp_path / "backup", "--config", alpha.config_file) == 0
    await alpha.stop()

    assert await covey("restore", tmp_path / "backup", "--config", alpha.config_file) == 1

    assert "restoring never replaces a database" in capsys.readouterr().err
    await alpha.start()
    assert alpha.node.parts.restoration.may_send()
