"""Unaware people are invited, come in, stay out and go by what they write."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from tests.network.stories import join_in_words, sent, together
from tests.support.legacy_member import LegacyMember, Shown
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


async def asked(network: Network, inviter: Person, guest: LegacyMember, room: Room) -> Shown:
    """Invite somebody; the invitation as they see it."""
    await inviter.invite(guest.acct, room)
    await network.settle()
    network.advance(seconds=10)
    await network.settle()
    return guest.find("invites you")


async def standing(person: Person, room: Room, guest: LegacyMember) -> str:
    """How somebody stands to the group, as a member sees it; "" if they are not there."""
    members: list[dict[str, Any]] = (await person.see(room))["members"]
    return "".join(one["state"] for one in members if one["uri"] == guest.uri)


async def test_conformance_47_a_yes_to_all_makes_a_member(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo, title="Book club ☕")

    invitation = await asked(network, al, carol, room)
    before = await standing(al, room, carol)
    note = await carol.reply(invitation, "yes please")
    await network.settle()

    assert "“Book club ☕” (bo@beta.test)" in invitation.text
    assert invitation.people == {al.uri, room.uri}
    assert before == "invited"
    for person in (al, bo):
        assert await standing(person, room, carol) == "joined"
        assert (await person.see(room))["members"][-1]["aware"] is False
        assert await person.texts(room) == []
    add = sent(network.tape, "Add", to="beta.test")[-1].document
    assert add["object"]["subject"] == carol.uri
    (invite,) = [one for one in add["chatBasis"] if one["type"] == "Invite"]
    assert add["chatBasis"] == [invite, {"id": note, "type": "Note", "actor": carol.uri}]
    assert sent(network.tape, "Add", "Invite", to="masto.test") == []


@pytest.mark.parametrize(
    ("answer", "then"),
    [("No thanks", ""), ("Who is there?", "invited"), ("Ja, gern", "joined"), ("はい", "joined")],
)
async def test_conformance_47_a_word_decides_and_other_words_do_nothing(
    network: Network, answer: str, then: str
):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await al.start_conversation("tea")

    await carol.reply(await asked(network, al, carol, room), answer)
    await network.settle()

    assert await standing(al, room, carol) == then
    assert await al.texts(room) == []
    assert await al.rooms("requests") == []


async def test_a_no_reaches_an_inviter_whose_group_lives_elsewhere(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await network.settle()

    invitation = await asked(network, bo, carol, room)
    waiting = await standing(bo, room, carol)
    await carol.reply(invitation, "No thanks", to=[room.uri])
    await network.settle()
    again, _ = await bo.ask(
        "POST", f"/conversations/{(await bo.see(room))['id']}/members", {"acct": carol.acct}
    )
    await network.settle()

    assert (waiting, await standing(bo, room, carol)) == ("invited", "")
    assert again == 201
    refusals = [one.document for one in sent(network.tape, "Reject", to="beta.test")]
    assert [one["chatNotice"] for one in refusals] == ["withdrawn", "rate"]


async def test_a_server_is_asked_in_words_after_home_knows_of_it(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await network.settle()

    await bo.invite(carol.acct, room)
    await network.settle()
    early = list(carol.received)
    network.advance(seconds=10)
    await network.settle()

    assert early == []
    assert carol.find("Bo invites you").people == {bo.uri, room.uri}


async def test_conformance_48_a_yes_to_the_inviter_alone_is_told_and_does_not_count(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo, title="Book club")
    await al.give_role(bo, "moderator", room)
    await network.settle()

    await carol.reply(await asked(network, bo, carol, room), "yes", to=[bo.uri])
    await network.settle()

    assert await standing(al, room, carol) == await standing(bo, room, carol) == "invited"
    (aside,) = await bo.rooms("requests")
    message = aside["last_message"]
    assert message["text"] == "@bo yes"
    assert message["notices"] == [
        {
            "kind": "unheard-answer",
            "host": None,
            "people": [],
            "conversation": (await bo.see(room))["id"],
            "title": "Book club",
        }
    ]


async def test_conformance_49_a_yes_that_is_not_the_invitees_makes_no_member(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    dave = network.gotosocial()
    room = await al.start_conversation("tea")
    invitation = await asked(network, al, carol, room)
    await dave.meet(al.uri)

    await dave.write("yes", [al.uri, room.uri])
    await network.settle()
    brought_by_another = await carol.post_as(dave, invitation, "yes")
    carol.key = generate_private_key(public_exponent=65537, key_size=2048)
    badly_signed = await carol.post_as(carol, invitation, "yes")
    await network.settle()

    assert (brought_by_another, badly_signed) == (202, 401)
    assert await standing(al, room, carol) == "invited"
    assert await standing(al, room, dave) == ""
    assert await al.rooms("requests") == []


async def test_a_yes_that_comes_too_late_is_told_to_the_inviter(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await al.give_role(bo, "moderator", room)
    await network.settle()
    invitation = await asked(network, bo, carol, room)
    network.advance(days=15)
    await alpha.tidy()

    await carol.reply(invitation, "yes")
    await carol.reply(invitation, "yes, really")
    await network.settle()

    assert await standing(al, room, carol) == await standing(bo, room, carol) == ""
    (refusal,) = sent(network.tape, "Reject", to="beta.test")
    (invite,) = sent(network.tape, "Invite", to="alpha.test")
    assert refusal.document["chatNotice"] == "expired"
    assert refusal.document["object"] == invite.document["id"]


@pytest.mark.parametrize("word", ["LEAVE", "Stop.", "verlassen"])
async def test_conformance_50_a_word_ends_a_membership_and_is_not_shown(
    network: Network, word: str
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    await join_in_words(network, al, carol, room)
    await bo.say(room, "hello")
    await network.settle()
    await carol.accept_senders()

    note = await carol.reply(carol.find("hello"), word)
    await network.settle()
    await al.say(room, "carol has gone")
    await network.settle()

    for person in (al, bo):
        assert await standing(person, room, carol) == ""
        assert await person.texts(room) == ["hello", "carol has gone"]
    remove = sent(network.tape, "Remove", to="beta.test")[-1].document
    assert remove["chatBasis"] == [{"id": note, "type": "Note", "actor": carol.uri}]
    assert "carol has gone" not in str(carol.received)


async def test_conformance_50_a_block_of_the_conversation_ends_a_membership(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.gotosocial()
    room = await al.start_conversation("tea")
    await join_in_words(network, al, carol, room)

    await carol.block(al.uri)
    await network.settle()
    after_a_block_of_a_person = await standing(al, room, carol)
    await carol.block(room.uri)
    await network.settle()

    assert after_a_block_of_a_person == "joined"
    assert await standing(al, room, carol) == ""


async def test_somebody_invited_says_no_by_a_block(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await al.start_conversation("tea")
    invitation = await asked(network, al, carol, room)

    await carol.block(room.uri)
    await network.settle()
    await carol.reply(invitation, "yes")
    await network.settle()

    assert await standing(al, room, carol) == ""


async def test_a_member_who_left_comes_back_by_a_new_invitation_alone(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await al.start_conversation("tea")
    await join_in_words(network, al, carol, room)
    await carol.reply(carol.find("invites you"), "LEAVE")
    await network.settle()

    await carol.reply(carol.find("invites you"), "yes")
    await network.settle()
    uninvited = await standing(al, room, carol)
    network.advance(days=8)
    carol.shown.clear()
    await join_in_words(network, al, carol, room)

    assert uninvited == ""
    assert await standing(al, room, carol) == "joined"
