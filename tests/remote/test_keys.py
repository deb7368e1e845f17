import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.protocol.keys import pem_of
from federation.remote.key_memory import KeyFound
from federation.remote.keys import KeyRefused, KeyResult, KeyUnknownNow, Refusal
from storage import actors
from tests.support.remote_node import RemoteNode, actor_document, serve_document
from tests.support.signing import rsa_key
from tests.support.tls_peer import TlsPeer

BOB = "https://beta.test/u/bob"
KEY = f"{BOB}#main-key"
GTS_KEY = f"{BOB}/main-key"
OTHER_PEM = pem_of(Ed25519PrivateKey.from_private_bytes(b"\x05" * 32).public_key())


def serve_bob(beta: TlsPeer, **other: object) -> None:
    serve_document(beta, "/u/bob", actor_document(BOB, rsa_key(), **other))


def public_key(key_id: str, pem: str = "", owner: str = BOB) -> dict[str, object]:
    pem = pem or pem_of(rsa_key().public_key())
    return {"id": key_id, "owner": owner, "publicKeyPem": pem}


def refusal(result: KeyResult) -> Refusal:
    assert isinstance(result, KeyRefused)
    return result.reason


async def test_a_key_is_fetched_once_and_then_at_hand(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)

    found = await asyncio.gather(*(node.keys.find(KEY) for _ in range(10)))
    again = await node.keys.find(KEY)

    for each in (*found, again):
        assert isinstance(each, KeyFound)
        assert (each.key.key_id, each.key.owner, each.key.algorithm) == (KEY, BOB, "rsa")
        assert not each.is_for_proofs
    assert beta.paths() == ["/u/bob"]


async def test_a_key_for_proofs_is_known_as_one(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)

    found = await node.keys.find(f"{BOB}#ed25519-key")

    assert isinstance(found, KeyFound)
    assert found.is_for_proofs
    assert found.key.algorithm == "ed25519"


async def test_the_second_of_three_keys_is_found(node: RemoteNode, beta: TlsPeer):
    listed = [public_key(f"{BOB}#1", OTHER_PEM), public_key(KEY), public_key(f"{BOB}#3")]
    serve_bob(beta, publicKey=listed)

    found = await node.keys.find(KEY)

    assert isinstance(found, KeyFound)
    assert found.key.algorithm == "rsa"


async def test_a_key_with_its_own_url_leads_to_its_actor(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, publicKey=public_key(GTS_KEY))
    reduced = {"id": BOB, "type": "Person", "publicKey": public_key(GTS_KEY)}
    serve_document(beta, "/u/bob/main-key", reduced)

    found = await node.keys.find(GTS_KEY)

    assert isinstance(found, KeyFound)
    assert found.key.owner == BOB
    assert beta.paths() == ["/u/bob/main-key", "/u/bob"]


async def test_a_bare_key_is_believed_when_its_owner_lists_it(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, publicKey=public_key(GTS_KEY))
    serve_document(beta, "/u/bob/main-key", public_key(GTS_KEY))

    found = await node.keys.find(GTS_KEY)

    assert isinstance(found, KeyFound)
    assert found.key.owner == BOB


@pytest.mark.parametrize(
    "bare",
    [
        public_key(GTS_KEY, OTHER_PEM),
        public_key(GTS_KEY, owner="https://beta.test/u/other"),
        public_key(GTS_KEY, owner="https://evil.test/u/bob"),
        public_key(f"{BOB}/other-key"),
        public_key("https://evil.test/key"),
        public_key(GTS_KEY, "no PEM"),
    ],
)
async def test_a_bare_key_that_its_owner_does_not_list_is_refused(
    node: RemoteNode, beta: TlsPeer, bare: dict[str, object]
):
    serve_bob(beta, publicKey=public_key(GTS_KEY))
    serve_document(beta, "/u/other", actor_document("https://beta.test/u/other", rsa_key()))
    serve_document(beta, "/u/bob/main-key", bare)

    assert refusal(await node.keys.find(GTS_KEY)) is Refusal.INVALID


