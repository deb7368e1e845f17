"""Keys change in the middle of a conversation, here or elsewhere, and nothing is lost by it."""

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

from node.cli.main import main
from tests.network.stories import join_in_words, sent, together
from tests.support.gate import Exchange, posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.process_node import until
from tests.support.signer import Signer

pytestmark = pytest.mark.network


def method_of(one: Exchange) -> str:
    return str(one.document["proof"]["verificationMethod"])


def fetched(network: Network, uri: str, by: str) -> list[str]:
    """The requests of one host for a document."""
    return [
        one.target
        for one in network.tape
        if one.method == "GET" and f"https://{one.host}{one.target}" == uri and one.sender == by
    ]


async def listed(node: LiveNode, uri: str) -> tuple[str, list[str]]:
    """The ids of the keys in a person's document: for requests, and for proofs."""
    headers = {"Accept": "application/activity+json"}
    status, document = await node.call("GET", uri.removeprefix(node.base_url), headers=headers)
    assert status == 200
    return document["publicKey"]["id"], [one["id"] for one in document["assertionMethod"]]


async def test_what_waits_goes_out_with_the_new_keys_and_both_go_on_talking(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("alpha.test")
    await bo.say(room, "waits")
    await network.settle()
    network.tape.clear()

    await beta.rotate(bo.uri)
    network.heal("alpha.test")
    network.advance(minutes=20)
    await network.settle()
    await al.say(room, "here too")
    await bo.say(room, "with the new one")
    await network.settle()

    assert await al.texts(room) == await bo.texts(room)
    assert sorted(await al.texts(room)) == ["here too", "waits", "with the new one"]
    rsa, (new, old) = await listed(beta, bo.uri)
    assert old == f"{bo.uri}#ed25519-key"
    assert rsa.startswith(f"{bo.uri}#main-key-")
    for one in sent(network.tape, "Create", by="beta.test"):
        assert (method_of(one), one.status) == (new, 202)
        assert new in one.headers["signature-input"]


async def test_a_node_that_was_not_told_reads_the_new_key_once(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    await alpha.rotate(al.uri)
    with network.lose(posted("Update", to="gamma.test")):
        await network.settle()
    network.tape.clear()

    for text in ("one", "two"):
        await al.say(room, text)
        await network.settle()

    assert await gi.texts(room) == ["one", "two"]
    assert fetched(network, al.uri, "gamma.test") == ["/u/al"]


async def test_everybody_who_knows_somebody_is_told_and_a_stranger_is_not(network: Network):
    alpha, beta, _ = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, dana = alpha.person("al"), beta.person("bo"), network.legacy_peer()
    await together(network, al, bo)
    await al.write_to(dana.acct, "hello")
    await network.settle()
    network.tape.clear()

    await alpha.rotate(al.uri)
    await network.settle()

    updates = sent(network.tape, "Update", by="alpha.test")
    assert {one.host for one in updates} == {"beta.test", "gts.test"}
    (told,) = dana.received_of("Update")
    assert told["object"]["publicKey"]["id"] == (await listed(alpha, al.uri))[0]
    held = await beta.rows("SELECT key_id, for_proofs FROM remote_key WHERE actor_uri = $1", al.uri)
    # The RSA key goes at once, the old one for proofs stays for 60 days.
    assert len([row for row in held if row["for_proofs"]]) == 2
    assert len(held) == 3


async def test_what_was_signed_before_and_comes_after_still_holds(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    on_its_way: list[Exchange] = []
    with network.hold(posted("Create", to="alpha.test"), on_its_way):
        await bo.say(room, "signed before")
        await network.settle()

    await beta.rotate(bo.uri)
    await network.settle()

    assert await network.replay(*on_its_way) == [202]
    await network.settle()
    assert await al.texts(room) == ["signed before"]


async def test_the_old_key_is_listed_for_sixty_days(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    await al.arrive()
    await alpha.rotate(al.uri)

    counts = []
    for days in (59, 2):
        network.advance(days=days)
        await alpha.tidy()
        counts.append(len((await listed(alpha, al.uri))[1]))

    assert counts == [2, 1]


async def test_a_group_with_new_keys_is_followed_and_joined(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo)
    network.tape.clear()

    await alpha.rotate(room.uri)
    await network.settle()
    (again,) = sent(network.tape, "Add", by="alpha.test")
    await al.rename(room, "coffee")
    await network.settle()
    await al.invite(gi, room)
    await network.settle()
    await gi.accept(room)
    await network.settle()

    assert again.status == 202
    assert method_of(again).startswith(f"{room.uri}#ed25519-key-")
    states = {one["title"] for one in (await al.see(room), await bo.see(room), await gi.see(room))}
    assert states == {"coffee"}
    assert await bo.roles(room) == await gi.roles(room) == await al.roles(room)
    assert not (await bo.see(room))["disputed"]


async def test_a_compromised_key_is_refused_once_its_owner_has_others(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    await bo.say(room, "mine")
    await network.settle()
    (create,) = sent(network.tape, "Create", by="beta.test", to="alpha.test")
    thief = await network.signer(bo)
    forged = {**create.document, "id": f"{bo.uri}/a/forged"}

    await beta.rotate(bo.uri, is_compromised=True)
    await network.settle()
    honest = await network.signer(bo)

    _, proofs = await listed(beta, bo.uri)
    assert len(proofs) == 1
    inbox = "https://alpha.test/inbox"
    assert await thief.post(inbox, thief.proven(forged)) == 401
    stolen_proof = Signer(
        honest.uri, honest.rsa, thief.ed25519, honest.now, honest.carry, honest.rsa_id
    )
    assert await stolen_proof.post(inbox, stolen_proof.proven(forged)) == 401
    assert await thief.get(room.uri) == 404
    await bo.say(room, "still mine")
    await network.settle()
    assert await al.texts(room) == ["mine", "still mine"]


async def test_what_is_read_later_has_a_proof_by_a_key_that_nobody_has_stolen(network: Network):
    alpha, beta, gamma = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo, gi = alpha.person("al"), beta.person("bo"), gamma.person("gi")
    room = await together(network, al, bo, gi)
    with network.lose(posted("Create", to="gamma.test")):
        await bo.say(room, "lost")
        await network.settle()
    with network.lose(posted("Update", to="gamma.test")):
        await al.rename(room, "coffee")
        await network.settle()

    for uri, node in ((bo.uri, beta), (room.uri, alpha), (al.uri, alpha)):
        await node.rotate(uri, is_compromised=True)
    await network.settle()
    await bo.say(room, "found")
    await network.settle()
    network.advance(minutes=1)
    await network.settle()

    assert await gi.texts(room) == ["lost", "found"]
    assert (await gi.see(room))["title"] == "coffee"
    provenances = {one["provenance"] for one in await gi.messages(room)}
    assert provenances == {"verified"}


async def test_members_on_other_software_are_told_of_new_keys_of_a_group(network: Network):
    (alpha,) = await network.start("alpha.test")
    al, carol = alpha.person("al"), network.mastodon()
    room = await together(network, al)
    await join_in_words(network, al, carol, room)

    await alpha.rotate(room.uri, is_compromised=True)
    await network.settle()

    (told,) = carol.received_of("Update")
    assert (told["actor"], told["object"]["type"]) == (room.uri, "Group")
    assert told["object"]["publicKey"]["id"].startswith(f"{room.uri}#main-key-")


async def test_the_node_itself_gets_new_keys_and_asks_with_them(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    thief = await network.signer_of(beta, "https://beta.test/actor")
    assert await thief.get(room.uri) == 200
    for node in (alpha, beta):
        await node.rotate(f"{node.base_url}/actor", is_compromised=True)
    await network.settle()
    assert await thief.get(room.uri) == 404
    network.tape.clear()
    await al.change(room, settings={"history": "joined"})
    gi = (await network.start("gamma.test"))[0].person("gi")
    await al.invite(gi, room)
    await network.settle()
    await gi.accept(room)
    await network.settle()

    assert await gi.state_in(room) == "joined"
    asked = [one for one in network.tape if one.method == "GET" and "signature" in one.headers]
    by_alpha = [one for one in asked if one.sender == "alpha.test"]
    assert by_alpha
    for one in by_alpha:
        signed_by = one.headers["signature"] + one.headers.get("signature-input", "")
        assert "/actor#main-key-" in signed_by or "/actor#ed25519-key-" in signed_by


async def test_a_key_that_changes_elsewhere_is_read_once_and_the_old_one_is_refused(
    network: Network,
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await dana.write_to(al.uri, "with the old key")
    await network.settle()
    network.advance(minutes=6)
    network.tape.clear()
    old = dana.key

    dana.key = generate_private_key(public_exponent=65537, key_size=2048)
    statuses = [await dana.write_to(al.uri, text) for text in ("with the new key", "again")]
    dana.key, new = old, dana.key
    late = await dana.write_to(al.uri, "by a thief")
    dana.key = new
    await network.settle()

    assert statuses == [202, 202]
    assert late == 401
    assert len(fetched(network, dana.key_id, "alpha.test")) == 1


async def test_a_running_node_signs_with_the_new_keys_within_seconds(network: Network):
    (alpha,) = await network.start("alpha.test")
    al = alpha.person("al")
    await al.arrive()
    keyring = alpha.node.parts.tools.keyring
    before = await alpha.inside(keyring.for_proofs(al.uri))
    assert before is not None

    status = await asyncio.to_thread(
        main, ["keys", "rotate", "al", "--config", str(alpha.config_file)]
    )
    network.advance(seconds=2)

    async def is_new() -> bool:
        now = await alpha.inside(keyring.for_proofs(al.uri))
        return now is not None and now.key_id != before.key_id

    assert status == 0
    assert await until(is_new, within_s=20)
