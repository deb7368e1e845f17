"""Every actor document of ours lists its keys in the same two places."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ActorKeys:
    """The public halves of an actor's keys, as they are written, each with its id.

    Attributes:
        public_key: RSA in PEM, for requests to any software.
        multikeys: Ed25519, for proofs, and for requests to servers that take it: the one in use,
            and those that old proofs were made with.
    """

    public_key: tuple[str, str]
    multikeys: tuple[tuple[str, str], ...]


def key_terms(actor: str, keys: ActorKeys) -> dict[str, Any]:
    """What a document says of its actor's keys."""
    key_id, pem = keys.public_key
    return {
        "publicKey": {"id": key_id, "owner": actor, "publicKeyPem": pem},
        "assertionMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": actor,
                "publicKeyMultibase": multikey,
            }
            for method, multikey in keys.multikeys
        ],
    }
