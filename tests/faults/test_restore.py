"""A node that comes back from a backup repeats nothing, invents nothing and finds what it lost."""

import shutil
from pathlib import Path

import pytest

from tests.faults.backups import put_back, take
from tests.faults.cluster import STATES, Cluster
from tests.faults.scenarios import seeds
from tests.network.stories import together
from tests.support.checker import History
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.node_config import SECRET_KEY
from tests.support.person import Person
from tests.support.process_node import NodeDiedError

MINUTES_TO_FIND = 5
ENTRIES = "SELECT log_uri, seq, activity_id FROM log_entry"


async def say(network: Network, history: History, person: Person, *texts: str) -> None:
    for text in texts:
        assert await history.say(person, text)
        await network.settle()
        network.advance(seconds=1)


async def minutes(network: Network, length: int = MINUTES_TO_FIND) -> None:
    for _ in range(length):
        network.advance(minutes=1)
        await network.settle()


async def doubles(nodes: list[LiveNode]) -> list[str]:
    """Numbers of logs that stand for two things, and epochs with two states."""
    named: dict[tuple[str, int], set[str]] = {}
    states: dict[tuple[str, int], set[str]] = {}
    for node in nodes:
        for one in await node.rows(ENTRIES):
            named.setdefault((one["log_uri"], one["seq"]), set()).add(one["activity_id"])
        for one in await node.rows(STATES):
            states.setdefault((one["uri"], one["epoch"]), set()).add(one["hash"])
    return [f"{place} is {ones}" for place, ones in (named | states).items() if len(ones) > 1]


async def incarnation(node: LiveNode) -> str:
    (row,) = await node.rows("SELECT value FROM setting WHERE key = 'incarnation'")
    return str(row["value"])


@pytest.mark.parametrize("restored", ["author", "home"])
@pytest.mark.parametrize("seed", seeds())
async def test_f10_a_sender_from_a_day_old_backup(
    network: Network, tmp_path: Path, restored: str, seed: int
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    history, node, person = History(room), *((beta, bo) if restored == "author" else (alpha, al))
    await say(network, history, person, "1", "2", "3")
    await node.beat()
    before = await incarnation(node)
    copy = await take(node, tmp_path / "copy")
    await say(network, history, person, "4", "5")
    await al.rename(room, "coffee")
    await network.settle()
    await say(network, history, gi, "between")
    network.advance(days=1)
    await node.beat()

    await put_back(node, copy)
    await network.settle()
    assert (await node.call("GET", "/readyz", headers={}))[0] == 503
    assert not await history.say(person, "nobody may")
    assert await node.confirm()
    await minutes(network)
    await say(network, history, person, "6")
    await al.rename(room, "water")
    await minutes(network)

    assert await incarnation(node) != before
    if restored == "home":
        # What home's own people said stands in no other log or history.
        assert await al.texts(room) == ["1", "2", "3", "between", "6"]
    members = [bo, gi] if restored == "home" else [al, bo, gi]
    assert await history.faults(members) == [], f"SEED={seed}"
    assert await doubles([alpha, beta, gamma]) == []
    for one in (al, bo, gi):
        assert (await one.see(room))["title"] == "water"


@pytest.mark.parametrize("seed", seeds())
async def test_f11_a_receiver_from_a_day_old_backup(network: Network, tmp_path: Path, seed: int):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    history = History(room)
    await say(network, history, al, "1")
    await gamma.beat()
    copy = await take(gamma, tmp_path / "copy")
    for number in range(2, 8):
        await say(network, history, (al, bo)[number % 2], str(number))
    network.advance(days=1)
    await gamma.beat()

    await put_back(gamma, copy)
    assert await gi.texts(room) == ["1"]
    assert await gamma.confirm()
    await minutes(network)

    assert await history.faults([al, bo, gi]) == [], f"SEED={seed}"


@pytest.mark.parametrize("seed", seeds())
async def test_f12_the_database_is_lost(network: Network, tmp_path: Path, seed: int):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    copy = await take(beta, tmp_path / "empty of this group")
    room = await together(network, al, bo)
    await beta.beat()
    # Another copy of the database than the file beside it names, and one that knows nothing.
    await put_back(beta, copy)
    network.tape.clear()
    await al.say(room, "who is there?")
    network.advance(hours=1)
    await network.settle()

    assert (await beta.call("GET", "/readyz", headers={}))[0] == 503
    assert [one for one in network.tape if one.sender == "beta.test" and one.body] == []


async def test_f12_the_secret_is_lost(files: Cluster):
    al, bo, beta = files.people["al"], files.people["bo"], files.node("beta")
    await files.start()
    assert await files.history.say(bo, "before")
    await beta.kill()
    give_another_secret(Path(beta.config))

    with pytest.raises(NodeDiedError, match="secret_key is not the one"):
        await beta.start()
    await beta.covey("keys", "rotate", "--secret-lost")
    await beta.start()

    assert await files.history.say(bo, "with new keys")
    assert await files.history.say(al, "I see")
    assert await files.settled() == []


def give_another_secret(config: Path) -> None:
    text = config.read_text()
    assert SECRET_KEY in text
    config.write_text(text.replace(SECRET_KEY, "another " * 5))


@pytest.mark.parametrize("seed", seeds())
async def test_f50_a_backup_of_a_running_node_on_another_machine(
    network: Network, tmp_path: Path, seed: int
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    history = History(room)
    network.cut("alpha.test")
    for number in range(20):
        assert await history.say(bo, f"waits {number}")
    await beta.beat()
    copy = await take(beta, tmp_path / "copy")
    await history.say(bo, "after the backup")
    network.advance(minutes=1)
    await beta.beat()
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(beta.config_file.parent, elsewhere)

    await put_back(beta, copy)
    network.heal("alpha.test")
    network.tape.clear()
    for _ in range(6):
        network.advance(hours=1)
        await network.settle()
    assert [one for one in network.tape if one.sender == "beta.test" and one.body] == []
    assert len(await bo.texts(room)) == 20
    assert await beta.confirm()
    await minutes(network)

    # What only the other copy knew is lost with it.
    assert await al.texts(room) == [f"waits {number}" for number in range(20)]
