import msgspec

from federation.keyring import new_pairs
from federation.protocol import strict_json
from federation.protocol.keys import load_spki
from federation.protocol.proof import add_proof, check_proof, verification_method
from federation.protocol.signature.sign import Scheme
from storage import actor_keys
from storage.database import transaction
from tests.support.remote_node import NAMESPACE, SEALER, FixedKeys, RemoteNode
from tests.support.signing import rsa_key


async def test_our_keys_come_out_as_they_went_in(node: RemoteNode):
    rsa = await node.keyring.rsa(NAMESPACE.instance)
    ed25519 = await node.keyring.ed25519(NAMESPACE.instance)

    assert rsa is not None
    assert rsa.private_numbers() == rsa_key().private_numbers()
    assert ed25519 is not None
    assert ed25519.private_bytes_raw() == b"\x07" * 32


async def test_a_key_is_opened_once_until_it_is_forgotten(node: RemoteNode):
    first = await node.keyring.rsa(NAMESPACE.instance)
    assert await node.keyring.rsa(NAMESPACE.instance) is first

    node.keyring.forget(NAMESPACE.instance)

    assert await node.keyring.rsa(NAMESPACE.instance) is not first


async def test_what_another_process_retires_is_forgotten_and_nothing_else_is(node: RemoteNode):
    alice = NAMESPACE.person("alice")
    unwritten = await new_pairs(alice, FixedKeys(rsa_key()), sealer=SEALER, at=node.clock())
    node.keyring.remember(unwritten)
    old = await node.keyring.for_proofs(NAMESPACE.instance)
    await node.keyring.refresh()

    await rotate(node, "2")
    before = await node.keyring.for_proofs(NAMESPACE.instance)
    await node.keyring.refresh()
    after = await node.keyring.for_proofs(NAMESPACE.instance)
    request = await node.keyring.for_requests(NAMESPACE.instance, Scheme.CAVAGE)

    assert before == old
    assert after is not None
    assert after.key_id == f"{NAMESPACE.instance}#ed25519-key-2"
    assert request is not None
    assert request.key_id == f"{NAMESPACE.instance}#main-key-2"
    assert await node.keyring.rsa(alice) is not None


async def test_a_document_leaves_with_a_proof_by_the_key_in_use(node: RemoteNode):
    made = await signed(node, {"id": f"{NAMESPACE.instance}/a/1", "actor": NAMESPACE.instance})
    theirs = made.replace(NAMESPACE.instance, "https://beta.test/u/bob")
    unproven = '{"actor":"https://home.test/actor","id":"x"}'
    assert await node.keyring.renewed(made) == made

    await rotate(node, "2")
    await node.keyring.refresh()
    renewed = await node.keyring.renewed(made)

    document, key = (
        strict_json.loads(renewed.encode()),
        await node.keyring.ed25519(NAMESPACE.instance),
    )
    assert key is not None
    assert check_proof(document, key=key.public_key(), now=node.clock()) is None
    assert verification_method(document) == f"{NAMESPACE.instance}#ed25519-key-2"
    assert document["proof"]["created"] == strict_json.loads(made.encode())["proof"]["created"]
    assert await node.keyring.renewed(renewed) == renewed
    for other in (theirs, unproven, "[]"):
        assert await node.keyring.renewed(other) == other


async def rotate(node: RemoteNode, serial: str) -> None:
    source = FixedKeys(rsa_key())
    uri, at = NAMESPACE.instance, node.clock()
    new = await new_pairs(uri, source, sealer=SEALER, at=at, serial=serial)
    async with transaction():
        await actor_keys.rotate(new, actor_uri=uri, at=at, version=serial, is_compromised=False)


async def signed(node: RemoteNode, document: dict[str, str]) -> str:
    proofs = await node.keyring.for_proofs(document["actor"])
    assert proofs is not None
    proven = add_proof(document, key=proofs.key, method=proofs.key_id, created=node.clock())
    return msgspec.json.encode(proven).decode()


async def test_an_actor_without_keys_has_none(node: RemoteNode):
    assert await node.keyring.rsa(NAMESPACE.person("alice")) is None
    assert await node.keyring.ed25519("https://beta.test/u/bob") is None


async def test_the_public_half_is_stored_beside_the_sealed_one(node: RemoteNode):
    stored = await actor_keys.find_current_key(NAMESPACE.instance, "rsa")

    assert stored is not None
    assert stored.key_id == NAMESPACE.main_key(NAMESPACE.instance)
    public = load_spki(stored.public, key_id=stored.key_id, owner=stored.actor_uri)
    assert public.key == rsa_key().public_key()
    assert b"PRIVATE" not in stored.sealed
