"""Actor documents of other servers, in the shape of groups-protocol.md 1 and with real keys."""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.protocol.keys import multikey_of, pem_of

BOB = "https://bob.example/u/bob"
REQUEST_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PROOF_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))


def public_key(key_id: str = f"{BOB}#main-key", owner: str = BOB) -> dict[str, Any]:
    """An entry of `publicKey`."""
    return {"id": key_id, "owner": owner, "publicKeyPem": pem_of(REQUEST_KEY.public_key())}


def multikey(key_id: str = f"{BOB}#ed25519-key", controller: str = BOB) -> dict[str, Any]:
    """An entry of `assertionMethod`."""
    return {
        "id": key_id,
        "type": "Multikey",
        "controller": controller,
        "publicKeyMultibase": multikey_of(PROOF_KEY.public_key()),
    }


def bob(**changes: object) -> dict[str, Any]:
    """Bob, a legacy person; a change to None takes a property away."""
    document: dict[str, Any] = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": BOB,
        "type": "Person",
        "preferredUsername": "bob",
        "name": "Bob",
        "inbox": f"{BOB}/inbox",
        "outbox": f"{BOB}/outbox",
        "followers": f"{BOB}/followers",
        "endpoints": {"sharedInbox": "https://bob.example/inbox"},
        "publicKey": public_key(),
        "assertionMethod": [multikey()],
        **changes,
    }
    return {name: value for name, value in document.items() if value is not None}
