"""The people of other servers, with real keys: what they say, and how they sign it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from itertools import count
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

from federation.protocol.keys import multikey_of, pem_of
from federation.protocol.proof import add_proof
from federation.protocol.signature.parsed import Request
from federation.protocol.timestamps import format_time
from federation.protocol.vocabulary import PROFILE
from tests.support.message_signing import GET_COMPONENTS, POST_COMPONENTS, Label, Message
from tests.support.message_signing import content_digest as content_digest_of
from tests.support.signer import ACTIVITY_JSON, encoded
from tests.support.signing import GET_COVERED, POST_COVERED, Signed, digest

HOME = "home.test"
INBOX = f"https://{HOME}/inbox"
PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
CONTEXT = "https://www.w3.org/ns/activitystreams"
_NUMBERS = count(1)


@cache
def rsa_of(name: str, bits: int = 2048) -> RSAPrivateKey:
    """The RSA key of somebody; the same each time."""
    return generate_private_key(public_exponent=65537, key_size=bits)


@cache
def ed25519_of(name: str) -> Ed25519PrivateKey:
    """The Ed25519 key of somebody; the same each time."""
    return Ed25519PrivateKey.generate()


class Time:
    """How far the clocks of all servers are ahead of the machine's."""

    ahead = timedelta()


