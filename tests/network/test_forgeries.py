"""What somebody did not say is not shown as theirs, whoever brings it and however it is dressed.

Every forgery is made with real keys, from a message that really was written; beside it stand
honest ones, so that a node which refuses everything fails.
"""

import copy
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from federation.protocol.timestamps import format_time
from tests.network.stories import sent, together
from tests.support.gate import Exchange, posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room
from tests.support.signer import Signer, encoded, request

pytestmark = pytest.mark.network

INBOX = "https://alpha.test/inbox"


@dataclass(frozen=True, slots=True)
class Scene:
    """A group of al on alpha and bo on beta; gi on gamma is no member.

    Attributes:
        create: What bo's node sent when bo said "genuine"; it has not reached alpha.
    """

    network: Network
    alpha: LiveNode
    al: Person
    room: Room
    bo: Signer
    gi: Signer
    create: Exchange

    def variation(self, name: str, **other: Any) -> dict[str, Any]:  # noqa: ANN401
        """bo's message under another id, without proof, and with other properties."""
        document = copy.deepcopy(self.create.document)
        del document["proof"]
        note = document["object"]
        note |= {"id": f"{self.bo.uri}/n/{name}", "content": f"<p>{name}</p>"}
        note["source"]["content"] = name
        document |= {"id": f"{note['id']}/create", "chatSeq": 2, **other}
        return document


Forgery = Callable[[Scene], Awaitable[int]]


async def scene_of(network: Network) -> Scene:
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    held: list[Exchange] = []
    with network.hold(posted("Create"), held):
        await bo.say(room, "genuine")
        await network.settle()
    bo_signs, gi_signs = await network.signer(bo), await network.signer(gi)
    return Scene(network, alpha, al, room, bo_signs, gi_signs, held[0])


async def nobody_signs(scene: Scene) -> int:
    headers = {"Content-Digest": scene.create.headers["content-digest"]}
    exchange = request("POST", INBOX, headers, scene.create.body)
    await scene.network.replay(exchange)
    return exchange.status


async def a_byte_of_the_signature_is_changed(scene: Scene) -> int:
    old = b"\r\nSignature: sig1=:"
    first = scene.create.raw.partition(old)[2][:1]
    return await replayed(scene, old + first, old + (b"B" if first == b"A" else b"A"))


async def a_byte_of_the_body_is_changed(scene: Scene) -> int:
    return await replayed(scene, b"genuine", b"Genuine")


async def the_target_is_another(scene: Scene) -> int:
    return await replayed(scene, b"POST /inbox", b"POST /u/al/inbox")


async def the_date_is_old(scene: Scene) -> int:
    date = scene.network.clock.now() - timedelta(hours=13)
    return await scene.bo.post(INBOX, scene.create.body, date=date)


async def the_date_is_in_the_future(scene: Scene) -> int:
    date = scene.network.clock.now() + timedelta(hours=2)
    return await scene.bo.post(INBOX, scene.create.body, date=date)


async def a_proof_is_stripped(scene: Scene) -> int:
    return await scene.bo.post(INBOX, encoded(scene.variation("stripped")))


async def a_stranger_signs_without_proof(scene: Scene) -> int:
    return await scene.gi.post(INBOX, encoded(scene.variation("borrowed")))


async def a_proven_body_is_changed(scene: Scene) -> int:
    document = scene.variation("altered", proof=scene.create.document["proof"])
    return await scene.bo.post(INBOX, encoded(document))


async def a_proof_is_by_the_wrong_key(scene: Scene) -> int:
    liar = Signer(scene.bo.uri, scene.gi.rsa, scene.gi.ed25519, scene.bo.now, scene.bo.carry)
    return await scene.gi.post(INBOX, liar.proven(scene.variation("wrong-key")))


async def a_proof_names_a_key_of_somebody_else(scene: Scene) -> int:
    return await scene.gi.post(INBOX, scene.gi.proven(scene.variation("other-key")))


async def a_member_speaks_as_the_conversation(scene: Scene) -> int:
    uri = scene.room.uri
    document = scene.variation("home", actor=uri)
    document |= {"id": f"{uri}/a/1", "chatLog": f"{uri}/log/1"}
    document["object"] |= {"id": f"{uri}/n/1", "attributedTo": uri}
    return await scene.bo.post(INBOX, scene.bo.proven(document))


async def a_stranger_writes_to_the_group(scene: Scene) -> int:
    document = scene.variation("stranger", actor=scene.gi.uri)
    note = document["object"]
    note |= {"id": f"{scene.gi.uri}/n/1", "attributedTo": scene.gi.uri}
    document |= {"id": f"{scene.gi.uri}/n/1/create", "chatLog": f"{scene.gi.uri}/log/1"}
    return await scene.gi.post(INBOX, scene.gi.proven(document))


async def the_note_is_somebody_elses(scene: Scene) -> int:
    document = scene.variation("attributed")
    document["object"]["attributedTo"] = scene.al.uri
    return await scene.bo.post(INBOX, scene.bo.proven(document))


async def the_activity_is_of_another_origin(scene: Scene) -> int:
    document = scene.variation("foreign", id="https://gamma.test/u/gi/n/1/create")
    return await scene.bo.post(INBOX, scene.bo.proven(document))


async def the_note_is_of_another_origin(scene: Scene) -> int:
    document = scene.variation("foreign-note")
    document["object"]["id"] = "https://gamma.test/u/gi/n/1"
    return await scene.bo.post(INBOX, scene.bo.proven(document))


