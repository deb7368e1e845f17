"""Whose word an activity is: proofs, keys, awareness that stays, and ids (0.4, 0.5 and 1)."""

import copy
import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import pytest
import rfc8785

from federation.protocol.canonical_json import base58_encode
from federation.protocol.proof import add_proof
from federation.protocol.timestamps import format_time
from tests.network.stories import sent, together
from tests.support.gate import Exchange, posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room
from tests.support.signer import Signer, encoded
from tests.support.signing import ed25519_key

pytestmark = pytest.mark.network

ACTOR = "SELECT document, aware FROM actor WHERE uri = $1"
INBOX = "https://alpha.test/inbox"


@dataclass(frozen=True, slots=True)
class Scene:
    """al and bo in a group; what bo's node sent when bo said "genuine" has not reached alpha."""

    network: Network
    alpha: LiveNode
    al: Person
    room: Room
    bo: Signer
    create: Exchange

    @property
    def bare(self) -> dict[str, Any]:
        """What bo said, without proof."""
        document = copy.deepcopy(self.create.document)
        del document["proof"]
        return document

    async def told(self, body: bytes) -> int:
        """Sign the request as bo's node does; the status."""
        status = await self.bo.post(INBOX, body)
        await self.network.settle()
        return status

    async def texts(self) -> list[str]:
        return await self.al.texts(self.room)


async def scene(network: Network) -> Scene:
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    held: list[Exchange] = []
    with network.hold(posted("Create", to="alpha.test"), held):
        await bo.say(room, "genuine")
        await network.settle()
    (create,) = held
    return Scene(network, alpha, al, room, await network.signer(bo), create)


async def test_conformance_3_one_byte_changed_is_401(network: Network):
    here = await scene(network)
    body = here.create.body

    changed = [
        body.replace(b"genuine", b"genuinE"),
        body.replace(b'"chatSeq":1', b'"chatSeq":2'),
        body.replace(b'"sensitive":false', b'"sensitive":true '),
    ]
    assert all(each != body for each in changed)
    statuses = [await here.told(each) for each in changed]

    assert statuses == [401, 401, 401]
    assert await here.texts() == []
    assert await here.told(body) == 202
    assert await here.texts() == ["genuine"]


async def test_conformance_4_the_context_of_a_proof_is_the_documents_or_none(network: Network):
    here = await scene(network)
    proven = json.loads(here.bo.proven(here.bare))
    another = copy.deepcopy(proven)
    another["proof"]["@context"] = "https://www.w3.org/ns/activitystreams"
    signed_over = _proven_with(here, {"@context": "https://www.w3.org/ns/activitystreams"})

    assert await here.told(encoded(another)) == 401
    assert await here.told(signed_over) == 401
    assert await here.texts() == []
    assert await here.told(_proven_with(here, {})) == 202
    assert await here.texts() == ["genuine"]


def _proven_with(here: Scene, context: dict[str, Any]) -> bytes:
    """bo's message with a valid proof that has this context, or none; done by hand (FEP-8b32)."""
    options = {
        **context,
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-jcs-2022",
        "created": format_time(here.network.clock.now()),
        "verificationMethod": f"{here.bo.uri}#ed25519-key",
        "proofPurpose": "assertionMethod",
    }
    over = sha256(rfc8785.dumps(options)).digest() + sha256(rfc8785.dumps(here.bare)).digest()
    value = f"z{base58_encode(here.bo.ed25519.sign(over))}"
    return encoded(here.bare | {"proof": options | {"proofValue": value}})


async def test_conformance_5_a_key_that_the_actor_does_not_list_proves_nothing(network: Network):
    here = await scene(network)
    gamma = (await network.start("gamma.test"))[0]
    gi = await network.signer(gamma.person("gi"))
    unlisted = add_proof(
        here.bare,
        key=ed25519_key(),
        method=f"{here.bo.uri}#another-key",
        created=network.clock.now(),
    )
    anothers = add_proof(
        here.bare,
        key=gi.ed25519,
        method=f"{gi.uri}#ed25519-key",
        created=network.clock.now(),
    )
    for_requests = add_proof(
        here.bare,
        key=here.bo.ed25519,
        method=f"{here.bo.uri}#main-key",
        created=network.clock.now(),
    )

    statuses = [await here.told(encoded(one)) for one in (unlisted, anothers, for_requests)]

    assert statuses == [401, 401, 401]
    assert await here.texts() == []


async def test_conformance_6_who_was_aware_once_is_believed_no_signature_alone(network: Network):
    here = await scene(network)

    def unaware(answer: bytes) -> bytes:
        head, _, body = answer.partition(b"\r\n\r\n")
        document = json.loads(body)
        del document["generator"]
        changed = json.dumps(document).encode()
        kept = (b"HTTP", b"Content-Type")
        lines = [line for line in head.split(b"\r\n") if line.startswith(kept)]
        length = b"Content-Length: %d" % len(changed)
        return b"\r\n".join([*lines, length, b"", b""]) + changed

    with network.alter(lambda one: one.host == "beta.test" and one.target == "/u/bo", unaware):
        network.advance(hours=25)
        await here.alpha.inside(here.alpha.node.parts.directory.fetch(here.bo.uri))
        (seen,) = await here.alpha.rows(ACTOR, here.bo.uri)
        fresh = here.bare | {"published": format_time(network.clock.now())}
        status = await here.told(encoded(fresh))

    assert "groups-1" not in seen["document"]
    assert seen["aware"]
    assert status == 401
    assert await here.texts() == []


async def test_conformance_8_an_id_on_another_origin_than_its_actor_is_422(network: Network):
    here = await scene(network)
    elsewhere = here.bare | {"id": "https://gamma.test/u/gi/n/1/create"}
    another_port = here.bare | {"id": f"https://beta.test:8443{here.bare['id'][17:]}"}

    statuses = [await here.told(here.bo.proven(one)) for one in (elsewhere, another_port)]

    assert statuses == [422, 422]
    assert await here.texts() == []
    assert sent(network.tape, to="gamma.test") == []
