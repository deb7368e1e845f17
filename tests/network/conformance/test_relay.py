"""Home passes on what reaches some members alone, and what counts of that elsewhere (10)."""

import copy
import re
from collections.abc import Mapping
from itertools import count
from types import MappingProxyType
from typing import Any

import pytest

from federation.protocol.timestamps import format_time
from tests.network.stories import join, join_in_words, sent, together
from tests.support.live_node import LiveNode
from tests.support.mastodon_peer import MastodonPeer
from tests.support.network import Network
from tests.support.person import Person, Room
from tests.support.signer import Signer

pytestmark = pytest.mark.network

NUMBERS = count(1)
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


class Tea:
    """al at home on alpha, bo on beta, carol on Mastodon, and what al has said to all."""

    def __init__(self, network: Network, alpha: LiveNode, beta: LiveNode) -> None:
        self.network = network
        self.alpha, self.beta = alpha, beta
        self.al, self.bo = alpha.person("al"), beta.person("bo")
        self.carol: MastodonPeer = network.mastodon()
        self.room = Room()
        self.written: dict[str, Any] = {}

    async def begin(self) -> "Tea":
        self.room = await together(self.network, self.al, self.bo)
        await join_in_words(self.network, self.al, self.carol, self.room)
        await self.al.say(self.room, "hello")
        await self.network.settle()
        self.network.tape.clear()
        return self

    async def partial(
        self,
        text: str,
        *,
        answers: str = "hello",
        without: Person | None = None,
        cc: tuple[str, ...] = (),
        more: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """carol answers, and leaves out somebody, bo by default; the id of what she wrote."""
        answered = self.carol.find(answers)
        some = sorted(answered.people - {(without or self.bo).uri})
        self.written = self.carol.create(text, some, list(cc), answered)
        self.written["object"] |= more
        note = self.written["object"]
        self.carol.notes[note["id"]] = {"@context": self.written["@context"], **note}
        await self.carol.deliver(self.written, (*some, *cc))
        await self.network.settle()
        return str(note["id"])

    async def home(self) -> Signer:
        return await self.network.signer_of(self.alpha, self.room.uri)

    def wrapper(self, inner: dict[str, Any], **more: object) -> dict[str, Any]:
        """What home would send, with whatever is inside."""
        now = format_time(self.network.clock.now())
        return {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{self.room.uri}/relay/{next(NUMBERS)}",
            "type": "Add",
            "actor": self.room.uri,
            "object": inner,
            "target": {"id": f"{self.room.uri}/history", "type": "OrderedCollection"},
            "chatRelay": {"receivedAt": now, "signedBy": f"{self.carol.uri}#main-key"},
            "to": [self.bo.uri],
            "published": now,
        } | more

    async def hand_in(self, inner: dict[str, Any], **more: object) -> int:
        """A wrapper that home has signed, whatever home's code would say to it."""
        home = await self.home()
        body = home.proven(self.wrapper(inner, **more))
        status = await home.post("https://beta.test/inbox", body)
        await self.network.settle()
        return status

    def create(self, name: str, text: str, *, author: str = "") -> dict[str, Any]:
        """A Create of carol's, as Mastodon writes it."""
        author = author or self.carol.uri
        note = f"{author}/statuses/{name}"
        return {
            "id": f"{note}/activity",
            "type": "Create",
            "actor": author,
            "to": [self.room.uri],
            "cc": [],
            "published": format_time(self.network.clock.now()),
            "object": {
                "id": note,
                "type": "Note",
                "attributedTo": author,
                "to": [self.room.uri],
                "cc": [],
                "published": format_time(self.network.clock.now()),
                "content": f"<p>{text}</p>",
            },
        }


async def tea(network: Network) -> Tea:
    alpha, beta = await network.start("alpha.test", "beta.test")
    return await Tea(network, alpha, beta).begin()


async def texts(person: Person, room: Room) -> list[str | None]:
    """What somebody reads, without the names that carol's software writes before it."""
    said = await person.texts(room)
    return [re.sub(r"^(?:@\S+ )+", "", one) if one else None for one in said]


async def shown(person: Person, room: Room) -> list[tuple[str | None, str]]:
    provenance = [one["provenance"] for one in await person.messages(room)]
    return list(zip(await texts(person, room), provenance, strict=True))


async def notices(person: Person, room: Room) -> list[list[str]]:
    return [[each["kind"] for each in one["notices"]] for one in await person.messages(room)]


async def test_conformance_26_a_partial_reply_is_passed_on_and_marked(network: Network):
    here = await tea(network)

    note = await here.partial("me too")

    (add,) = sent(network.tape, "Add", by="alpha.test")
    assert (add.host, add.status) == ("beta.test", 202)
    document = add.document
    assert document["to"] == [here.bo.uri]
    assert document["object"]["object"]["id"] == note
    assert document["target"] == {
        "id": f"{here.room.uri}/history",
        "type": "OrderedCollection",
        "attributedTo": here.room.uri,
    }
    assert document["chatRelay"]["signedBy"] == here.carol.key_id
    assert (await shown(here.bo, here.room))[-1] == ("me too", "relayed")
    (notice,) = (await here.bo.messages(here.room))[-1]["notices"]
    assert (notice["kind"], notice["host"]) == ("relayed", "alpha.test")
    assert (await shown(here.al, here.room))[-1] == ("me too", "verified")


async def test_conformance_26_the_wrapped_activity_is_the_one_that_came(network: Network):
    here = await tea(network)

    await here.partial("me too", more={"unknown": {"kept": [1, 2.5, None]}})

    (add,) = sent(network.tape, "Add", to="beta.test")
    assert add.document["object"] == here.written


async def test_conformance_26_without_the_setting_nothing_is_passed_on(network: Network):
    here = await tea(network)
    await here.al.change(here.room, settings={"relay": False})
    await network.settle()

    await here.partial("me too")
    await here.beta.ask_others()
    network.advance(hours=7)
    await here.beta.ask_others()
    await network.settle()

    assert sent(network.tape, "Add", by="alpha.test") == []
    assert "me too" in await texts(here.al, here.room)
    assert "me too" not in await texts(here.bo, here.room)


async def test_nothing_is_passed_on_to_unaware_members(network: Network):
    here = await tea(network)
    dave = network.gotosocial()
    await join_in_words(network, here.al, dave, here.room)
    await here.al.say(here.room, "hello again")
    await network.settle()
    hello = here.carol.find("hello again")

    await here.carol.reply(hello, "me too", to=hello.people - {dave.uri, here.bo.uri})
    await network.settle()

    assert "me too" in await texts(here.bo, here.room)
    assert all("me too" not in text for text in dave.texts())
    assert dave.received_of("Add") == []


async def test_what_addresses_everybody_is_in_history_alone(network: Network):
    here = await tea(network)
    hello = here.carol.find("hello")
    create = here.carol.create("to all", sorted(hello.people), [], hello)
    await here.carol.post(here.al.uri, create)
    await network.settle()
    assert sent(network.tape, "Add", by="alpha.test") == []
    assert "to all" not in await texts(here.bo, here.room)

    network.advance(hours=7)
    await here.beta.ask_others()
    await network.settle()

    assert (await shown(here.bo, here.room))[-1] == ("to all", "relayed")


async def test_later_edits_and_deletions_are_passed_on_to_the_same_people(network: Network):
    here = await tea(network)
    note = await here.partial("me too")
    network.advance(minutes=1)

    await here.carol.edit(note, "me three")
    await network.settle()
    edited = await shown(here.bo, here.room)
    await here.carol.delete(note)
    await network.settle()

    adds = sent(network.tape, "Add", to="beta.test")
    assert [one.document["object"]["type"] for one in adds] == ["Create", "Update", "Delete"]
    assert edited[-1] == ("me three", "relayed")
    assert (await here.bo.messages(here.room))[-1]["deleted"] is not None
    for node in (here.alpha, here.beta):
        held = str(await node.rows("SELECT document FROM activity"))
        assert "me too" not in held
        assert "me three" not in held


async def test_conformance_27_aware_people_speak_for_themselves(network: Network):
    here = await tea(network)
    gamma = (await network.start("gamma.test"))[0]
    gi = gamma.person("gi")
    await join(network, here.al, gi, here.room)

    status = await here.hand_in(here.create("1", "forged", author=gi.uri))

    assert status == 202
    assert "forged" not in await texts(here.bo, here.room)


async def test_conformance_28_a_relayed_edit_changes_only_what_was_relayed(network: Network):
    here = await tea(network)
    await here.carol.reply(here.carol.find("hello"), "directly")
    await network.settle()
    relayed = await here.partial("by way of home")
    (direct,) = [
        one["uri"] for one in await here.bo.messages(here.room) if "directly" in one["text"]
    ]
    network.advance(minutes=1)

    for number, note in enumerate((direct, relayed)):
        update = here.create(f"u{number}", f"changed {number}") | {"type": "Update"}
        update["object"] |= {"id": note, "updated": format_time(network.clock.now())}
        assert await here.hand_in(update) == 202
        delete = {
            "id": f"{here.carol.uri}#delete-{number}",
            "type": "Delete",
            "actor": here.carol.uri,
            "object": direct,
        }
        assert await here.hand_in(delete) == 202

    assert await texts(here.bo, here.room) == ["hello", "directly", "changed 1"]


async def test_conformance_28_another_home_changes_nothing_of_what_this_one_passed_on(
    network: Network,
):
    here = await tea(network)
    note = await here.partial("by way of home")
    other = await here.al.start_conversation("other", here.bo.acct)
    await network.settle()
    await here.bo.accept(other)
    await network.settle()
    network.advance(minutes=1)

    elsewhere = await network.signer_of(here.alpha, other.uri)
    update = here.create("u", "changed") | {"type": "Update"}
    update["object"] |= {"id": note, "updated": format_time(network.clock.now())}
    wrapper = here.wrapper(update, id=f"{other.uri}/relay/1", actor=other.uri)
    await elsewhere.post("https://beta.test/inbox", elsewhere.proven(wrapper))
    await network.settle()

    assert "by way of home" in await texts(here.bo, here.room)


async def test_conformance_29_what_is_inside_is_of_one_origin_and_no_actor(network: Network):
    here = await tea(network)
    whole = here.create("1", "forged")
    elsewhere = "https://gts.test/users/dave/statuses/1"
    actor = {"id": here.carol.uri, "type": "Person", "name": "forged", "actor": here.carol.uri}

    def other(**note: object) -> dict[str, Any]:
        changed = copy.deepcopy(whole)
        changed["object"] |= note
        return changed

    forged = [
        other(id=elsewhere),
        other(attributedTo="https://gts.test/users/dave"),
        whole | {"id": f"{elsewhere}/activity"},
        whole | {"actor": "https://gts.test/users/dave"},
        whole | {"object": actor},
        actor,
        whole | {"type": "Like", "object": f"{here.room.uri}"},
    ]
    statuses = [await here.hand_in(one) for one in forged]
    signed_by_another = await network.signer(here.bo)
    await signed_by_another.post(
        "https://beta.test/inbox", signed_by_another.proven(here.wrapper(whole))
    )
    await network.settle()

    assert set(statuses) <= {202, 400, 422}
    assert await texts(here.bo, here.room) == ["hello"]
    assert (await here.bo.roles(here.room))[here.carol.acct] == "member"
    assert await here.hand_in(whole) == 202
    assert await texts(here.bo, here.room) == ["hello", "forged"]


async def test_what_a_stranger_wrote_is_not_shown_because_home_wraps_it(network: Network):
    here = await tea(network)
    dave = network.gotosocial()

    await here.hand_in(here.create("1", "forged", author=dave.uri))

    assert await texts(here.bo, here.room) == ["hello"]


async def test_conformance_30_the_original_takes_the_place_of_the_copy(network: Network):
    here = await tea(network)
    note = await here.partial("me too")
    assert (await shown(here.bo, here.room))[-1] == ("me too", "relayed")
    altered = copy.deepcopy(here.written)
    altered["object"]["content"] = "<p>me too, as I wrote it</p>"

    assert await here.carol.post(here.bo.uri, altered) == 202
    await network.settle()

    assert (await here.bo.messages(here.room))[-1]["uri"] == note
    assert await shown(here.bo, here.room) == [
        ("hello", "verified"),
        ("me too, as I wrote it", "verified"),
    ]
    assert await notices(here.bo, here.room) == [[], []]


async def beside_bo(here: Tea) -> Person:
    """ann, whose node is bo's, and whom carol would answer too."""
    ann = here.beta.person("ann")
    await join(here.network, here.al, ann, here.room)
    here.network.advance(minutes=1)
    await here.network.settle()
    await here.al.say(here.room, "welcome")
    await here.network.settle()
    here.network.advance(minutes=1)
    return ann


async def test_a_copy_reaches_whom_the_original_left_out_at_a_node_that_has_it(network: Network):
    here = await tea(network)
    ann = await beside_bo(here)

    note = await here.partial("me too", answers="welcome", without=ann)
    read = [(await shown(person, here.room))[-1] for person in (here.bo, ann)]
    network.advance(minutes=1)
    await here.carol.edit(note, "me three")
    await network.settle()

    assert read == [("me too", "verified")] * 2
    for person in (here.bo, ann):
        assert (await shown(person, here.room))[-1] == ("me three", "verified")
    wrapped = [one.document for one in sent(network.tape, "Add", to="beta.test")]
    assert [one["to"] for one in wrapped if "chatRelay" in one] == [[ann.uri]] * 2


async def test_a_copy_of_what_is_held_says_nothing_else(network: Network):
    here = await tea(network)
    ann = await beside_bo(here)
    hello = here.carol.find("hello")
    create = here.carol.create("as I wrote it", sorted(hello.people), [], hello)
    await here.carol.post(here.bo.uri, create)
    await network.settle()
    (held,) = [one for one in await here.bo.messages(here.room) if "as I" in one["text"]]
    assert "as I wrote it" not in await texts(ann, here.room)

    for number, verb in enumerate(("Create", "Update")):
        network.advance(minutes=1)
        altered = here.create(f"a{number}", "as home has it") | {"type": verb}
        altered["object"] |= {"id": held["uri"], "updated": format_time(network.clock.now())}
        assert await here.hand_in(altered, to=[ann.uri]) == 202

    for person in (here.bo, ann):
        assert (await shown(person, here.room))[-1] == ("as I wrote it", "verified")
    assert "as home has it" not in str(await here.beta.rows("SELECT * FROM activity"))
    told = await here.beta.rows(
        "SELECT account_uri FROM event WHERE type = 'message' AND message_id = $1", held["id"]
    )
    assert sorted(one["account_uri"] for one in told) == [ann.uri, here.bo.uri]


async def test_a_block_counts_for_what_is_passed_on(network: Network):
    here = await tea(network)
    ann = await beside_bo(here)
    await here.bo.block(here.carol.acct)

    edited = await here.partial("me too")
    network.advance(minutes=1)
    await here.carol.edit(edited, "me three")
    await network.settle()
    await here.partial("and more")
    await here.carol.post(here.bo.uri, here.written)
    await network.settle()

    hidden = (await here.bo.messages(here.room))[-2:]
    assert [(one["blocked"], one["html"]) for one in hidden] == [(True, None)] * 2
    assert (await shown(ann, here.room))[-2:] == [("me three", "relayed"), ("and more", "verified")]
    told = "SELECT type FROM event WHERE account_uri = $1 AND message_id IN ($2, $3) ORDER BY id"
    ids = [one["id"] for one in hidden]
    assert await here.beta.rows(told, here.bo.uri, *ids) == []
    assert [one["type"] for one in await here.beta.rows(told, ann.uri, *ids)] == [
        "message",
        "message.updated",
    ] * 2


async def test_a_relayed_message_is_no_parent_and_is_not_sent_on(network: Network):
    here = await tea(network)
    note = await here.partial("me too")
    network.tape.clear()

    await here.bo.say(here.room, "answer")
    await network.settle()

    creates = sent(network.tape, "Create", by="beta.test")
    assert {one.document["object"]["inReplyTo"] for one in creates} != {note}
    assert note not in str([one.body for one in creates])


async def test_a_public_reply_is_passed_on_to_nobody_and_read_by_nobody_else(network: Network):
    here = await tea(network)

    await here.partial("to the world", cc=(PUBLIC,))
    network.advance(hours=7)
    await here.beta.ask_others()
    await network.settle()

    assert "to the world" in await texts(here.al, here.room)
    assert "to the world" not in await texts(here.bo, here.room)


async def test_who_comes_later_reads_what_was_passed_on_as_the_setting_lets_them(
    network: Network,
):
    here = await tea(network)
    await here.al.change(here.room, settings={"history": "shared"})
    await network.settle()
    await here.partial("me too")
    gamma = (await network.start("gamma.test"))[0]
    gi = gamma.person("gi")

    await join(network, here.al, gi, here.room)
    network.advance(seconds=20)
    await network.settle()

    assert ("me too", "relayed") in await shown(gi, here.room)


async def test_a_removal_is_found_in_history_by_who_has_missed_it(network: Network):
    here = await tea(network)
    await here.bo.say(here.room, "rude")
    await network.settle()
    (rude,) = [one["id"] for one in await here.al.messages(here.room) if one["text"] == "rude"]
    with network.lose(lambda one: one.host == "beta.test" and one.type == "Remove"):
        await here.al.delete(rude)
        await network.settle()
    assert "rude" in await texts(here.bo, here.room)

    network.advance(hours=7)
    await here.beta.ask_others()
    await network.settle()

    assert "rude" not in await texts(here.bo, here.room)


async def test_what_was_wrapped_goes_with_its_authors_account(network: Network):
    here = await tea(network)
    await here.partial("me too")
    ended = await here.partial("and more")
    await here.carol.delete(ended)
    await network.settle()
    assert len(await here.alpha.rows("SELECT id FROM relay")) == 2

    actor = here.carol.uri
    delete = {"id": f"{actor}#delete", "type": "Delete", "actor": actor, "object": actor}
    await here.carol.post(here.al.uri, delete)
    await network.settle()

    assert await here.alpha.rows("SELECT id FROM relay") == []


async def test_what_was_wrapped_of_a_deleted_message_ends_with_the_upkeep(network: Network):
    here = await tea(network)
    note = await here.partial("me too")
    await here.carol.delete(note)
    await network.settle()
    (end,) = await here.alpha.rows("SELECT id, passed_to FROM relay")
    assert end["passed_to"] == "[]"

    network.advance(days=729)
    await here.alpha.tidy()
    assert await here.alpha.rows("SELECT id FROM relay") == [{"id": end["id"]}]
    network.advance(days=2)
    await here.alpha.tidy()

    assert await here.alpha.rows("SELECT id FROM relay") == []
    assert await here.alpha.rows("SELECT id FROM activity WHERE id = $1", end["id"]) == []


async def test_what_was_deleted_before_it_came_is_passed_on_to_nobody(network: Network):
    here = await tea(network)
    hello = here.carol.find("hello")
    some = sorted(hello.people - {here.bo.uri})
    create = here.carol.create("me too", some, [], hello)
    note = create["object"]["id"]
    here.carol.notes[note] = {"@context": create["@context"], **create["object"]}

    await here.carol.delete(note)
    await here.carol.deliver(create, some)
    await network.settle()

    assert sent(network.tape, "Add", by="alpha.test") == []
    assert await texts(here.bo, here.room) == ["hello"]
    assert "me too" not in str(await here.alpha.rows("SELECT document FROM activity"))


async def test_who_left_before_an_edit_hears_of_the_deletion_after_it(network: Network):
    here = await tea(network)
    note = await here.partial("me too")
    network.advance(minutes=1)
    await here.bo.leave(here.room)
    await network.settle()

    await here.carol.edit(note, "me three")
    await network.settle()
    edited = await texts(here.bo, here.room)
    await here.carol.delete(note)
    await network.settle()

    assert edited[-1] == "me too"
    assert (await here.bo.messages(here.room))[-1]["deleted"] is not None
    assert "me too" not in str(await here.beta.rows("SELECT document FROM activity"))