async def the_log_is_of_another_origin(scene: Scene) -> int:
    document = scene.variation("foreign-log", chatLog="https://gamma.test/u/gi/log/1")
    return await scene.bo.post(INBOX, scene.bo.proven(document))


async def an_entry_has_no_number(scene: Scene) -> int:
    document = scene.variation("unnumbered")
    del document["chatSeq"]
    return await scene.bo.post(INBOX, scene.bo.proven(document))


async def a_group_entry_has_no_epoch(scene: Scene) -> int:
    document = scene.variation("no-epoch")
    del document["chatEpoch"]
    return await scene.bo.post(INBOX, scene.bo.proven(document))


async def a_stamp_is_121_seconds_ahead(scene: Scene) -> int:
    stamp = format_time(scene.network.clock.now() + timedelta(seconds=121))
    return await scene.bo.post(INBOX, scene.bo.proven(scene.variation("ahead", published=stamp)))


async def a_body_is_no_json(scene: Scene) -> int:
    return await scene.bo.post(INBOX, b'{"type":"Create",')


REFUSED: Mapping[Forgery, int] = {
    nobody_signs: 401,
    a_byte_of_the_signature_is_changed: 401,
    a_byte_of_the_body_is_changed: 401,
    the_target_is_another: 401,
    the_date_is_old: 401,
    the_date_is_in_the_future: 401,
    a_proof_is_stripped: 401,
    a_stranger_signs_without_proof: 401,
    a_proven_body_is_changed: 401,
    a_proof_is_by_the_wrong_key: 401,
    a_proof_names_a_key_of_somebody_else: 401,
    a_member_speaks_as_the_conversation: 401,
    a_stranger_writes_to_the_group: 403,
    the_note_is_somebody_elses: 422,
    the_activity_is_of_another_origin: 422,
    the_note_is_of_another_origin: 422,
    the_log_is_of_another_origin: 422,
    an_entry_has_no_number: 400,
    a_group_entry_has_no_epoch: 400,
    a_stamp_is_121_seconds_ahead: 400,
    a_body_is_no_json: 400,
}


async def replayed(scene: Scene, old: bytes, new: bytes) -> int:
    """bo's own request with something in it replaced."""
    one = scene.create
    assert old in one.raw
    raw = one.raw.replace(old, new, 1)
    forged = Exchange(one.sender, one.host, one.method, one.target, one.headers, one.body, raw)
    await scene.network.replay(forged)
    return forged.status


async def test_every_forgery_is_refused_and_changes_nothing(network: Network):
    scene = await scene_of(network)
    messages_before = await scene.alpha.rows("SELECT id FROM message")

    answers = {forgery.__name__: await forgery(scene) for forgery in REFUSED}
    await network.settle()

    assert answers == {forgery.__name__: status for forgery, status in REFUSED.items()}
    assert await scene.alpha.rows("SELECT id FROM message") == messages_before
    assert await scene.alpha.rows("SELECT id FROM inbox_entry") == []
    assert await network.replay(scene.create) == [202]
    await network.settle()
    assert await scene.al.texts(scene.room) == ["genuine"]


async def test_a_true_word_counts_whoever_brings_it(network: Network):
    scene = await scene_of(network)

    status = await scene.gi.post(INBOX, scene.create.body)
    await network.settle()

    assert status == 202
    assert await scene.al.texts(scene.room) == ["genuine"]


async def test_conformance_9_a_stamp_less_than_two_minutes_ahead_is_fine(network: Network):
    scene = await scene_of(network)
    now = scene.network.clock.now()
    near = scene.variation("near", published=format_time(now + timedelta(seconds=119)))
    far = scene.variation("far", published=format_time(now + timedelta(seconds=121)))
    early = scene.bo.request("POST", INBOX, scene.bo.proven(far))

    assert await scene.bo.post(INBOX, scene.bo.proven(near)) == 202
    assert await network.replay(early) == [400]
    assert b"Retry-After: 180" in early.answer
    network.advance(minutes=3)
    assert await scene.bo.post(INBOX, early.body) == 202


async def test_conformance_62_only_home_changes_a_group(network: Network):
    scene = await scene_of(network)
    (add,) = sent(network.tape, "Add", to="beta.test")
    forged = copy.deepcopy(add.document)
    forged |= {"id": f"{scene.room.uri}/state/3", "chatEpoch": 3}
    forged["object"] |= {"subject": scene.gi.uri}
    of_gi = {**forged, "actor": scene.gi.uri, "id": f"{scene.gi.uri}/a/1"}

    assert await scene.gi.post("https://beta.test/inbox", scene.gi.proven(forged)) == 401
    assert await scene.gi.post("https://beta.test/inbox", scene.gi.proven(of_gi)) == 403
    await network.settle()

    for person in (scene.al, network.nodes["beta.test"].person("bo")):
        assert scene.gi.uri not in str(await person.see(scene.room))


async def test_conformance_62_a_change_that_does_not_continue_the_chain_is_not_applied(
    network: Network,
):
    scene = await scene_of(network)
    home = await network.signer_of(scene.alpha, scene.room.uri)
    (add,) = sent(network.tape, "Add", to="beta.test")
    forged = copy.deepcopy(add.document)
    forged |= {"id": f"{scene.room.uri}/state/3", "chatEpoch": 3}
    forged["object"] |= {"subject": scene.gi.uri}

    assert await home.post("https://beta.test/inbox", home.proven(forged)) == 202
    await network.settle()

    for person in (scene.al, network.nodes["beta.test"].person("bo")):
        assert scene.gi.uri not in str(await person.see(scene.room))
