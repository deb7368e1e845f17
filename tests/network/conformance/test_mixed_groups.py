"""Groups with people on other software: who can be in them, and what each of them is sent."""

from typing import Any

import pytest

from storage.changes import Change, PutMembership
from storage.database import transaction
from storage.write import write
from tests.network.stories import join_in_words, sent, together
from tests.support.network import Network
from tests.support.person import Person, Room
from tests.support.signer import Signer

pytestmark = pytest.mark.network


async def invite(person: Person, room: Room, acct: str, **more: object) -> tuple[int, Any]:
    """Invite somebody; status and answer."""
    path = f"/conversations/{(await person.see(room))['id']}/members"
    return await person.ask("POST", path, {"acct": acct, **more})


@pytest.mark.parametrize("software", ["lemmy", "piefed", "pixelfed", "mbin"])
async def test_conformance_22_single_recipient_software_is_in_no_group(
    network: Network, software: str
):
    (alpha,) = await network.start("alpha.test")
    al, ann, lou = alpha.person("al"), alpha.person("ann"), network.legacy_peer()
    lou.software = software
    await ann.arrive()
    room = await al.start_conversation("tea")

    invited, why = await invite(al, room, lou.acct)
    started, _ = await al.ask(
        "POST", "/conversations", {"kind": "group", "members": [ann.acct, lou.acct]}
    )
    together_with, _ = await al.ask(
        "POST", "/conversations", {"kind": "direct", "members": [ann.acct, lou.acct]}
    )
    await network.settle()
    unsent = list(lou.received)
    await al.write_to(lou.acct, "just us")
    await network.settle()

    assert (invited, started, together_with) == (422, 422, 422)
    told = "software can't join groups. You can write to them alone."
    assert why["detail"] == f"{lou.acct.partition('@')[0]}'s {told}"
    assert unsent == []
    (create,) = lou.received
    assert create["to"] == create["object"]["to"] == [lou.uri]
    assert create["cc"] == create["object"]["cc"] == []


