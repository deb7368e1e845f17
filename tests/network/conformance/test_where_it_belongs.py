"""A message of an unaware member stands where its addressees put it, and goes no further."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from tests.network.stories import join_in_words, sent, together
from tests.support.gate import posted
from tests.support.gotosocial_peer import GoToSocialPeer
from tests.support.legacy_member import PUBLIC, Shown
from tests.support.live_node import LiveNode
from tests.support.mastodon_peer import MastodonPeer
from tests.support.network import Network
from tests.support.person import Person, Room

pytestmark = pytest.mark.network


@dataclass(frozen=True, slots=True)
class Club:
    """Al at home, bo on another aware node, carol on Mastodon and dave on GoToSocial."""

    network: Network
    alpha: LiveNode
    beta: LiveNode
    al: Person
    bo: Person
    carol: MastodonPeer
    dave: GoToSocialPeer
    room: Room
    hello: Shown

    @classmethod
    async def of(cls, network: Network, **settings: object) -> "Club":
        """All four in one group, in which al has said hello."""
        alpha, beta = await network.start("alpha.test", "beta.test")
        al, bo = alpha.person("al"), beta.person("bo")
        carol, dave = network.mastodon(), network.gotosocial()
        room = await together(network, al, bo, title="Book club")
        if settings:
            await al.change(room, settings=settings)
        await join_in_words(network, al, carol, room)
        await join_in_words(network, al, dave, room)
        await al.say(room, "hello")
        await network.settle()
        await carol.accept_senders()
        return cls(network, alpha, beta, al, bo, carol, dave, room, carol.find("hello"))

    async def texts(self, person: Person) -> list[str]:
        """What somebody reads in the group."""
        return [str(text) for text in await person.texts(self.room)]

    async def newest(self, person: Person) -> dict[str, Any]:
        """The newest message of the group, as somebody sees it."""
        return dict((await person.messages(self.room))[-1])


def notice(kind: str, **more: object) -> dict[str, object]:
    """A notice as the JSON API shows it."""
    return {
        "kind": kind,
        "host": None,
        "people": [],
        "conversation": None,
        "title": None,
        **more,
    }


async def test_conformance_23_a_reply_to_all_is_in_the_group(network: Network):
    club = await Club.of(network)

    await club.carol.reply(club.hello, "me too")
    await network.settle()

    for person in (club.al, club.bo):
        newest = await club.newest(person)
        assert newest["text"].endswith("me too")
        assert (newest["provenance"], newest["notices"]) == ("verified", [])
        assert newest["author"]["acct"] == club.carol.acct
    assert club.dave.texts()[-1].endswith("me too")
    assert await club.al.rooms("requests") == []


async def test_conformance_24_a_reply_to_one_is_a_direct_message_with_a_hint(network: Network):
    club = await Club.of(network)

    await club.carol.reply(club.hello, "between us", to=[club.al.uri])
    await network.settle()

    assert await club.texts(club.al) == await club.texts(club.bo) == ["hello"]
    (aside,) = [one for one in await club.al.rooms("joined") if one["kind"] == "direct"]
    assert {one["acct"] for one in aside["members"]} == {club.al.acct, club.carol.acct}
    shown = aside["last_message"]
    assert shown["text"].endswith("between us")
    assert shown["notices"] == [
        notice("only-to", people=[club.al.acct]),
        notice("aside", conversation=(await club.al.see(club.room))["id"], title="Book club"),
    ]
    assert [one["kind"] for one in await club.bo.rooms("")] == ["group"]
    assert "between us" not in str(await club.beta.rows("SELECT * FROM activity"))


async def test_conformance_25_a_reply_to_all_members_without_the_group_is_in_the_group(
    network: Network,
):
    club = await Club.of(network)
    everybody = [club.al.uri, club.bo.uri, club.dave.uri]

    await club.carol.reply(club.hello, "without the group", to=everybody)
    await network.settle()

    for person in (club.al, club.bo):
        assert (await club.newest(person))["text"].endswith("without the group")
        assert await person.rooms("requests") == []


async def test_who_knows_no_conversations_names_the_group_by_what_they_answer(network: Network):
    club = await Club.of(network)
    hello = club.dave.find("hello")
    everybody = [club.al.uri, club.bo.uri, club.carol.uri]
    for one in everybody:
        await club.dave.meet(one)

    note = await club.dave.reply(hello, "from another software", to=everybody)
    await network.settle()

    assert "conversation" not in club.dave.notes[note]
    for person in (club.al, club.bo):
        assert (await club.newest(person))["text"].endswith("from another software")


async def test_conformance_31_invented_followers_of_the_group_change_nothing(network: Network):
    club = await Club.of(network)
    club.carol.is_old = True

    note = await club.carol.reply(club.hello, "from an old server")
    await network.settle()

    assert f"{club.room.uri}/followers" in club.carol.notes[note]["to"]
    for person in (club.al, club.bo):
        newest = await club.newest(person)
        assert newest["text"].endswith("from an old server")
        assert newest["notices"] == []


@pytest.mark.parametrize(("cc", "kind"), [(PUBLIC, "public"), ("followers", "followers")])
async def test_conformance_32_what_was_posted_wider_is_shown_with_a_warning_and_not_relayed(
    network: Network, cc: str, kind: str
):
    club = await Club.of(network)
    wider = f"{club.carol.uri}/followers" if cc == "followers" else cc

    await club.carol.reply(club.hello, "hear, hear", to=[club.al.uri, club.room.uri], cc=[wider])
    await network.settle()

    newest = await club.newest(club.al)
    assert newest["text"].endswith("hear, hear")
    assert newest["notices"] == [
        notice(kind),
        notice("only-to", people=[club.al.acct]),
    ]
    assert await club.texts(club.bo) == ["hello"]
    assert (
        sent(network.tape, "Add", to="beta.test", by="alpha.test")[-1].document["object"]["type"]
        == "Relationship"
    )


async def test_conformance_33_what_a_removed_member_writes_to_the_group_is_shown_nowhere(
    network: Network,
):
    club = await Club.of(network)
    members = f"/conversations/{(await club.al.see(club.room))['id']}/members"
    await club.al.must("DELETE", f"{members}/{club.carol.acct}")
    await network.settle()

    await club.carol.reply(club.hello, "let me back in")
    await network.settle()
    early = await club.beta.rows("SELECT waits_for FROM inbox_entry")
    network.advance(minutes=11)
    await club.carol.reply(club.hello, "please")
    await network.settle()

    for person in (club.al, club.bo):
        assert await club.texts(person) == ["hello"]
        assert await person.rooms("requests") == []
    assert early == []
    assert await club.beta.rows("SELECT waits_for FROM inbox_entry") == []


async def test_a_message_of_a_member_that_was_not_heard_of_is_held_until_home_is_asked(
    network: Network,
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo, carol = alpha.person("al"), beta.person("bo"), network.mastodon()
    room = await together(network, al, bo)
    with network.lose(posted("Add", to="beta.test")):
        await join_in_words(network, al, carol, room)
    await carol.meet(bo.uri)
    network.advance(minutes=11)
    network.cut("alpha.test")

    await carol.write("here I am", [bo.uri, room.uri])
    await network.settle()
    held = await beta.rows("SELECT waits_for FROM inbox_entry")
    shown_early = await bo.texts(room)
    network.heal("alpha.test")
    network.advance(minutes=1)
    await network.settle()

    assert held == [{"waits_for": f"look:{room.uri}"}]
    assert shown_early == []
    (shown,) = await bo.texts(room)
    assert shown.endswith("here I am")
    assert carol.acct in await bo.roles(room)


async def test_conformance_34_an_announce_of_a_message_is_dropped(network: Network):
    club = await Club.of(network)
    announce = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": f"{club.carol.uri}/announce/1",
        "type": "Announce",
        "actor": club.carol.uri,
        "object": club.hello.uri,
        "to": [PUBLIC],
    }

    status = await club.carol.post(club.al.uri, announce)
    await network.settle()

    assert status == 202
    assert await club.texts(club.al) == ["hello"]
    stored = await club.alpha.rows("SELECT document FROM activity")
    assert [row for row in stored if json.loads(row["document"])["type"] == "Announce"] == []


async def test_conformance_16_whom_a_message_went_to_besides_is_named(network: Network):
    club = await Club.of(network)
    erin = network.misskey(name="erin")
    await club.carol.meet(erin.uri)
    everybody = [*club.hello.people, erin.uri]

    await club.carol.reply(club.hello, "and erin", to=everybody)
    await network.settle()

    # Erin's server has asked al's node for what the message answers, and bo's for nothing.
    for person, name in ((club.al, erin.acct), (club.bo, erin.uri)):
        newest = await club.newest(person)
        assert newest["notices"] == [notice("also-to", people=[name])]
        assert erin.acct not in await person.roles(club.room)
