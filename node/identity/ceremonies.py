"""What a device with passkeys is asked, and what its answers prove: computed in threads.

The library behind it is loaded when somebody uses a passkey, and not before.
"""

import asyncio
import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Final
from urllib.parse import urlsplit

ADAPTER: Final = "node.identity.webauthn_adapter"

# What browsers take and bring: an object of WebAuthn as JSON.
Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """A node, as devices know it.

    Attributes:
        id: Its host, without a port.
        name: What people call it.
        origin: Scheme, host and port of its pages.
        timeout_s: How long a device may take to answer.
    """

    id: str
    name: str
    origin: str
    timeout_s: int


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who has a passkey, or is about to.

    Attributes:
        name: What their device shows.
        handle: What stands for them in its answers, 32 bytes.
    """

    name: str
    handle: bytes


@dataclass(frozen=True, slots=True)
class Key:
    """A key pair was made for this node by a device that had recognised somebody.

    Attributes:
        credential: What the device calls it, in base64url.
        public_key: In COSE.
        sign_count: How often it was used; 0 if the device does not count.
    """

    credential: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class Unproven:
    """An answer proves nothing.

    Attributes:
        why: For our log; a stranger's words may be in it.
    """

    why: str


class Ceremonies:
    """What this node asks of devices.

    Args:
        base_url: Scheme, host and port of its pages. For what a browser lets a passkey be used is
            decided by it, and never by what a request names as its host.
        name: What people call the node.
        timeout_s: How long a device may take to answer.
    """

    def __init__(self, base_url: str, name: str, *, timeout_s: int) -> None:
        host = urlsplit(base_url).hostname or ""
        self._party = RelyingParty(host, name, base_url, timeout_s)

    async def creation_options(
        self, challenge: str, keeper: Keeper, *, known: Sequence[str]
    ) -> Document:
        """What a device is asked that shall make a passkey.

        Args:
            challenge: In base64url.
            keeper: For whom.
            known: The ids of the passkeys that they have; no device makes a second one.
        """
        library = await _loaded()
        options: Document = await asyncio.to_thread(
            library.creation_options, self._party, challenge, keeper, known=known
        )
        return options

    async def request_options(self, challenge: str) -> Document:
        """What a device is asked that shall open the account of which it has a passkey."""
        library = await _loaded()
        options: Document = await asyncio.to_thread(library.request_options, self._party, challenge)
        return options

    async def check_new(self, challenge: str, answer: Document) -> Key | Unproven:
        """Whether a device has made a passkey for this node as it was asked."""
        library = await _loaded()
        checked: Key | Unproven = await asyncio.to_thread(
            library.check_new, self._party, challenge, answer
        )
        return checked

    async def check_use(
        self, challenge: str, answer: Document, *, key: Key, handle: bytes
    ) -> int | Unproven:
        """How often a passkey was used, if its device has answered this challenge with it.

        Args:
            challenge: In base64url.
            answer: What the browser brings.
            key: The passkey, with the count of its last use.
            handle: What stands for its keeper, whom the device has to name.
        """
        library = await _loaded()
        checked: int | Unproven = await asyncio.to_thread(
            library.check_use, self._party, challenge, answer, key=key, handle=handle
        )
        return checked


async def _loaded() -> ModuleType:
    # PERF: it takes 0.2 s and 5 MB, which a node goes without on which nobody uses a passkey.
    return await asyncio.to_thread(importlib.import_module, ADAPTER)
