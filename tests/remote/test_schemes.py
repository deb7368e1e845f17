"""In which scheme other servers are asked, as their answers and their documents say."""

from dataclasses import dataclass, field

import pytest
from aiohttp import web

from federation.protocol.keys import load_spki, spki_of
from federation.protocol.signature import verify
from federation.protocol.signature.parsed import Request, SignatureFailure
from federation.protocol.signature.scheme import claims_in
from federation.protocol.signature.sign import Scheme
from federation.protocol.signature.verify import Verified
from federation.protocol.vocabulary import ACTIVITY_JSON, PROFILE, RFC9421
from federation.remote.objects import Fetched, Unusable
from federation.remote.schemes import Schemes
from storage.database import fetch
from storage.schemes import learn
from tests.support.remote_node import (
    NAMESPACE,
    RemoteNode,
    actor_document,
    serve_document,
)
from tests.support.signing import rsa_key
from tests.support.tls_peer import TlsPeer

HOST = "beta.test"
BOB = "https://beta.test/u/bob"
NOTE = "https://beta.test/n/1"


def implementing(*capabilities: str) -> dict[str, object]:
    listed = [{"href": capability} for capability in capabilities]
    return {"type": "Application", "implements": listed}


def serve_bob(beta: TlsPeer, *capabilities: str, **other: object) -> None:
    document = actor_document(BOB, rsa_key(), generator=implementing(*capabilities), **other)
    serve_document(beta, "/u/bob", document)


async def stored() -> dict[str, str]:
    return {row["host"]: row["scheme"] for row in await fetch("SELECT host, scheme FROM peer")}


# ---------------------------------------------------------------- what documents say


@pytest.mark.parametrize(
    ("capabilities", "scheme"),
    [
        ((PROFILE, RFC9421), Scheme.RFC_9421_ED25519),
        ((RFC9421,), Scheme.RFC_9421),
        ((PROFILE,), Scheme.CAVAGE),
        ((), Scheme.CAVAGE),
    ],
)
async def test_an_actors_document_says_what_its_server_takes(
    node: RemoteNode, beta: TlsPeer, capabilities: tuple[str, ...], scheme: Scheme
):
    serve_bob(beta, *capabilities)

    await node.directory.fetch(BOB)

    assert await node.fetcher.schemes.of(HOST) is scheme
    assert await stored() == ({} if scheme is Scheme.CAVAGE else {HOST: scheme.value})


async def test_it_is_known_after_a_restart(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, PROFILE, RFC9421)
    await node.directory.fetch(BOB)

    assert await Schemes(node.clock).of(HOST) is Scheme.RFC_9421_ED25519


async def test_what_was_tried_outweighs_a_document_for_a_week(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, PROFILE, RFC9421)
    known = node.fetcher.schemes
    await known.advertised(HOST, Scheme.RFC_9421)
    await known.knock(HOST, statuses(401, 200), int)

    await node.directory.fetch(BOB)
    tried = await known.of(HOST)
    node.clock.advance(days=7)
    await node.directory.fetch(BOB)

    assert tried is Scheme.CAVAGE
    assert await known.of(HOST) is Scheme.RFC_9421_ED25519


def statuses(*answers: int):
    """A host that answers these in turn."""
    waiting = list(answers)

    async def ask(_: Scheme) -> int:
        return waiting.pop(0)

    return ask


async def test_what_is_cheaper_to_sign_is_taken_up_when_it_is_advertised(
    node: RemoteNode, beta: TlsPeer
):
    known = node.fetcher.schemes
    await known.knock(HOST, statuses(401, 200), int)
    learned = await known.of(HOST)
    serve_bob(beta, PROFILE, RFC9421)

    await node.directory.fetch(BOB)

    assert learned is Scheme.RFC_9421
    assert await known.of(HOST) is Scheme.RFC_9421_ED25519


async def test_somebody_on_unaware_software_does_not_speak_for_a_node_of_our_kind(
    node: RemoteNode, beta: TlsPeer
):
    await node.fetcher.schemes.advertised(HOST, Scheme.RFC_9421_ED25519)
    serve_bob(beta, RFC9421)

    await node.directory.fetch(BOB)

    assert await node.fetcher.schemes.of(HOST) is Scheme.RFC_9421_ED25519


