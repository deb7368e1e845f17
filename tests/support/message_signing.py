"""Requests signed by hand from the text of RFC 9421, and not by the code under test."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from federation.protocol.signature.parsed import Request
from tests.support.signing import (
    BODY,
    KEY_ID,
    NOW,
    PrivateKey,
    digest,
    ed25519_key,
    signature_of,
)

CREATED = int(NOW.timestamp())
POST_COMPONENTS = ('"@method"', '"@target-uri"', '"content-digest"')
GET_COMPONENTS = ('"@method"', '"@target-uri"')
HOST = "beta.test"


def content_digest(body: bytes, algorithm: str = "sha256", name: str = "sha-256") -> str:
    """The value of Content-Digest (RFC 9530)."""
    return f"{name}=:{digest(body, algorithm)}:"


def message_headers(body: bytes | None = BODY) -> dict[str, str]:
    """What a request with that body needs."""
    return {"Host": HOST} | ({} if body is None else {"Content-Digest": content_digest(body)})


def derived(method: str, target: str, scheme: str = "https", host: str = HOST) -> dict[str, str]:
    """The values of components that are no headers (RFC 9421 2.2)."""
    path, _, query = target.partition("?")
    return {
        "@method": method,
        "@target-uri": f"{scheme}://{host}{target}",
        "@authority": host,
        "@scheme": scheme,
        "@request-target": target,
        "@path": path,
        "@query": f"?{query}",
    }


@dataclass(frozen=True)
class Label:
    """One signature of a message.

    Attributes:
        components: As they stand in Signature-Input, quotes and parameters included.
        parameters: As they stand there: name to text; "" drops.
        key: None is the Ed25519 key.
        values: Replace what the message has for a component, by its text.
        signature: Replaces the value in Signature; "" leaves the label out there.
    """

    name: str = "sig1"
    components: Sequence[str] = POST_COMPONENTS
    parameters: Mapping[str, str] = field(default_factory=dict)
    key: PrivateKey | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    signature: str | None = None

    def described(self) -> str:
        """The member of Signature-Input, without its label."""
        usual = {"created": str(CREATED), "keyid": f'"{KEY_ID}"'}
        parameters = {**usual, **self.parameters}
        written = "".join(f";{name}={text}" for name, text in parameters.items() if text)
        return f"({' '.join(self.components)}){written}"

    def signed(self, values: Mapping[str, str]) -> str:
        """The member of Signature, without its label."""
        if self.signature is not None:
            return self.signature
        known = {f'"{name}"': value for name, value in values.items()} | self.values
        lines = [f"{text}: {known.get(text, '')}" for text in self.components]
        base = "\n".join([*lines, f'"@signature-params": {self.described()}'])
        return f":{signature_of(self.key or ed25519_key(), base)}:"


@dataclass(frozen=True)
class Message:
    """A request with the signatures of these labels."""

    method: str = "POST"
    target: str = "/inbox"
    headers: Mapping[str, str] = field(default_factory=message_headers)
    body: bytes | None = BODY
    labels: Sequence[Label] = (Label(),)
    scheme: str = "https"

    def request(self) -> Request:
        """Sign it."""
        values = {name.lower(): value for name, value in self.headers.items()}
        values |= derived(self.method, self.target, self.scheme, values.get("host", HOST))
        inputs = ", ".join(f"{label.name}={label.described()}" for label in self.labels)
        signatures = [(label.name, label.signed(values)) for label in self.labels]
        headers = (
            *self.headers.items(),
            ("Signature-Input", inputs),
            ("Signature", ", ".join(f"{name}={text}" for name, text in signatures if text)),
        )
        return Request(self.method, self.target, headers, self.body, self.scheme)


def message_get(target: str = "/u/bo", **label: object) -> Request:
    """A signed GET."""
    made = Label(**{"components": GET_COMPONENTS, **label})
    return Message("GET", target, message_headers(None), None, (made,)).request()
