"""A person's account here, the actors this node speaks for, and what a client may repeat."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class AddLocalActor:
    """An actor of this node comes into being: a person, a conversation, or the node itself.

    Attributes:
        kind: "person", "conversation" or "server".
        type: Its ActivityStreams type.
        domain: The domain of its handle, which need not be the host.
    """

    uri: str
    host: str
    kind: str
    type: str
    username: str
    domain: str
    name: str
    inbox: str
    shared_inbox: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AddKey:
    """One of our actors gets a key pair; the private half arrives sealed.

    Attributes:
        algorithm: "rsa" or "ed25519".
        public: SubjectPublicKeyInfo, DER.
    """

    key_id: str
    actor_uri: str
    algorithm: str
    sealed: bytes
    public: bytes
    at: datetime


@dataclass(frozen=True, slots=True)
class AddAccount:
    """A person gets an account on this node."""

    name: str
    actor_uri: str
    display_name: str
    role: str
    password_hash: str
    at: datetime


@dataclass(frozen=True, slots=True)
class RememberKey:
    """A client's `Idempotency-Key` and what came of the request it named.

    Attributes:
        resource: Our id of the message or conversation that was made.
    """

    account: str
    key: str
    request_hash: str
    resource: str
    at: datetime
