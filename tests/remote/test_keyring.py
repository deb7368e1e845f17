from federation.protocol.keys import load_spki
from storage import actor_keys
from tests.support.remote_node import NAMESPACE, RemoteNode
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
