"""Nothing comes from a blocked domain and nothing goes there, until the block is lifted."""

import pytest

from federation.commands import block_domain
from federation.policy.domains import NOT_DELIVERED
from storage.database import insert_many
from storage.errors import StorageUnavailable
from tests.network.stories import join, join_in_words, sent, together
from tests.support.gate import posted
from tests.support.network import Network
from tests.support.person import Person, Room
from tests.support.query_count import counted

pytestmark = pytest.mark.network

UNPROCESSABLE = 422


async def delivery_of(person: Person, message: str) -> list[tuple[str, str, str]]:
    items = (await person.must("GET", f"/messages/{message}/delivery"))["items"]
    return [(one["host"], one["state"], one["reason"]) for one in items]


async def path_of(person: Person, room: Room) -> str:
    return f"/conversations/{(await person.see(room))['id']}"


async def test_a_message_is_refused_before_its_key_is_asked_for(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.block("gts.test")
    network.tape.clear()

    status = await dana.write_to(al.uri, "buy now")
    await network.settle()

    assert status == 403
    assert network.tape == []
    assert await al.rooms("requests") == []
    assert await alpha.rows("SELECT uri FROM actor WHERE host = 'gts.test'") == []


async def test_what_was_taken_in_before_the_block_has_no_effect_after_it(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await dana.write_to(al.uri, "buy now")

    await alpha.block("gts.test")
    await network.settle()

    assert await al.rooms("requests") == []
    assert await alpha.rows("SELECT id FROM message") == []


async def test_messages_that_wait_end_where_their_author_sees_it(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "first")
    await network.settle()
    network.cut("beta.test")
    waiting = [await al.say(room, f"number {number}") for number in range(20)]
    await network.settle()

    done = await alpha.block("beta.test", "spam")
    network.heal("beta.test")
    network.tape.clear()
    later = await al.say(room, "later")
    network.advance(hours=1)
    await network.settle()

    assert done.waiting == 20
    assert sent(network.tape, to="beta.test") == []
    refused = [("beta.test", "refused", f"{NOT_DELIVERED} (spam)")]
    for message in (*waiting, later):
        assert await delivery_of(al, message) == refused
    assert await alpha.rows("SELECT id FROM delivery WHERE state = 'pending'") == []


async def test_what_was_in_flight_at_the_block_is_not_tried_again(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    said: list[str] = []

    async def blocked_meanwhile(_gate: object, _exchange: object) -> bytes:
        await alpha.block("beta.test")
        return b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"

    network.strike(posted("Create", to="beta.test"), blocked_meanwhile)
    room = await al.write_to(bo.acct, "in flight")
    said = [one["id"] for one in await al.messages(room)]
    await network.settle()
    network.advance(hours=1)
    await network.settle()

    assert len(sent(network.tape, "Create", to="beta.test")) == 1
    assert await delivery_of(al, said[0]) == [("beta.test", "refused", NOT_DELIVERED)]


async def test_nobody_there_is_invited_followed_or_written_to(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    met = await al.write_to(bo.acct, "hello")
    group = await al.start_conversation("tea")
    await network.settle()
    await alpha.block("beta.test", "spam")
    network.tape.clear()

    answers = [
        await al.ask("POST", "/people/resolve", {"acct": bo.acct}),
        await al.ask("POST", "/follows", {"acct": bo.acct}),
        await al.ask("POST", f"{await path_of(al, group)}/members", {"acct": bo.acct}),
        await al.ask("POST", "/conversations", {"kind": "direct", "members": [bo.acct]}),
        await al.ask(
            "POST", "/conversations", {"kind": "group", "title": "t", "members": [bo.acct]}
        ),
    ]
    await network.settle()

    assert [status for status, _ in answers] == [UNPROCESSABLE] * len(answers)
    assert all("beta.test" in str(answer["detail"]) for _, answer in answers)
    assert all("spam" in str(answer["detail"]) for _, answer in answers)
    assert network.tape == []
    assert await al.texts(met) == ["hello"]


async def test_an_invitation_from_there_is_not_shown_and_an_older_one_not_accepted(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await al.arrive()
    older = await bo.start_conversation("older", al.acct)
    await network.settle()
    await alpha.block("beta.test")
    network.tape.clear()

    await bo.start_conversation("newer", al.acct)
    await network.settle()
    status, _ = await al.ask("POST", f"{await path_of(al, older)}/accept")
    await network.settle()

    assert [one.status for one in sent(network.tape, "Invite", to="alpha.test")] == [403]
    assert status == UNPROCESSABLE
    assert [one["title"] for one in (await al.must("GET", "/conversations"))["items"]] == ["older"]
    assert sent(network.tape, by="alpha.test") == []


async def test_a_members_invitation_of_somebody_there_is_refused_by_home(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    await gi.arrive()
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await network.settle()
    await alpha.block("gamma.test")

    await bo.invite(gi, room)
    await network.settle()

    assert await al.roles(room) == {al.acct: "admin", bo.acct: "moderator"}
    (reject,) = sent(network.tape, "Reject", by="alpha.test", to="beta.test")
    assert reject.document["chatNotice"] == "not-allowed"


async def test_a_link_into_a_group_there_leads_nowhere_and_one_of_ours_lets_nobody_in(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    ours, theirs = await al.start_conversation("ours"), await bo.start_conversation("theirs")
    into_ours, into_theirs = await al.link_into(ours), await bo.link_into(theirs)
    await alpha.block("beta.test")
    network.tape.clear()

    status, _ = await al.ask("POST", "/conversations/join", {"link": into_theirs})
    await bo.ask("POST", "/conversations/join", {"link": into_ours})
    await network.settle()

    assert status == UNPROCESSABLE
    assert sent(network.tape, by="alpha.test") == []
    assert [one for one in network.tape if one.sender == "alpha.test"] == []
    assert await al.roles(ours) == {al.acct: "admin"}


async def test_the_domain_reads_nothing_that_is_private(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.say(room, "canary")
    await network.settle()
    reader = await network.signer(bo)
    (note,) = await alpha.rows("SELECT uri FROM message")
    places = [room.uri, f"{room.uri}/affiliations", f"{room.uri}/history", note["uri"]]
    assert [await reader.get(place) for place in places] == [200] * 4

    await alpha.block("beta.test")

    assert [await reader.get(place) for place in places] == [404] * 4
    assert await reader.get(al.uri) == 200


async def test_somebody_elsewhere_does_not_carry_their_words_in(network: Network):
    """Home passes on what carol wrote to some; a member's node that blocks her shows nothing."""
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await beta.block("masto.test")
    await al.say(room, "hello")
    await network.settle()

    hello = carol.find("hello")
    await carol.reply(hello, "passed on", to=hello.people - {bo.uri})
    await network.settle()

    assert "passed on" in " ".join(await al.texts(room))
    assert len(sent(network.tape, "Add", by="alpha.test", to="beta.test")) > 0
    assert "passed on" not in " ".join(await bo.texts(room))


async def test_a_reaction_to_their_words_by_somebody_else_does_no_harm(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await beta.block("gamma.test")
    await gi.say(room, "from gi")
    await network.settle()

    await al.react((await al.messages(room))[0]["id"], "🔥")
    await al.say(room, "from al")
    await network.settle()

    statuses = [one.status for one in sent(network.tape, by="alpha.test", to="beta.test")]
    assert set(statuses) == {202}
    assert await bo.texts(room) == ["from al"]


async def test_lifting_the_block_restores_what_can_be_said_but_no_membership(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    direct = await al.write_to(bo.acct, "before")
    await network.settle()
    await alpha.block("beta.test")
    await al.say(direct, "lost")
    await bo.say(direct, "lost too")
    await network.settle()

    await alpha.unblock("beta.test")
    await al.say(direct, "after")
    await bo.say(direct, "after too")
    await network.settle()

    assert await al.texts(direct) == ["before", "lost", "after", "after too"]
    assert await bo.texts(direct) == ["before", "lost too", "after", "after too"]
    assert await al.roles(room) == {al.acct: "admin"}
    await join(network, al, bo, room)
    assert bo.acct in await al.roles(room)


async def test_a_block_outlasts_a_restart(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.block("gts.test")

    await alpha.stop()
    await alpha.start()

    assert await dana.write_to(al.uri, "buy now") == 403


async def test_a_block_that_ends_many_memberships_asks_for_it_in_few_statements(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    group = (await al.see(await al.start_conversation("tea")))["id"]
    columns = ("conversation_id", "actor_uri", "local", "role", "state", "updated_at")
    people = [f"https://beta.test/users/u{number}" for number in range(1200)]
    rows = [(group, person, False, "member", "joined", 0) for person in people]
    await alpha.inside(insert_many("membership", columns, rows))

    async def block() -> list[str]:
        space, new_id = alpha.node.parts.space, alpha.node.parts.entropy.new_id
        with counted() as asked:
            await block_domain.block(
                "beta.test", "", space=space, new_id=new_id, now=network.clock.now()
            )
        return asked

    asked = await alpha.inside(block())

    found = await alpha.rows("SELECT subject FROM repair WHERE kind = 'expel'")
    assert {one["subject"] for one in found} == {f"{group} {person}" for person in people}
    assert asked.count("INSERT INTO repair") == 3


async def test_while_the_rules_cannot_be_read_nothing_is_let_in(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    parts = alpha.node.parts
    await alpha.rows("ALTER TABLE setting RENAME TO lost")

    with pytest.raises(Exception, match="setting"):
        await alpha.inside(parts.policy.refresh())
    while_lost = await dana.write_to(al.uri, "hello")
    await alpha.rows("ALTER TABLE lost RENAME TO setting")
    await alpha.inside(parts.policy.refresh())
    again = await dana.write_to(al.uri, "hello again")

    assert (while_lost, again) == (503, 202)


async def test_while_the_rules_cannot_be_read_nothing_goes_out_and_no_try_is_counted(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    parts = alpha.node.parts
    await alpha.rows("ALTER TABLE setting RENAME TO lost")
    network.tape.clear()

    with pytest.raises(Exception, match="setting"):
        await alpha.inside(parts.policy.refresh())
    for _ in range(5):
        with pytest.raises(StorageUnavailable):
            await alpha.inside(parts.deliveries.run_once(network.clock.now()))
        network.advance(minutes=1)
    owed = await alpha.rows("SELECT state, attempts, tries, reason FROM delivery")
    lost = list(network.tape)
    await alpha.rows("ALTER TABLE lost RENAME TO setting")
    await network.settle()

    assert lost == []
    assert owed == [{"state": "pending", "attempts": 0, "tries": 0, "reason": ""}]
    assert await bo.texts(room) == ["hello"]


async def test_what_a_member_of_a_blocked_domain_writes_is_said_to_be_hidden(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await gi.say(room, "before")
    await network.settle()
    await beta.block("gamma.test")
    await network.settle()

    await gi.say(room, "hidden")
    await network.settle()
    network.advance(seconds=10)
    await al.say(room, "seen")
    await network.settle()

    (gap,) = (await bo.see(room))["gaps"]
    assert (gap["person"]["acct"], gap["count"], gap["hidden"]) == (gi.acct, 1, True)
    assert await bo.texts(room) == ["before", "seen"]
    assert (await al.see(room))["gaps"] == []