def now() -> datetime:
    """The time of day, as every server has it."""
    return datetime.now(UTC) + Time.ahead


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody on another server.

    Attributes:
        is_aware: Whether their server says that it speaks our group protocol.
        key_name: Whose keys they use, if not their own.
    """

    uri: str
    is_aware: bool = False
    key_name: str = ""
    other: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rsa(self) -> RSAPrivateKey:
        return rsa_of(self.key_name or self.uri)

    @property
    def ed25519(self) -> Ed25519PrivateKey:
        return ed25519_of(self.key_name or self.uri)

    @property
    def host(self) -> str:
        return self.uri.split("/")[2]

    @property
    def name(self) -> str:
        return self.uri.rpartition("/")[2]

    @property
    def acct(self) -> str:
        return f"{self.name}@{self.host}"

    @property
    def key_id(self) -> str:
        return f"{self.uri}#main-key"

    @property
    def listed_key(self) -> dict[str, Any]:
        """The entry of `publicKey`."""
        pem = pem_of(self.rsa.public_key())
        return {"id": self.key_id, "owner": self.uri, "publicKeyPem": pem}

    def document(self, **other: Any) -> dict[str, Any]:
        """The actor document; `other` replaces its properties, None leaves one out."""
        document: dict[str, Any] = {
            "@context": CONTEXT,
            "id": self.uri,
            "type": "Person",
            "preferredUsername": self.name,
            "name": self.name.title(),
            "inbox": f"{self.uri}/inbox",
            "outbox": f"{self.uri}/outbox",
            "followers": f"{self.uri}/followers",
            "endpoints": {"sharedInbox": f"https://{self.host}/inbox"},
            "publicKey": self.listed_key,
        }
        if self.is_aware:
            document["generator"] = {
                "type": "Application",
                "implements": [{"href": PROFILE, "name": "Group conversations 1"}],
            }
            document["assertionMethod"] = [
                {
                    "id": f"{self.uri}#ed25519-key",
                    "type": "Multikey",
                    "controller": self.uri,
                    "publicKeyMultibase": multikey_of(self.ed25519.public_key()),
                }
            ]
        document.update({**self.other, **other})
        return {name: value for name, value in document.items() if value is not None}

    def jrd(self) -> dict[str, Any]:
        """What their server's WebFinger says of them."""
        link = {"rel": "self", "type": ACTIVITY_JSON, "href": self.uri}
        return {"subject": f"acct:{self.acct}", "links": [link]}

    def new_id(self, kind: str = "a") -> str:
        """An id on their server that nothing has had before."""
        return f"{self.uri}/{kind}/{next(_NUMBERS)}"

    def activity(self, type_: str, object_: object, **other: Any) -> dict[str, Any]:
        """An activity of theirs; `other` replaces its properties, None leaves one out."""
        document: dict[str, Any] = {
            "@context": CONTEXT,
            "id": self.new_id(),
            "type": type_,
            "actor": self.uri,
            "object": object_,
            "published": format_time(now()),
            **other,
        }
        return {name: value for name, value in document.items() if value is not None}

    def note(self, *people: str, text: str = "hello", **other: Any) -> dict[str, Any]:
        """A Note to these people, who are mentioned."""
        document: dict[str, Any] = {
            "id": self.new_id("n"),
            "type": "Note",
            "attributedTo": self.uri,
            "to": list(people),
            "cc": [],
            "content": f"<p>{text}</p>",
            "published": format_time(now()),
            "tag": [{"type": "Mention", "href": one, "name": f"@{one}"} for one in people],
            **other,
        }
        return {name: value for name, value in document.items() if value is not None}

    def create(self, *people: str, text: str = "hello", **note: Any) -> dict[str, Any]:
        """The Create of a Note to these people."""
        made = self.note(*people, text=text, **note)
        return self.activity("Create", made, to=made["to"], cc=[])

    def entry(self, document: Mapping[str, Any], **terms: Any) -> dict[str, Any]:
        """An activity as an entry of a log of its own, with a proof."""
        number = next(_NUMBERS)
        log = {"chatLog": f"{self.uri}/log/{number}", "chatSeq": 1}
        return self.proven({**document, **log, **terms})

    def proven(self, document: Mapping[str, Any], **proof: Any) -> dict[str, Any]:
        """A document with a fresh proof of theirs."""
        bare = {key: value for key, value in document.items() if key != "proof"}
        method = f"{self.uri}#ed25519-key"
        made = add_proof(bare, key=self.ed25519, method=method, created=now())
        made["proof"].update(proof)
        return made

    def post(self, document: object, target: str = "/inbox", **signed: Any) -> Request:
        """A request to the inbox, signed by draft-cavage; `signed` replaces parts of `Signed`."""
        body = body_of(document)
        headers = {
            "Host": HOME,
            "Date": http_date(signed.pop("at", None) or now()),
            "Digest": f"SHA-256={digest(body)}",
            "Content-Type": ACTIVITY_JSON,
            **signed.pop("headers", {}),
        }
        parameters = {"keyId": f'"{self.key_id}"', **signed.pop("parameters", {})}
        covered = signed.pop("covered", POST_COVERED)
        made = {"method": "POST", "key": self.rsa, **signed}
        return Signed(
            target=target,
            headers=headers,
            body=body,
            parameters=parameters,
            covered=covered,
            **made,
        ).request()

    def get(self, target: str, **signed: Any) -> Request:
        """A signed request for a document, by draft-cavage."""
        headers = {"Host": HOME, "Date": http_date(now()), "Accept": ACTIVITY_JSON}
        made = {"key": self.rsa, "covered": GET_COVERED, **signed}
        parameters = {"keyId": f'"{self.key_id}"'}
        return Signed("GET", target, headers, None, parameters, **made).request()

    def post_9421(self, document: object, target: str = "/inbox", **label: Any) -> Request:
        """A request to the inbox, by RFC 9421 with RSA; `label` replaces parts of `Label`."""
        body = body_of(document)
        at = label.pop("at", None) or now()
        headers = {
            "Host": HOME,
            "Content-Digest": content_digest_of(body),
            "Content-Type": ACTIVITY_JSON,
        }
        parameters = {
            "created": str(int(at.timestamp())),
            "keyid": f'"{self.key_id}"',
            "alg": '"rsa-v1_5-sha256"',
            **label.pop("parameters", {}),
        }
        made = {"components": POST_COMPONENTS, "key": self.rsa, **label}
        return Message(
            target=target,
            headers=headers,
            body=body,
            labels=(Label(parameters=parameters, **made),),
        ).request()

    def get_9421(self, target: str, **label: Any) -> Request:
        """A signed request for a document, by RFC 9421 with RSA."""
        parameters = {
            "created": str(int(now().timestamp())),
            "keyid": f'"{self.key_id}"',
            "alg": '"rsa-v1_5-sha256"',
        }
        made = {"components": GET_COMPONENTS, "key": self.rsa, **label}
        headers = {"Host": HOME, "Accept": ACTIVITY_JSON}
        labels = (Label(parameters=parameters, **made),)
        return Message("GET", target, headers, None, labels).request()


def body_of(document: object) -> bytes:
    """A document as a body; bytes stay what they are."""
    return document if isinstance(document, bytes) else encoded(document)  # type: ignore[arg-type]


def http_date(at: datetime) -> str:
    """As the Date header has it."""
    return format_datetime(at.astimezone(UTC), usegmt=True)


ALICE = Actor("https://a.test/users/alice")
MALLORY = Actor("https://a.test/users/mallory")
EVE = Actor("https://evil.test/users/eve")
# Honest, and known to Otto: her messages must come through whatever the others do.
HANA = Actor("https://honest.test/users/hana")
# On a server that speaks our group protocol: what she says carries a proof.
ADA = Actor("https://b.test/u/ada", is_aware=True)
CAST = (ALICE, MALLORY, EVE, HANA)
