"""Receipts, typing and blocks: told in passing to those they are for, and to nobody else."""

import json
from datetime import timedelta

import pytest

from federation.protocol.timestamps import format_time
from tests.network.stories import join_in_words, sent, together
from tests.support.network import Network
from tests.support.signer import Signer, encoded

pytestmark = pytest.mark.network

READ = "SELECT actor_uri, message_id FROM receipt"


async def test_conformance_84_who_gives_no_receipts_sees_none(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await join_in_words(network, al, network.mastodon(), room)
    await al.say(room, "read this")
    await network.settle()
    (at_bo,), (at_gi,) = await bo.messages(room), await gi.messages(room)

    await bo.read(room, at_bo["id"])
    await network.settle()
    silent = sent(network.tape, "Read")
    await al.give_receipts()
    await gi.give_receipts()
    await gi.read(room, at_gi["id"])
    await network.settle()

    assert silent == []
    (al_sees,) = await al.messages(room)
    assert (await al.presence(room))[gi.acct]["read_up_to"] == al_sees["id"]
    assert (await al.presence(room))[bo.acct]["read_up_to"] is None
    assert (await bo.presence(room))[gi.acct]["read_up_to"] is None
    assert await beta.rows("SELECT id FROM event WHERE type = 'read' AND data LIKE '%gi@%'") == []
    (event,) = await alpha.rows("SELECT data FROM event WHERE type = 'read'")
    assert json.loads(event["data"]) == {
        "conversation": (await al.see(room))["id"],
        "acct": gi.acct,
        "up_to": al_sees["id"],
    }
    assert sent(network.tape, "Read", to="masto.test") == []
    reads = [one.document for one in sent(network.tape, "Read", by="gamma.test")]
    assert {one["object"] for one in reads} == {al_sees["uri"]}
    assert all("proof" not in one and "chatSeq" not in one for one in reads)


async def test_receipts_come_every_ten_seconds_and_the_last_one_holds(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.give_receipts()
    await bo.give_receipts()
    for number in range(3):
        await al.say(room, f"line {number}")
    await network.settle()

    for message in await bo.messages(room):
        await bo.read(room, message["id"])
        await network.settle()
    early = len(sent(network.tape, "Read"))
    network.advance(seconds=10)
    await network.settle()

    assert (early, len(sent(network.tape, "Read"))) == (1, 2)
    assert (await al.presence(room))[bo.acct]["read_up_to"] == (await al.messages(room))[-1]["id"]


async def test_a_receipt_that_is_not_taken_is_not_sent_again(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await bo.give_receipts()
    await al.say(room, "read this")
    await network.settle()
    network.cut("alpha.test")

    await bo.read(room, (await bo.messages(room))[0]["id"])
    await network.settle()
    network.heal("alpha.test")
    network.advance(hours=2)
    await network.settle()

    assert sent(network.tape, "Read") == []
    assert await beta.rows("SELECT id FROM delivery WHERE activity_id LIKE '%/read/%'") == []


async def test_conformance_7_a_receipt_is_its_own_actors_word(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo, bea)
    await al.say(room, "read this")
    await network.settle()
    (message,) = await al.messages(room)
    signers = await network.signer(bo), await network.signer(bea)
    read = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{bo.uri}/read/1",
        "type": "Read",
        "actor": bo.uri,
        "object": message["uri"],
        "context": f"{room.uri}/context",
        "to": [al.uri],
        "published": format_time(network.clock.now()),
    }

    own = await signers[0].post("https://alpha.test/inbox", encoded(read))
    await network.settle()
    network.advance(seconds=20)
    other = await signers[1].post(
        "https://alpha.test/inbox", encoded({**read, "id": f"{bo.uri}/read/2"})
    )
    await network.settle()

    assert own == 202
    assert 400 <= other < 500
    assert await alpha.rows(READ) == [{"actor_uri": bo.uri, "message_id": message["id"]}]


async def test_conformance_86_a_receipt_shows_somebody_active_for_two_minutes(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await al.give_receipts()
    await bo.give_receipts()
    await al.say(room, "read this")
    await network.settle()
    network.advance(minutes=10)

    await bo.read(room, (await bo.messages(room))[0]["id"])
    await network.settle()
    network.advance(seconds=119)
    early = (await al.presence(room))[bo.acct]["active"]
    network.advance(seconds=2)
    late = (await al.presence(room))[bo.acct]["active"]

    assert (early, late) == (True, False)


class Notices:
    """Typing notices made by hand, and what a node's clients hear of them."""

    def __init__(self, network: Network, signer: Signer, context: str) -> None:
        self.network = network
        self.signer = signer
        self.context = context

    async def send(self, *, lasts: float = 8, age: float = 0, **more: str) -> int:
        published = self.network.clock.now() - timedelta(seconds=age)
        notice = {
            "@context": "https://www.w3.org/ns/activitystreams",
            "type": "ChatTyping",
            "actor": self.signer.uri,
            "context": self.context,
            "to": ["https://alpha.test/u/al"],
            "published": format_time(published),
            "endTime": format_time(published + timedelta(seconds=lasts)),
            **more,
        }
        return await self.signer.post("https://alpha.test/inbox", encoded(notice))


async def test_conformance_85_a_typing_notice_out_of_its_time_is_dropped(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, bea = alpha.person("al"), beta.person("bo"), beta.person("bea")
    room = await together(network, al, bo)
    notices = Notices(network, await network.signer(bo), f"{room.uri}/context")
    stranger = Notices(network, await network.signer(bea), f"{room.uri}/context")
    live = alpha.node.parts.live

    with live.listening(al.uri, credential="") as listener:
        dropped = [
            await notices.send(age=9),
            await notices.send(lasts=11),
            await notices.send(id=f"{bo.uri}/typing/1"),
            await stranger.send(),
        ]
        silent = list(await listener.take(0))
        taken = await notices.send()
        again = await notices.send()
        heard = list(await listener.take(0.1))

    assert dropped == [202] * 4
    assert silent == []
    assert (taken, again) == (202, 429)
    (told,) = heard
    assert (told.type, told.id) == ("typing", 0)
    assert json.loads(told.data)["acct"] == bo.acct
    assert await alpha.rows("SELECT id FROM inbox_entry") == []
    assert await alpha.rows("SELECT id FROM event WHERE type = 'typing'") == []


async def test_typing_goes_to_who_was_there_lately(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await bo.say(room, "somebody there?")
    await network.settle()
    network.advance(minutes=9)
    await gi.say(room, "later")
    await network.settle()
    network.advance(minutes=2)

    statuses = [await al.type_in(room), await al.type_in(room)]
    await network.settle()

    assert statuses == [204, 429]
    (notice,) = sent(network.tape, "ChatTyping")
    assert (notice.host, notice.status) == ("gamma.test", 202)
    assert "id" not in notice.document
    assert notice.document["context"] == f"{room.uri}/context"


async def test_who_turned_typing_off_sends_nothing(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await bo.say(room, "hello")
    await network.settle()

    await al.must("PATCH", "/me", {"typing": False})
    status = await al.type_in(room)
    await network.settle()

    assert status == 204
    assert sent(network.tape, "ChatTyping") == []


async def test_conformance_91_a_block_hides_words_from_one_person_alone(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await bo.give_receipts()
    await gi.give_receipts()

    await bo.block(gi.acct)
    await gi.say(room, "from gi")
    await bo.say(room, "from bo")
    await network.settle()
    await bo.read(room, (await bo.messages(room))[0]["id"])
    await network.settle()

    assert set(await al.texts(room)) == set(await gi.texts(room)) == {"from gi", "from bo"}
    assert [one for one in await bo.texts(room) if one] == ["from bo"]
    (hidden,) = [one for one in await bo.messages(room) if one["blocked"]]
    assert (hidden["html"], hidden["reactions"], hidden["attachments"]) == (None, [], [])
    assert (await bo.see(room))["unread"] == 0
    assert sent(network.tape, "Read", to="gamma.test") == []
    assert "Block" not in {one.type for one in network.tape}


async def test_what_a_blocked_person_writes_directly_is_not_kept(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await al.arrive()
    await bo.arrive()
    room = await al.write_to(bo.acct, "before")
    await network.settle()
    await bo.block(al.acct)

    await al.say(room, "unwanted")
    await network.settle()
    (shown,) = (await bo.must("GET", "/blocks"))["items"]
    await bo.must("DELETE", f"/blocks/{al.acct}")
    await al.say(room, "wanted again")
    await network.settle()

    assert shown["acct"] == al.acct
    assert await bo.texts(room) == ["before", "wanted again"]
    assert "unwanted" not in str(await beta.rows("SELECT * FROM activity"))
    (message,) = [one for one in await al.messages(room) if one["text"] == "unwanted"]
    assert [one["state"] for one in message["delivery"]] == ["delivered"]


async def test_a_refused_conversation_is_quiet_until_one_writes(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    room = await al.write_to(bo.acct, "hello")
    await network.settle()
    path = f"/conversations/{(await bo.rooms('requests'))[0]['id']}"

    await bo.must("POST", f"{path}/mute")
    refused = await bo.must("POST", f"{path}/refuse")
    await al.say(room, "are you there?")
    await network.settle()
    quiet = (await bo.must("GET", f"{path}/messages"))["items"]
    await bo.must("POST", f"{path}/messages", {"text": "now I am"})
    await network.settle()
    await al.say(room, "good")
    await network.settle()

    assert (refused["state"], refused["muted"]) == ("refused", True)
    assert [one["text"] for one in quiet] == ["hello"]
    assert await bo.texts(room) == ["hello", "now I am", "good"]
    assert await al.texts(room) == ["hello", "are you there?", "now I am", "good"]


async def test_conformance_46_a_blocked_persons_invitation_is_shown_nowhere(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, ann = alpha.person("al"), beta.person("bo"), alpha.person("ann")
    await bo.arrive()
    room = await al.start_conversation("tea")
    for guest in (bo, ann):
        await guest.arrive()
        await guest.block(al.acct)

    await al.invite(bo, room)
    await al.invite(ann, room)
    await network.settle()

    for guest in (bo, ann):
        assert await guest.rooms("") == []
        assert await guest.rooms("requests") == await guest.rooms("invited") == []
    (invite,) = sent(network.tape, "Invite", to="beta.test")
    assert invite.status == 202
    assert sent(network.tape, "Reject") == []


async def test_whoever_never_wants_to_be_asked_again_declines_by_themselves(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo = alpha.person("al"), alpha.person("ann"), beta.person("bo")
    room = await together(network, al, ann)
    await al.give_role(ann, "moderator", room)
    await al.invite(bo, room)
    await network.settle()
    place = f"/conversations/{(await bo.see(room))['id']}/refuse"
    await bo.must("POST", place)
    await network.settle()
    declined = sent(network.tape, "Reject", by="beta.test", to="alpha.test")
    network.tape.clear()

    await ann.invite(bo, room)
    await network.settle()
    again = sent(network.tape, "Reject", by="beta.test", to="alpha.test")
    shown = await bo.rooms("invited"), await bo.rooms("requests")
    await bo.must("DELETE", place)
    network.advance(days=8)
    await ann.invite(bo, room)
    await network.settle()

    assert len(declined) == len(again) == 1
    assert again[0].document["object"]["actor"] == ann.uri
    assert [again[0].status, shown] == [202, ([], [])]
    assert await bo.state_in(room) in {"invited", "requested"}
    await bo.accept(room)
    await network.settle()
    assert await bo.state_in(room) == "joined"


async def test_who_is_in_a_group_cannot_refuse_it(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, ann = alpha.person("al"), alpha.person("ann")
    room = await together(network, al, ann)
    place = f"/conversations/{(await ann.see(room))['id']}/refuse"

    status, _ = await ann.ask("POST", place)
    await ann.leave(room)
    left, _ = await ann.ask("POST", place)
    path = f"/conversations/{(await al.see(room))['id']}/members"
    asked, _ = await al.ask("POST", path, {"acct": ann.acct})

    assert (status, left, asked) == (409, 200, 409)
    assert await ann.state_in(room) == "left"


async def test_conformance_45_strangers_may_leave_twenty_invitations(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await bo.arrive()
    for number in range(20):
        await al.invite(bo, await al.start_conversation(f"room {number}"))
    await network.settle()

    ann = alpha.person("ann")
    await ann.invite(bo, await ann.start_conversation("one more"))
    await network.settle()

    assert len(await bo.rooms("requests")) == 20
    assert sent(network.tape, "Invite", to="beta.test")[-1].status == 429


async def test_conformance_67_a_moderators_removal_hides_a_message(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await al.must(
        "PATCH",
        f"/conversations/{(await al.see(room))['id']}/members/{bo.acct}",
        {"role": "moderator"},
    )
    await network.settle()
    await gi.say(room, "rude")
    await network.settle()
    await al.say(room, "by an admin")
    await network.settle()
    epoch = (await al.see(room))["epoch"]
    at_bo, admins = await bo.messages(room)

    status, asked = await bo.ask("DELETE", f"/messages/{at_bo['id']}")
    await network.settle()
    (refused,) = [await bo.ask("DELETE", f"/messages/{admins['id']}")]
    (at_gi, not_his) = await gi.messages(room)
    denied, _ = await gi.ask("DELETE", f"/messages/{not_his['id']}")

    assert (status, asked.get("removed")) == (202, None), asked
    assert refused[0] == denied == 403
    for person in (al, bo, gi):
        removed, kept = await person.messages(room)
        assert (removed["text"], removed["html"], kept["text"]) == (None, None, "by an admin")
        assert removed["removed"] is not None
        assert (await person.see(room))["epoch"] == epoch
    assert at_gi["uri"] == at_bo["uri"]
    notice = sent(network.tape, "Remove", to="gamma.test", by="alpha.test")[-1].document
    (request,) = sent(network.tape, "Remove", to="alpha.test", by="beta.test")
    assert notice["target"] == f"{room.uri}/context"
    assert notice["chatBasis"] == [
        {"id": request.document["id"], "type": "Remove", "actor": bo.uri}
    ]
    assert "chatEpoch" not in notice
