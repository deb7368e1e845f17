"""A node that comes back from a backup repeats nothing, and finds what it has lost."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from federation.commands import end_account
from tests.network.stories import join, sent, together
from tests.support.gate import posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def say(network: Network, person: Person, room: Room, *texts: str) -> None:
    for text in texts:
        await person.say(room, text)
        await network.settle()
        network.advance(seconds=1)


async def minutes(network: Network, length: int = 5) -> None:
    """So long as a node is given to find what it has lost."""
    for _ in range(length):
        network.advance(minutes=1)
        await network.settle()


def copy(source: Path, to: Path) -> None:
    """Put the database of one folder into another, in place of the one that is there."""
    files = list(source.glob("covey.db*"))
    if not files:
        pytest.skip("only a database that is a file is copied")
    to.mkdir(exist_ok=True)
    for old in to.glob("covey.db*"):
        old.unlink()
    for file in files:
        shutil.copy(file, to)


async def copied(node: LiveNode, to: Path) -> None:
    """Stop the node, copy its database, and start it again."""
    await node.stop()
    copy(node.config_file.parent, to)
    await node.start()
    await node.beat()


@asynccontextmanager
async def restored(network: Network, node: LiveNode, backup: Path) -> AsyncIterator[None]:
    """Let the node start from the copy; inside, before its operator has said a word."""
    await node.beat()
    await node.stop()
    copy(backup, node.config_file.parent)
    await node.start()
    await network.settle()
    yield
    assert await node.confirm()
    await network.settle()


async def test_conformance_72_a_restored_author_writes_in_a_new_log(
    network: Network, tmp_path: Path
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await say(network, bo, room, "1", "2", "3")
    await copied(beta, tmp_path / "backup")
    await say(network, bo, room, "4", "5")
    ids = {one["uri"] for one in await al.messages(room)}
    network.advance(days=1)

    async with restored(network, beta, tmp_path / "backup"):
        assert (await beta.call("GET", "/readyz", headers={}))[0] == 503
    await minutes(network)
    await say(network, bo, room, "6")
    await minutes(network)

    for person in (al, bo, gi):
        assert await person.texts(room) == ["1", "2", "3", "4", "5", "6"]
    logs = await alpha.rows(
        "SELECT head, trouble FROM author_log WHERE author_uri = $1 AND head > 0 ORDER BY head",
        bo.uri,
    )
    assert [(one["head"], one["trouble"]) for one in logs] == [(1, ""), (5, "")]
    (newest,) = [one for one in await al.messages(room) if one["text"] == "6"]
    assert newest["uri"] not in ids


async def test_what_was_lost_counts_although_its_author_has_new_keys_since(
    network: Network, tmp_path: Path
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room, club = await together(network, al, bo), await together(network, bo, al)
    await say(network, bo, room, "1")
    await copied(beta, tmp_path / "backup")
    await say(network, bo, room, "2")
    await bo.rename(club, "coffee")
    await network.settle()
    network.advance(days=1)

    async with restored(network, beta, tmp_path / "backup"):
        for uri in (bo.uri, club.uri):
            await beta.rotate(uri)
    await minutes(network)
    await say(network, bo, room, "3")
    await minutes(network)

    for person in (al, bo):
        assert await person.texts(room) == ["1", "2", "3"]
        assert (await person.see(club))["title"] == "coffee"


async def test_in_restored_mode_nothing_leaves_and_nobody_posts(network: Network, tmp_path: Path):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    with network.fail(posted("Create", to="alpha.test")):
        await say(network, bo, room, "still queued")
        await copied(beta, tmp_path / "backup")
    network.advance(days=1)

    async with restored(network, beta, tmp_path / "backup"):
        network.tape.clear()
        path = f"/conversations/{(await bo.see(room))['id']}/messages"
        status, problem = await bo.ask("POST", path, {"text": "hello?"})
        network.advance(hours=1)
        await network.settle()
        assert status == 503, problem
        assert [one for one in network.tape if one.method == "POST"] == []
        await say(network, al, room, "received all the same")
        assert (await bo.texts(room))[-1] == "received all the same"
    network.advance(hours=1)
    await network.settle()

    assert await al.texts(room) == ["still queued", "received all the same"]


async def test_conformance_66_a_restored_home_adopts_what_members_hold(
    network: Network, tmp_path: Path
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi, gus = alpha.person("al"), beta.person("bo"), gamma.person("gi"), gamma.person("gus")
    room = await together(network, al, bo)
    await say(network, bo, room, "before")
    await copied(alpha, tmp_path / "backup")
    await join(network, al, gi, room)
    await join(network, al, gus, room)
    before = await bo.see(room)
    network.advance(days=1)

    async with restored(network, alpha, tmp_path / "backup"):
        assert (await al.see(room))["epoch"] == 2
        await gi.leave(room)
        await network.settle()
        assert (await al.see(room))["epoch"] == 2
    await minutes(network)
    network.advance(hours=1)
    await network.settle()

    assert before["epoch"] == 4
    hashes = []
    for node in (alpha, beta):
        rows = await node.rows("SELECT epoch, hash FROM state_link WHERE epoch < 5 ORDER BY epoch")
        hashes.append([(row["epoch"], row["hash"]) for row in rows][-3:])
    assert hashes[0] == hashes[1]
    assert (await al.see(room))["epoch"] == 5
    assert set(await al.roles(room)) == {al.acct, bo.acct, gus.acct}


async def test_a_member_from_a_day_old_backup_reads_what_it_missed(
    network: Network, tmp_path: Path
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    direct = await al.write_to(gi.acct, "just us")
    await network.settle()
    await copied(gamma, tmp_path / "backup")
    await say(network, al, room, "one", "two")
    await say(network, bo, room, "three")
    await say(network, al, direct, "still here?")
    network.advance(days=1)

    async with restored(network, gamma, tmp_path / "backup"):
        pass
    await minutes(network)

    assert await gi.texts(room) == ["one", "two", "three"]
    assert await gi.texts(direct) == ["just us", "still here?"]


def run_of(cursor: str) -> str:
    """The copy of the database that a cursor names."""
    return cursor.rpartition("=")[2].partition(".")[0]


async def test_conformance_75_after_homes_restore_an_old_cursor_is_gone_and_all_is_read_again(
    network: Network, tmp_path: Path
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await say(network, al, room, "one", "two")
    network.advance(hours=7)
    await beta.ask_others()
    await network.settle()
    (row,) = await beta.rows("SELECT history_cursor FROM conversation WHERE kind = 'group'")
    await copied(alpha, tmp_path / "backup")

    async with restored(network, alpha, tmp_path / "backup"):
        pass
    signer = await network.signer(bo)
    assert await signer.get(row["history_cursor"]) == 410
    network.advance(hours=7)
    await beta.ask_others()
    await network.settle()

    (after,) = await beta.rows("SELECT history_cursor FROM conversation WHERE kind = 'group'")
    assert await bo.texts(room) == ["one", "two"]
    assert run_of(after["history_cursor"]) != run_of(row["history_cursor"])


async def test_conformance_99_who_may_have_agreed_before_the_restore_is_asked(
    network: Network, tmp_path: Path
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.start_conversation("tea")
    await copied(beta, tmp_path / "backup")
    await join(network, al, bo, room)
    (add,) = sent(network.tape, "Add", to="beta.test")
    await say(network, al, room, "welcome")
    network.advance(hours=1)

    async with restored(network, beta, tmp_path / "backup"):
        assert await bo.state_in(room) == ""
    network.tape.clear()
    signer = await network.signer_of(alpha, room.uri)
    assert await signer.post("https://beta.test/inbox", add.body) == 202
    await network.settle()

    assert await bo.state_in(room) == "invited"
    assert sent(network.tape, "Reject") == []
    await bo.accept(room)
    await network.settle()
    network.advance(seconds=11)
    await network.settle()
    assert await bo.state_in(room) == "joined"
    assert await bo.texts(room) == ["welcome"]
    assert (await al.see(room))["epoch"] == 2


async def test_who_did_not_agree_says_so_after_a_restore(network: Network, tmp_path: Path):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.start_conversation("tea")
    await copied(beta, tmp_path / "backup")
    await join(network, al, bo, room)
    (add,) = sent(network.tape, "Add", to="beta.test")
    async with restored(network, beta, tmp_path / "backup"):
        pass
    signer = await network.signer_of(alpha, room.uri)
    await signer.post("https://beta.test/inbox", add.body)
    await network.settle()

    await bo.decline(room)
    await network.settle()

    assert set(await al.roles(room)) == {al.acct}
    assert await bo.state_in(room) in {"", "refused", "removed"}


async def unnoticed(network: Network, node: LiveNode, backup: Path) -> None:
    """Let the node start from the copy without anything that tells it so."""
    await node.stop()
    copy(backup, node.config_file.parent)
    (node.config_file.parent / "incarnation.json").unlink()
    await node.start()


async def test_an_author_who_learns_from_others_of_lost_entries_starts_a_new_log(
    network: Network, tmp_path: Path
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await say(network, bo, room, "1")
    await copied(beta, tmp_path / "backup")
    await say(network, bo, room, "2", "3")
    network.advance(minutes=5)
    await unnoticed(network, beta, tmp_path / "backup")

    with network.fail(lambda one: one.method == "GET" and one.host == "alpha.test"):
        await network.settle()
    await say(network, al, room, "I have three of yours")
    await minutes(network)
    await say(network, bo, room, "4")
    await minutes(network)

    assert await al.texts(room) == ["1", "2", "3", "I have three of yours", "4"]
    assert await bo.texts(room) == await al.texts(room)
    numbers = await alpha.rows(
        "SELECT log_uri, seq FROM log_entry WHERE log_uri LIKE $1 ORDER BY id", f"{bo.uri}/log/%"
    )
    assert [row["seq"] for row in numbers] == [1, 2, 3, 1]


async def test_in_a_direct_conversation_too_no_number_is_used_twice(
    network: Network, tmp_path: Path
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    await network.settle()
    await say(network, bo, room, "1")
    await copied(beta, tmp_path / "backup")
    await say(network, bo, room, "2")
    await unnoticed(network, beta, tmp_path / "backup")

    await say(network, al, room, "I have two of yours")
    await say(network, bo, room, "3")

    assert await al.texts(room) == ["hello", "1", "2", "I have two of yours", "3"]
    rows = await alpha.rows(
        "SELECT trouble, head FROM author_log WHERE author_uri = $1 ORDER BY head", bo.uri
    )
    assert [(row["trouble"], row["head"]) for row in rows] == [("", 1), ("", 2)]


async def test_who_is_to_leave_a_blocked_home_leaves_once_the_other_copy_is_off(
    network: Network, tmp_path: Path
):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await say(network, bo, room, "1")
    await beta.block("alpha.test")
    await copied(beta, tmp_path / "backup")
    await network.settle()
    network.advance(days=1)

    async with restored(network, beta, tmp_path / "backup"):
        network.advance(hours=1)
        await network.settle()
        assert await bo.state_in(room) == "joined"
        assert await beta.rows("SELECT id FROM activity WHERE document LIKE '%\"Leave\"%'") == []
    await minutes(network)

    assert await bo.state_in(room) == "left"
    logs = await gamma.rows("SELECT trouble FROM author_log WHERE author_uri = $1", bo.uri)
    assert {one["trouble"] for one in logs} == {""}


async def test_an_account_that_ends_says_so_once_the_other_copy_is_off(
    network: Network, tmp_path: Path
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    new_id = beta.node.parts.entropy.new_id
    await beta.inside(end_account.delete("bo", new_id=new_id, now=network.clock.now()))
    await copied(beta, tmp_path / "backup")
    network.advance(days=1)

    async with restored(network, beta, tmp_path / "backup"):
        network.advance(hours=1)
        await network.settle()
        assert await beta.rows("SELECT id FROM activity WHERE document LIKE '%\"Delete\"%'") == []
    network.tape.clear()
    await minutes(network)

    assert [one.status for one in sent(network.tape, "Delete", by="beta.test")] == [202]
    assert await al.roles(room) == {al.acct: "admin"}