async def test_conformance_21_misskey_is_warned_of_from_twenty_members(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, mika = alpha.person("al"), beta.person("bo"), network.misskey()
    ann = alpha.person("ann")
    await ann.arrive()
    room = await together(network, al, bo)
    await join_in_words(network, al, mika, room)
    place = (await al.see(room))["id"]

    async def grow(number: int) -> None:
        person = f"https://beta.test/u/b{number}"
        joined = PutMembership(
            place, person, local=False, role="member", state="joined", at=network.clock.now()
        )
        await alpha.inside(write_one(joined))

    for number in range(16):
        await grow(number)
    _, early = await invite(al, room, ann.acct, check=True)
    await grow(16)
    checked, first = await invite(al, room, ann.acct, check=True)
    members = (await al.see(room))["members"]
    made, then = await invite(al, room, ann.acct)

    assert early["warnings"] == []
    assert (checked, made, len(members)) == (200, 201, 20)
    assert ann.acct not in {one["acct"] for one in members}
    assert [(one["kind"], one["acct"]) for one in first["warnings"]] == [("too-many", mika.acct)]
    assert then["warnings"] == first["warnings"]


async def write_one(change: Change) -> None:
    async with transaction():
        await write([change])


async def test_whoever_invites_other_software_is_told_what_to_expect(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol, nobody = alpha.person("al"), network.mastodon(), network.misskey()
    nobody.software = ""
    room = await al.start_conversation("tea")

    _, known = await invite(al, room, carol.acct)
    _, unknown = await invite(al, room, nobody.acct)
    members = (await al.see(room))["members"]

    assert [one["kind"] for one in known["warnings"]] == ["unaware", "accepts-senders"]
    assert [one["kind"] for one in unknown["warnings"]] == ["unaware", "unknown-software"]
    assert all(one["text"] for one in known["warnings"])
    assert [(one["acct"], one["aware"], one["software"]) for one in members] == [
        (al.acct, True, None),
        (carol.acct, False, "mastodon"),
        (nobody.acct, False, None),
    ]


async def test_conformance_37_a_note_answers_the_hosts_of_its_audience(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    stranger = network.gotosocial()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    invitation = carol.find("invites you").uri
    await bo.say(room, "hello")
    await network.settle()
    (note,) = [one["uri"] for one in await bo.messages(room)]

    served, asked_in_words = await carol.get(note), await carol.get(invitation)
    unsigned = [await network.get(note), await network.get(invitation)]

    assert served is not None
    assert served["content"] == "<p>hello</p>"
    assert asked_in_words is not None
    assert asked_in_words["chatNotice"] == "invite"
    assert [await stranger.get(note), await stranger.get(invitation)] == [None, None]
    assert unsigned == [404, 404]


async def test_conformance_16_whom_an_aware_author_adds_is_named_and_no_member(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    await gi.arrive()
    signer = await network.signer(bo)
    with network.fail(lambda one: one.method == "POST" and one.host == "alpha.test"):
        await bo.say(room, "to gi as well")
        await network.settle()
    create = sent(network.tape, "Create", to="alpha.test", by="beta.test")[-1].document
    mention = {"type": "Mention", "href": gi.uri, "name": f"@{gi.acct}"}
    create["object"]["tag"].append(mention)
    for document in (create, create["object"]):
        document["to"].append(gi.uri)

    assert await signer.post("https://alpha.test/inbox", signer.proven(create)) == 202
    await network.settle()

    (shown,) = await al.messages(room)
    assert shown["text"] == "to gi as well"
    assert [one["kind"] for one in shown["notices"]] == ["also-to"]
    assert gi.acct not in await al.roles(room)
    assert sent(network.tape, to="gamma.test") == []


async def test_conformance_17_a_message_without_one_of_the_members_is_shown_to_all_others(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, ann, bo, dave = (
        *(alpha.person("al"), alpha.person("ann"), beta.person("bo")),
        network.gotosocial(),
    )
    room = await together(network, al, ann, bo)
    await join_in_words(network, al, dave, room)
    signer = await network.signer(bo)
    with network.fail(lambda one: one.method == "POST" and one.host == "alpha.test"):
        await bo.say(room, "to all but dave")
        await network.settle()
    create = sent(network.tape, "Create", to="alpha.test", by="beta.test")[-1].document
    for document in (create, create["object"]):
        document["to"] = [one for one in document["to"] if one != dave.uri]

    status = await signer.post("https://alpha.test/inbox", signer.proven(create))
    await network.settle()

    assert status == 202
    assert await al.texts(room) == await ann.texts(room) == ["to all but dave"]


@pytest.mark.parametrize("is_misskey", [True, False])
async def test_conformance_87_the_parent_is_one_that_every_software_can_have(
    network: Network, *, is_misskey: bool
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    other = network.misskey() if is_misskey else network.gotosocial()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await join_in_words(network, al, other, room)
    await bo.say(room, "by an aware author")
    await network.settle()
    await carol.accept_senders()
    aware = carol.find("by an aware author").uri
    hers = await carol.reply(carol.find("by an aware author"), "by carol")
    await network.settle()

    await al.say(room, "what is my parent?")
    await network.settle()

    create = sent(network.tape, "Create", to="beta.test", by="alpha.test")[-1].document
    assert create["object"]["inReplyTo"] == (aware if is_misskey else hers)
    assert other.find("what is my parent?").parent == (aware if is_misskey else hers)
    assert other.lost == []


async def test_conformance_88_who_just_joined_gets_a_message_without_parent(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, mika = alpha.person("al"), beta.person("bo"), network.misskey()
    room = await together(network, al, bo)
    await al.say(room, "before")
    await network.settle()
    await join_in_words(network, al, mika, room)

    await bo.say(room, "welcome")
    await network.settle()

    create = sent(network.tape, "Create", to="misskey.test", by="beta.test")[-1].document
    assert "inReplyTo" not in create["object"]
    assert "chatReplyTo" not in create["object"]
    assert mika.texts()[-1] == "welcome"
    assert "before" not in str(mika.received)


async def test_conformance_100_mixed_hosts_show_as_delivered_and_sent(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)

    await al.say(room, "hello")
    await network.settle()

    (message,) = await al.messages(room)
    states = {one["host"]: (one["state"], one["members"]) for one in message["delivery"]}
    assert states == {
        "beta.test": ("delivered", [bo.acct]),
        "masto.test": ("sent", [carol.acct]),
    }


async def test_a_message_to_a_mixed_group_shows_at_most_four_files(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await al.start_conversation("tea")
    await join_in_words(network, al, carol, room)
    path = f"/conversations/{(await al.see(room))['id']}/messages"

    five, why = await al.ask("POST", path, {"text": "x", "media_ids": list("abcde")})

    assert five == 422
    assert "at most 4 files" in why["detail"]


async def test_a_message_for_a_mixed_group_has_what_each_software_needs(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    carol, dave, mika = network.mastodon(), network.gotosocial(), network.misskey()
    room = await together(network, al, bo)
    for guest in (carol, dave, mika):
        await join_in_words(network, al, guest, room)

    await bo.say(room, "hello, @erin@elsewhere.test")
    await network.settle()
    await carol.accept_senders()

    kinds = {"private mention", "direct message", "direct note"}
    assert {guest.find("hello").kind for guest in (carol, dave, mika)} == kinds
    for guest in (carol, dave, mika):
        everybody = {al.uri, bo.uri, carol.uri, dave.uri, mika.uri, room.uri}
        assert guest.find("hello").people == everybody - {guest.uri}
        assert guest.lost == []
        create = guest.received[-1]
        assert "directMessage" not in create
        assert create["object"]["directMessage"] is True
        assert create["to"] == create["object"]["to"]
        assert "erin" not in str(create["object"]["tag"])


async def test_a_reply_makes_one_thread_in_which_strangers_are_heard(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    carol, dave = network.mastodon(), network.gotosocial()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await join_in_words(network, al, dave, room)
    await al.say(room, "first")
    await network.settle()
    await carol.reply(carol.find("first"), "mine")
    await network.settle()

    await bo.say(room, "by somebody carol has not accepted")
    await network.settle()

    assert [one.text for one in carol.filtered] == []
    assert carol.texts()[-1] == "by somebody carol has not accepted"
    rows = {one.row for one in carol.shown if one.author != carol.uri and "invites" not in one.text}
    assert len(rows) == 1
    assert len({one.row for one in dave.shown if "invites" not in one.text}) == 1


async def test_a_host_is_asked_once_what_it_runs(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await al.start_conversation("tea")

    await join_in_words(network, al, carol, room)
    await al.say(room, "hello")
    await network.settle()

    asked = [one for one in network.tape if one.target == "/.well-known/nodeinfo"]
    assert len(asked) == 1
    assert "signature" not in asked[0].headers


async def test_only_who_shares_a_conversation_with_it_finds_out_its_name(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await al.start_conversation("Book club")
    await join_in_words(network, al, carol, room)
    stranger: Signer = await network.signer(al)

    seen = await carol.get(room.uri)
    affiliations = await carol.get(f"{room.uri}/affiliations")
    await al.rename(room, "Reading circle")
    await network.settle()

    assert seen is not None
    assert (seen["name"], "followers" in seen) == ("Book club", False)
    assert affiliations is not None
    assert carol.met[room.uri]["name"] == "Reading circle"
    assert await stranger.carry(stranger.request("GET", f"{room.uri}/history", None)) == 404
