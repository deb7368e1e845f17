"""An app is known by its client id, and proves who it is with its secret, if it has one."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from node.entropy import Entropy
from node.identity.fingerprint import fingerprint
from node.identity.scopes import parse_scopes, write_scopes
from storage import apps
from storage.apps import DOCUMENT, KEPT, REGISTERED, StoredApp
from storage.times import from_ms, to_ms

# Whoever registers for no purpose fills no disk: one takes a few KiB.
APPS_MAX: Final = 100_000
NUMBER_BITS: Final = 16
CLIENT_ID_LENGTH_MAX: Final = 512


@dataclass(frozen=True, slots=True)
class App:
    """A program that may ask people for access.

    Attributes:
        id: Its client id; the URL of its own document if it has not registered.
        number: A second name, in decimal, which grants nothing.
        redirect_uris: To which codes may go, as they were registered.
        scopes: What it may ask for.
        is_confidential: Whether it has a secret.
        refreshes: Whether its tokens run out and are refreshed.
        is_document: Whether it speaks for itself at its client id.
        seen_at: When it was registered or used, or its document read.
    """

    id: str
    number: str
    name: str
    website: str
    redirect_uris: tuple[str, ...]
    scopes: frozenset[str]
    is_confidential: bool
    refreshes: bool
    is_document: bool
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class NewApp:
    """What an app says of itself.

    Attributes:
        is_confidential: Whether it gets a secret.
        is_kept: Whether it stays for ever, as a client expects that registers once.
        refreshes: As in `App`.
    """

    name: str
    website: str
    redirect_uris: tuple[str, ...]
    scopes: frozenset[str]
    is_confidential: bool = True
    is_kept: bool = True
    refreshes: bool = False


@dataclass(frozen=True, slots=True)
class Registered:
    """A new app, and its secret, which is seen this once; "" for none."""

    app: App
    secret: str


async def register_app(new: NewApp, *, entropy: Entropy, now: datetime) -> Registered | None:
    """Keep an app; None if there are as many as there may be."""
    if await apps.count() >= APPS_MAX:
        return None
    secret = entropy.token() if new.is_confidential else ""
    kind = KEPT if new.is_kept else REGISTERED
    stored = _stored(entropy.token(), kind, new, entropy, now, secret)
    await apps.put(stored)
    return Registered(_app(stored), secret)


async def keep_document(client_id: str, new: NewApp, *, entropy: Entropy, now: datetime) -> App:
    """Keep what an app says of itself at the URL that is its client id."""
    stored = _stored(client_id, DOCUMENT, new, entropy, now)
    await apps.put(stored)
    return await find_app(client_id) or _app(stored)


async def find_app(client_id: str) -> App | None:
    """The app with this client id."""
    if not client_id or len(client_id) > CLIENT_ID_LENGTH_MAX or "\0" in client_id:
        return None
    stored = await apps.find(client_id)
    return _app(stored) if stored is not None else None


async def prove_app(client_id: str, secret: str) -> App | None:
    """The app with this client id, if this is its secret; "" for one that has none.

    SECURITY: an app with a secret must show it, and one without shows none, or a public client
    would pass for any; tests/oauth/test_clients.py.
    """
    if not client_id or len(client_id) > CLIENT_ID_LENGTH_MAX or "\0" in client_id:
        return None
    stored = await apps.find(client_id)
    if stored is None:
        return None
    shown = fingerprint(secret) if secret else ""
    return _app(stored) if hmac.compare_digest(shown, stored.secret_hash) else None


async def note_use(app: App, now: datetime) -> None:
    """Note that somebody uses an app."""
    await apps.note_use(app.id, now)


def _stored(
    client_id: str, kind: str, new: NewApp, entropy: Entropy, now: datetime, secret: str = ""
) -> StoredApp:
    chance = int(entropy.hexadecimal(NUMBER_BITS // 8), 16)
    return StoredApp(
        id=client_id,
        number=to_ms(now) << NUMBER_BITS | chance,
        kind=kind,
        secret_hash=fingerprint(secret) if secret else "",
        name=new.name,
        website=new.website,
        redirect_uris=new.redirect_uris,
        scope=write_scopes(new.scopes),
        refreshes=new.refreshes,
        seen_at_ms=to_ms(now),
    )


def _app(stored: StoredApp) -> App:
    return App(
        id=stored.id,
        number=str(stored.number),
        name=stored.name,
        website=stored.website,
        redirect_uris=stored.redirect_uris,
        scopes=parse_scopes(stored.scope) or frozenset(),
        is_confidential=bool(stored.secret_hash),
        refreshes=stored.refreshes,
        is_document=stored.kind == DOCUMENT,
        seen_at=from_ms(stored.seen_at_ms),
    )