async def test_a_word_of_a_later_release_is_nothing_known(node: RemoteNode):
    await learn(HOST, "a-scheme-to-come", node.clock())

    assert await Schemes(node.clock).of(HOST) is Scheme.CAVAGE


async def test_memory_is_bounded_and_the_host_asked_longest_ago_is_forgotten(node: RemoteNode):
    known = Schemes(node.clock, hosts_max=2)
    for host in ("a.test", "b.test", "c.test"):
        await known.advertised(host, Scheme.RFC_9421)
    await learn("a.test", "cavage", node.clock())
    await learn("c.test", "cavage", node.clock())

    # Only what was forgotten is read again.
    assert await known.of("c.test") is Scheme.RFC_9421
    assert await known.of("a.test") is Scheme.CAVAGE


# ---------------------------------------------------------------- signed GETs


@dataclass
class Strict:
    """A server that takes GETs in one scheme, and answers 401 to all else."""

    scheme: Scheme
    node: RemoteNode
    knocks: list[str] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        arrived = Request("GET", request.path_qs, tuple(request.headers.items()), None)
        claims = claims_in(arrived)
        assert not isinstance(claims, SignatureFailure)
        (claim,) = claims
        scheme = Scheme.CAVAGE
        if claim.parameters is not None:
            is_rsa = claim.key_id.endswith("#main-key")
            scheme = Scheme.RFC_9421 if is_rsa else Scheme.RFC_9421_ED25519
        self.knocks.append(scheme.value)
        signer = await self.node.keyring.for_requests(NAMESPACE.instance, scheme)
        assert signer is not None
        spki = spki_of(signer.key.public_key())
        key = load_spki(spki, key_id=signer.key_id, owner=NAMESPACE.instance)
        if scheme is self.scheme and isinstance(verify.verify(claim, arrived, key), Verified):
            body = b'{"id":"https://beta.test/n/1"}'
            return web.Response(body=body, headers={"Content-Type": ACTIVITY_JSON})
        # Some error pages are compressed although nobody asked for it.
        return web.Response(status=401, body=b"no", headers={"Content-Encoding": "gzip"})


async def asked(node: RemoteNode, beta: TlsPeer, scheme: Scheme, times: int = 1) -> list[str]:
    """In which schemes a server is asked that takes this one alone."""
    server = Strict(scheme, node)
    beta.routes["/n/1"] = server.answer
    for _ in range(times):
        assert isinstance(await node.fetcher.fetch_object(NOTE), Fetched)
    return server.knocks


async def test_a_document_is_asked_for_in_the_scheme_that_its_server_takes(
    node: RemoteNode, beta: TlsPeer
):
    assert await asked(node, beta, Scheme.CAVAGE) == ["cavage"]
    assert await asked(node, beta, Scheme.RFC_9421, 2) == ["cavage", "rfc9421", "rfc9421"]
    assert await asked(node, beta, Scheme.CAVAGE, 2) == ["rfc9421", "cavage", "cavage"]


async def test_a_node_of_our_kind_is_asked_with_ed25519(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, PROFILE, RFC9421)
    await node.directory.fetch(BOB)

    assert await asked(node, beta, Scheme.RFC_9421_ED25519, 2) == ["rfc9421-ed25519"] * 2


async def test_a_server_that_takes_neither_scheme_is_asked_twice_and_nothing_is_learned(
    node: RemoteNode, beta: TlsPeer
):
    beta.serve("/n/1", b"no", status=401)

    found = await node.fetcher.fetch_object(NOTE)

    assert found == Unusable("status 401")
    assert beta.paths() == ["/n/1", "/n/1"]
    assert await stored() == {}


async def test_a_server_that_has_no_such_document_is_asked_once(node: RemoteNode, beta: TlsPeer):
    await node.fetcher.fetch_object(NOTE)

    assert beta.paths() == ["/n/1"]
