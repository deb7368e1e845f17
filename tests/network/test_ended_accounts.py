"""An account here is deleted or suspended: whoever knew it is told, or hears nothing more."""

from collections.abc import Awaitable, Callable

import pytest

from federation.commands import appoint, end_account
from federation.protocol.verdict import Refused
from storage.accounts import Account
from storage.database import run
from tests.network.stories import sent, together
from tests.support.gate import BAD_GATEWAY, Exchange, Gate, posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person

pytestmark = pytest.mark.network


async def delete(network: Network, node: LiveNode, person: Person) -> None:
    """What `covey user delete` does, beside ending sessions."""
    new_id = node.node.parts.entropy.new_id
    done = await node.inside(end_account.delete(person.name, new_id=new_id, now=node.clock.now()))
    assert isinstance(done, Account), done
    await network.settle()


async def suspend(node: LiveNode, person: Person) -> None:
    done = await node.inside(end_account.suspend(person.name, node.clock.now()))
    assert isinstance(done, Account), done


async def test_a_deleted_member_is_removed_and_erased_at_every_node(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await bo.say(room, "canary in a mine")
    await gi.say(room, "answer to bo")
    await network.settle()
    network.tape.clear()

    await delete(network, beta, bo)
    await gi.say(room, "after bo")
    await network.settle()

    for person, node in ((al, alpha), (gi, gamma)):
        assert await person.roles(room) == {al.acct: "admin", gi.acct: "member"}
        lost, *others = await person.messages(room)
        assert (lost["text"], lost["author"]["deleted"]) == (None, True)
        assert [one["text"] for one in others] == ["answer to bo", "after bo"]
        assert "canary" not in str(await node.rows("SELECT * FROM message"))
    assert {one.host for one in sent(network.tape, "Delete", by="beta.test")} == {
        "alpha.test",
        "gamma.test",
    }
    for table in ("message", "activity", "message_version"):
        # The name of a table cannot be a parameter.
        assert "canary" not in str(await beta.rows(f"SELECT * FROM {table}"))  # noqa: S608
    assert await network.get(f"{bo.uri}") == 410


async def test_a_deleted_admin_leaves_the_groups_of_their_own_node_to_others(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)

    await delete(network, alpha, al)

    assert await bo.roles(room) == {bo.acct: "admin", gi.acct: "member"}
    await bo.say(room, "it goes on")
    await network.settle()
    assert (await gi.texts(room))[-1] == "it goes on"


async def test_whoever_follows_or_was_written_to_is_told_of_the_end(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await bo.write_to(al.acct, "between us")
    await gi.follow(bo.acct)
    await network.settle()

    await delete(network, beta, bo)

    (message,) = await al.messages(room)
    assert (message["text"], message["author"]["deleted"]) == (None, True)
    assert await gi.follows() == []


async def test_what_has_not_been_sent_goes_with_its_author(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    with network.fail(posted(to="alpha.test")):
        await bo.say(room, "does not come through")
        await network.settle()
        network.tape.clear()
        await delete(network, beta, bo)
    network.advance(hours=12)
    await network.settle()

    assert {one.type for one in sent(network.tape, to="alpha.test")} == {"Delete"}
    assert await al.roles(room) == {al.acct: "admin"}


async def test_nothing_begins_to_travel_once_its_author_is_deleted(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("alpha.test")
    await bo.say(room, "does not come through")
    new_id = beta.node.parts.entropy.new_id

    await beta.inside(end_account.delete("bo", new_id=new_id, now=beta.clock.now()))

    (row,) = await beta.rows("SELECT state FROM delivery WHERE message_id <> ''")
    assert row["state"] == "cancelled"


async def test_an_account_is_deleted_once_and_its_name_stays_taken(network: Network):
    (beta,) = await network.start("beta.test")
    bo = beta.person("bo")
    await bo.arrive()
    await delete(network, beta, bo)

    again = end_account.delete("bo", new_id=beta.node.parts.entropy.new_id, now=beta.clock.now())

    assert await beta.inside(again) == appoint.NOBODY
    assert await beta.inside(end_account.restore("bo", network.clock.now())) == appoint.NOBODY
    (account,) = await beta.rows("SELECT * FROM account WHERE name = 'bo'")
    assert (account["state"], account["display_name"]) == ("deleted", "")


Happening = Callable[[LiveNode, Person], Awaitable[None]]


async def delete_and_bury(node: LiveNode, person: Person) -> None:
    """As `delete`, with the farewell, before anything else happens at the node."""
    parts = node.node.parts
    ended = end_account.delete(person.name, new_id=parts.entropy.new_id, now=node.clock.now())
    assert isinstance(await node.inside(ended), Account)
    while await node.inside(parts.repairs.run_once(node.clock.now())):
        pass


@pytest.mark.parametrize(("happens", "goes_out"), [(suspend, set()), (delete_and_bury, {"Delete"})])
async def test_what_is_on_its_way_when_its_author_ends_is_not_tried_again(
    network: Network, happens: Happening, goes_out: set[str]
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    tried: list[Exchange] = []

    async def ends_meanwhile(_gate: Gate, exchange: Exchange) -> bytes:
        tried.append(exchange)
        if len(tried) == 1:
            await happens(beta, bo)
        return BAD_GATEWAY

    network.strike(posted("Create", to="alpha.test"), ends_meanwhile)
    await bo.say(room, "on its way")
    await network.settle()
    network.tape.clear()
    network.advance(hours=12)
    await network.settle()

    assert len(tried) == 1
    assert {one.type for one in sent(network.tape, to="alpha.test", by="beta.test")} <= goes_out
    assert await al.texts(room) == []
    (row,) = await beta.rows("SELECT state FROM delivery WHERE message_id <> ''")
    assert row["state"] in {"refused", "cancelled"}


async def test_of_a_suspended_person_nothing_more_is_sent_or_found(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    with network.fail(posted(to="alpha.test")):
        await bo.say(room, "spam")
        await network.settle()
        await suspend(beta, bo)
    network.tape.clear()
    network.advance(hours=12)
    await network.settle()

    assert sent(network.tape, to="alpha.test", by="beta.test") == []
    assert await network.get(bo.uri) == 404
    finger = f"https://beta.test/.well-known/webfinger?resource=acct:{bo.acct}"
    assert await network.get(finger) == 404
    status, _ = await bo.ask("GET", "/me")
    assert status == 401


# How somebody on the same node asks for bo.
WAYS_TO_BO = {
    "resolve": ("/people/resolve", {"acct": "bo@beta.test"}),
    "follow": ("/follows", {"acct": "bo@beta.test"}),
    "group": ("/conversations", {"kind": "group", "members": ["bo@beta.test"]}),
    "direct": ("/conversations", {"kind": "direct", "members": ["bo@beta.test"], "text": "hi"}),
}


async def found_at_home(by: Person, group: str) -> dict[str, bool]:
    """In which ways somebody on bo's own node, who has made a group, finds bo."""
    found = {
        words: bool((await by.must("GET", f"/people?q={words}"))["items"])
        for words in ("bo", "bo@beta.test")
    }
    ways = WAYS_TO_BO | {"invite": (f"/conversations/{group}/members", {"acct": "bo@beta.test"})}
    for way, (path, body) in ways.items():
        status, answer = await by.ask("POST", path, body)
        found[way] = status < 300
        assert found[way] or status == 404, answer
    return found


async def test_a_suspended_person_is_found_by_nobody_at_home_either(network: Network):
    (beta,) = await network.start("beta.test")
    bo, cy = beta.person("bo"), beta.person("cy")
    await bo.arrive()
    group = (await cy.must("POST", "/conversations", {"kind": "group", "members": []}))["id"]
    await suspend(beta, bo)

    hidden = await found_at_home(cy, group)
    restored = await beta.inside(end_account.restore("bo", network.clock.now()))
    shown = await found_at_home(cy, group)

    assert not any(hidden.values()), hidden
    assert isinstance(restored, Account)
    assert all(shown.values()), shown


async def test_a_deleted_person_is_found_by_nobody_from_that_moment_on(network: Network):
    (beta,) = await network.start("beta.test")
    bo, cy = beta.person("bo"), beta.person("cy")
    await bo.arrive()
    group = (await cy.must("POST", "/conversations", {"kind": "group", "members": []}))["id"]
    new_id = beta.node.parts.entropy.new_id

    await beta.inside(end_account.delete("bo", new_id=new_id, now=beta.clock.now()))
    at_once = await found_at_home(cy, group)
    await network.settle()
    later = await found_at_home(cy, group)

    assert not any((*at_once.values(), *later.values())), (at_once, later)


async def test_a_restored_person_goes_on_where_they_were(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await suspend(beta, bo)
    await al.say(room, "meanwhile")
    await network.settle()

    restored = await beta.inside(end_account.restore("bo", network.clock.now()))
    await bo.say(room, "back")
    await network.settle()

    assert isinstance(restored, Account)
    assert await network.get(bo.uri) == 200
    assert await bo.texts(room) == ["meanwhile", "back"]
    assert await al.texts(room) == ["meanwhile", "back"]


async def test_the_only_owner_is_neither_suspended_nor_deleted(network: Network):
    (beta,) = await network.start("beta.test")
    bo = beta.person("bo")
    await bo.arrive()
    await beta.inside(run("UPDATE account SET role = 'owner' WHERE name = 'bo'"))

    for ended in (
        end_account.suspend("bo", beta.clock.now()),
        end_account.delete("bo", new_id=beta.node.parts.entropy.new_id, now=beta.clock.now()),
    ):
        assert await beta.inside(ended) == appoint.LAST_OWNER
    assert isinstance(appoint.LAST_OWNER, Refused)
