"""A device with passkeys, as far as this node sees one, and how somebody uses it on the pages.

It signs with real keys what it is told to. What an honest device would not say, a test lets it say
by an argument.
"""

import html
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.support.page_browser import BASE_URL, HOST, PASSWORD, Browser, Fields, token_in

PRESENT, RECOGNISED, WITH_KEY = 0x01, 0x04, 0x40
NO_MAKE = bytes(16)

Options = Mapping[str, Any]
PrivateKey = EllipticCurvePrivateKey | Ed25519PrivateKey


def to_text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def to_bytes(text: str) -> bytes:
    return urlsafe_b64decode(f"{text}===")


@dataclass(frozen=True)
class Passkey:
    """A passkey on a device.

    Attributes:
        id: By which the node knows it.
        handle: For whom it is, as the node has said.
    """

    id: bytes
    key: PrivateKey
    handle: bytes = b""


@dataclass
class Device:
    """A device that recognises its person.

    Attributes:
        origin: Where its browser is.
        rp_id: For whom it signs.
        flags: What it says of its person.
        count: How often it was used; None if it does not count.
        challenge: Signed in place of the one that is asked, if any.
        handle: Said in place of the one that it was given, if any.
    """

    origin: str = BASE_URL
    rp_id: str = HOST
    flags: int = PRESENT | RECOGNISED
    count: int | None = 0
    challenge: str = ""
    handle: str | None = ""
    passkeys: list[Passkey] = field(default_factory=list)

    def make(
        self,
        options: Options,
        *,
        key: PrivateKey | None = None,
        passkey_id: bytes = b"",
        said_id: bytes = b"",
    ) -> str:
        """What its browser brings when it was asked for a passkey."""
        chosen = key or generate_private_key(SECP256R1())
        named = passkey_id or sha256(cose(chosen)).digest()
        self.passkeys.append(Passkey(named, chosen, to_bytes(options["user"]["id"])))
        about = NO_MAKE + len(named).to_bytes(2) + named + cose(chosen)
        told = {"fmt": "none", "attStmt": {}, "authData": self._data(WITH_KEY) + about}
        response = {
            "clientDataJSON": to_text(self._client_data("webauthn.create", options)),
            "attestationObject": to_text(cbor2.dumps(told)),
        }
        return _credential(said_id or named, response)

    def use(
        self, options: Options, *, passkey: Passkey | None = None, key: PrivateKey | None = None
    ) -> str:
        """What its browser brings when it was asked to open an account."""
        used = passkey or self.passkeys[-1]
        if self.count is not None:
            self.count += 1
        client_data, data = self._client_data("webauthn.get", options), self._data()
        signed = data + sha256(client_data).digest()
        response: dict[str, str | None] = {
            "clientDataJSON": to_text(client_data),
            "authenticatorData": to_text(data),
            "signature": to_text(_signature(key or used.key, signed)),
            "userHandle": to_text(used.handle) if self.handle == "" else self.handle,
        }
        return _credential(used.id, response)

    def _client_data(self, act: str, options: Options) -> bytes:
        challenge = self.challenge or options["challenge"]
        told = {"type": act, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def _data(self, more: int = 0) -> bytes:
        flags = (self.flags | more).to_bytes(1)
        return sha256(self.rp_id.encode()).digest() + flags + (self.count or 0).to_bytes(4)


def cose(key: PrivateKey) -> bytes:
    """Its public half as devices tell it (RFC 9053)."""
    if isinstance(key, Ed25519PrivateKey):
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: raw})
    point = key.public_key().public_numbers()
    return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})


def _signature(key: PrivateKey, data: bytes) -> bytes:
    return key.sign(data) if isinstance(key, Ed25519PrivateKey) else key.sign(data, ECDSA(SHA256()))


def _credential(named: bytes, response: Mapping[str, str | None]) -> str:
    said = to_text(named)
    return json.dumps({"id": said, "rawId": said, "type": "public-key", "response": response})


async def begin_adding(browser: Browser, password: str = PASSWORD) -> Options:
    """Ask for a passkey in the settings: what the device is asked."""
    _, page = await browser.get("/settings")
    fields = Fields(csrf=token_in(page), current=password)
    status, page, _ = await browser.post("/settings/passkeys", fields)
    assert status == 200
    return options_in(page)


def options_in(page: str) -> Options:
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    options: Options = json.loads(html.unescape(found[1]))
    return options


async def bring(
    browser: Browser, options: Options, credential: str, name: str = "Telephone"
) -> tuple[int, str]:
    """Send what the device has made."""
    _, page = await browser.get("/settings")
    fields = Fields(
        csrf=token_in(page), challenge=options["challenge"], credential=credential, name=name
    )
    return await browser.send("/settings/passkeys/add", fields)


async def add(browser: Browser, device: Device, name: str = "Telephone") -> None:
    """Add a passkey to the account that is open."""
    options = await begin_adding(browser)
    assert (await bring(browser, options, device.make(options), name))[0] == 200


async def ask(browser: Browser) -> Options:
    """What a device is asked that shall open an account."""
    _, page = await browser.get("/sign-in?again=1")
    fields = Fields(csrf=token_in(page))
    status, text, _ = await browser.post("/sign-in/passkey/challenge", fields)
    assert status == 200
    options: Options = json.loads(text)
    return options


async def enter(
    browser: Browser, options: Options, credential: str, **fields: str
) -> tuple[int, str, str]:
    """Send what the device has signed: status, page, and where it leads."""
    _, page = await browser.get("/sign-in?again=1")
    sent = Fields(csrf=token_in(page), challenge=options["challenge"], credential=credential)
    status, page, headers = await browser.post("/sign-in/passkey", sent | fields)
    return status, page, headers.get("Location", "")


async def sign_in(browser: Browser, device: Device, **fields: str) -> tuple[int, str, str]:
    """Sign in with a passkey."""
    options = await ask(browser)
    return await enter(browser, options, device.use(options), **fields)