async def test_a_bare_key_at_an_attacker_names_no_victim(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    serve_document(beta, "/key", public_key("https://evil.test/key"))

    assert refusal(await node.keys.find("https://evil.test/key")) is Refusal.INVALID


async def test_an_actor_document_with_a_foreign_id_is_refused(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    document = actor_document(BOB, rsa_key(), publicKey=public_key("https://evil.test/u/x#k"))
    serve_document(beta, "/u/x", document)

    assert refusal(await node.keys.find("https://evil.test/u/x#k")) is Refusal.INVALID


@pytest.mark.parametrize(
    "key_id",
    [
        "http://beta.test/u/bob#main-key",
        "https://127.0.0.1/u/bob#main-key",
        "https://user@beta.test/u/bob#main-key",
        "https://home.test/u/alice#main-key",
        "acct:bob@beta.test",
        "https://beta.test/" + "a" * 2048,
        "",
    ],
)
async def test_a_key_id_that_may_not_be_fetched_is_refused(
    node: RemoteNode, beta: TlsPeer, key_id: str
):
    assert refusal(await node.keys.find(key_id)) is Refusal.BAD_ID
    assert beta.requests == []
    assert node.client.egress_log == ()


async def test_a_key_that_its_actor_does_not_list_costs_one_fetch(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)

    for number in range(5):
        assert refusal(await node.keys.find(f"{BOB}#key-{number}")) is Refusal.NOT_LISTED

    assert beta.paths() == ["/u/bob"]


@pytest.mark.parametrize(
    ("status", "reason", "minutes"),
    [
        (404, Refusal.NOT_FOUND, 10),
        (403, Refusal.INVALID, 10),
        (410, Refusal.GONE, 24 * 60),
    ],
)
async def test_a_no_is_remembered(
    node: RemoteNode, beta: TlsPeer, status: int, reason: Refusal, minutes: int
):
    beta.serve("/u/bob", "", status=status)
    for _ in range(3):
        assert refusal(await node.keys.find(KEY)) is reason
    node.clock.advance(minutes=minutes, seconds=-1)
    await node.keys.find(KEY)
    assert len(beta.requests) == 1

    node.clock.advance(seconds=1)
    await node.keys.find(KEY)

    assert len(beta.requests) == 2


async def test_a_key_host_that_is_down_is_asked_less_and_less(node: RemoteNode, beta: TlsPeer):
    beta.serve("/u/bob", "", status=503)
    waits: list[int] = []
    for wait_s in (60, 120, 240, 480, 960, 1920, 3600, 3600):
        result = await node.keys.find(KEY)
        assert isinstance(result, KeyUnknownNow)
        waits.append(result.retry_after_s)
        asked = len(beta.requests)
        node.clock.advance(seconds=wait_s - 1)
        assert isinstance(await node.keys.find(KEY), KeyUnknownNow)
        assert len(beta.requests) == asked
        node.clock.advance(seconds=1)
    assert waits == [60, 120, 240, 300, 300, 300, 300, 300]

    serve_bob(beta)

    assert isinstance(await node.keys.find(KEY), KeyFound)


async def test_a_key_of_a_suspended_actor_is_forbidden(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.keys.find(KEY)
    await actors.set_actor_state(BOB, actors.SUSPENDED)
    node.memory.forget(BOB)

    result = await node.keys.find(KEY)

    assert result == KeyRefused(Refusal.INACTIVE)
    assert result.status == 403


async def test_what_another_process_changed_is_seen_after_a_minute(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.keys.find(KEY)
    await actors.set_actor_state(BOB, actors.DELETED)
    assert isinstance(await node.keys.find(KEY), KeyFound)

    node.clock.advance(minutes=1)

    assert refusal(await node.keys.find(KEY)) is Refusal.INACTIVE


async def test_a_rotated_key_is_fetched_anew_once_in_five_minutes(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.keys.find(KEY)
    assert await node.keys.find_again(KEY) is None
    serve_bob(beta, publicKey=public_key(KEY, OTHER_PEM))
    node.clock.advance(minutes=5)

    found = await node.keys.find_again(KEY)

    assert isinstance(found, KeyFound)
    assert found.key.algorithm == "ed25519"
    assert await node.keys.find_again(KEY) is None
    node.clock.advance(minutes=4)
    assert await node.keys.find_again(KEY) is None
    assert len(beta.requests) == 2


async def test_a_key_under_a_new_id_is_looked_for_once_more_at_once(
    node: RemoteNode, beta: TlsPeer
):
    serve_bob(beta)
    assert isinstance(await node.keys.find(KEY), KeyFound)
    new = f"{BOB}#main-key-2"
    serve_bob(beta, publicKey=public_key(new))

    found = await node.keys.find(new)
    others = [await node.keys.find(one) for one in (KEY, f"{BOB}#main-key-3")]

    assert isinstance(found, KeyFound)
    assert [refusal(one) for one in others] == [Refusal.NOT_LISTED] * 2
    assert beta.paths() == ["/u/bob"] * 2


async def test_an_old_key_ends_with_the_document_that_lists_another(
    node: RemoteNode, beta: TlsPeer
):
    serve_bob(beta)
    await node.keys.find(KEY)
    serve_bob(beta, publicKey=public_key(f"{BOB}#new-key"))

    await node.directory.fetch(BOB)

    assert refusal(await node.keys.find(KEY)) is Refusal.NOT_LISTED


async def test_a_day_old_key_is_used_and_refreshed_behind(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.keys.find(KEY)
    assert not await node.keys.refresh_one()
    node.clock.advance(hours=24)

    assert isinstance(await node.keys.find(KEY), KeyFound)
    assert len(beta.requests) == 1
    assert await node.keys.refresh_one()
    assert len(beta.requests) == 2
    assert not await node.keys.refresh_one()


async def test_a_month_old_key_is_fetched_first(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.keys.find(KEY)
    beta.serve("/u/bob", "", status=500)
    node.clock.advance(days=30)

    assert isinstance(await node.keys.find(KEY), KeyUnknownNow)


async def test_absurd_keys_are_refused(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, publicKey=[public_key(f"{BOB}#{number}") for number in range(11)])
    assert refusal(await node.keys.find(f"{BOB}#1")) is Refusal.NOT_LISTED
    node.clock.advance(hours=1)
    serve_bob(beta, publicKey=public_key(KEY, "-----BEGIN PUBLIC KEY-----" + "A" * 20_000))

    assert refusal(await node.keys.find(KEY)) is Refusal.NOT_LISTED
