"""Requests made by hand with real keys: as a member's node would send them, or a forger would."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.protocol.proof import add_proof
from federation.protocol.signature.sign import sign_request
from tests.support.gate import Exchange

ACTIVITY_JSON = "application/activity+json"


@dataclass(frozen=True, slots=True)
class Signer:
    """One actor's keys.

    Attributes:
        uri: Whose keys they are.
        carry: Lets a request arrive at its host; answers the status.
        rsa_id: The id of the first key if it is not the actor's first; likewise `ed25519_id`.
    """

    uri: str
    rsa: RSAPrivateKey
    ed25519: Ed25519PrivateKey
    now: Callable[[], datetime]
    carry: Callable[[Exchange], Awaitable[int]]
    rsa_id: str = ""
    ed25519_id: str = ""

    def proven(self, document: Mapping[str, Any]) -> bytes:
        """The body of an activity with a fresh proof by this actor."""
        bare = {key: value for key, value in document.items() if key != "proof"}
        method = self.ed25519_id or f"{self.uri}#ed25519-key"
        return encoded(add_proof(bare, key=self.ed25519, method=method, created=self.now()))

    async def post(self, url: str, body: bytes, *, date: datetime | None = None) -> int:
        """Send a body with this actor's signature; the status of the answer."""
        return await self.carry(self.request("POST", url, body, date=date))

    async def get(self, url: str) -> int:
        """Ask for a document with this actor's signature; the status of the answer."""
        return await self.carry(self.request("GET", url, None))

    def request(
        self, method: str, url: str, body: bytes | None, *, date: datetime | None = None
    ) -> Exchange:
        """A signed request that has not been sent."""
        signed = sign_request(
            method,
            url,
            body,
            key_id=self.rsa_id or f"{self.uri}#main-key",
            key=self.rsa,
            date=date or self.now(),
        )
        return request(method, url, signed, body)


def request(method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Exchange:
    """A request with these headers and what every request needs."""
    parts = urlsplit(url)
    target = f"{parts.path}?{parts.query}" if parts.query else parts.path
    own = {"Host": parts.netloc, **headers}
    if body is not None:
        own = {"Content-Type": ACTIVITY_JSON, "Content-Length": str(len(body)), **own}
    else:
        own = {"Accept": ACTIVITY_JSON, **own}
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in own.items())]
    raw = "\r\n".join([*lines, "", ""]).encode() + (body or b"")
    lower = {name.lower(): value for name, value in own.items()}
    return Exchange("", parts.netloc, method, target, lower, body or b"", raw)


def encoded(document: Mapping[str, Any]) -> bytes:
    """A document as a body."""
    return json.dumps(document).encode()
