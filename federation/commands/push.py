"""A person wants to be told of messages where they are signed in, also when no page is open."""

from base64 import b64decode, b64encode, urlsafe_b64decode
from binascii import Error
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import LINK_CHARS_MAX, canonical
from federation.protocol.verdict import Allowed, Refused
from federation.transport.failure import Forbidden
from federation.transport.target import judged
from storage import push_subscriptions
from storage.database import transaction
from storage.push_subscriptions import NewSubscription
from storage.sealing import SecretSealer
from storage.settings import find_setting, settle_setting

KEY_NAME: Final = "push.key"
PURPOSE: Final = b"covey push key 1"
POINT_BYTES: Final = 65
AUTH_BYTES: Final = 16

BAD_ENDPOINT: Final = Refused("The endpoint is not an https address of a push service.", 422)
NO_DEVICE: Final = Refused("That device is told nothing already.", 404)
BAD_KEYS: Final = Refused("The keys are not those of a push subscription.", 422)


class PushKeys(Protocol):
    """Where the key comes from."""

    def p256_key(self) -> EllipticCurvePrivateKey:
        """A new private key on P-256."""
        ...


@dataclass(frozen=True, slots=True)
class AppWish:
    """What an app of Mastodon's API wants besides.

    Attributes:
        alerts: The kinds of notifications that it is told of.
        policy: Of whose deeds: all, followed, follower or none.
        token: Its own, sealed; its pushes name it.
    """

    alerts: tuple[str, ...]
    policy: str
    token: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A subscription as a browser made it.

    Attributes:
        endpoint: Where it is told.
        p256dh: Its public key, in base64 for URLs; likewise `auth`, its secret.
        standard: Whether it reads aes128gcm; else the older aesgcm.
        shows_text: Whether what was written goes along.
        app: Of an app of Mastodon's API, what it wants besides.
    """

    endpoint: str
    p256dh: str
    auth: str
    standard: bool
    shows_text: bool
    app: AppWish | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Who subscribes, and with which session or token: its hash."""

    account: str
    person: str
    credential: str


async def subscribe(
    who: Subscriber, wanted: Wanted, *, own_origin: str, now: datetime
) -> Allowed | Refused:
    """Tell this browser or app of messages from here on, in place of what it had before.

    Source: clients.md 7.3; security.md 6.1
    """
    try:
        endpoint = canonical(wanted.endpoint, allow_http=False, chars_max=LINK_CHARS_MAX)
    except RemoteProtocolError:
        return BAD_ENDPOINT
    # SECURITY: addresses behind a name are judged again at every dialling;
    # tests/covey_api/test_push.py.
    if isinstance(judged(endpoint, allow_http=False, own_origin=own_origin), Forbidden):
        return BAD_ENDPOINT
    point, secret = _bytes(wanted.p256dh), _bytes(wanted.auth)
    if not _is_point(point) or len(secret) != AUTH_BYTES:
        return BAD_KEYS
    await push_subscriptions.put(
        NewSubscription(
            credential=who.credential,
            account=who.account,
            person=who.person,
            endpoint=endpoint,
            p256dh=wanted.p256dh.rstrip("="),
            auth=wanted.auth.rstrip("="),
            standard=wanted.standard,
            shows_text=wanted.shows_text,
            alerts=" ".join(wanted.app.alerts) if wanted.app else "",
            policy=wanted.app.policy if wanted.app else "",
            token=wanted.app.token if wanted.app else "",
        ),
        now,
    )
    return Allowed()


async def unsubscribe(credential: str) -> None:
    """Tell the browser or app with this session or token nothing any more."""
    await push_subscriptions.end(credential)


async def choose_alerts(credential: str, alerts: tuple[str, ...], policy: str) -> None:
    """Tell an app of these kinds from here on, of the deeds of whom its policy says."""
    await push_subscriptions.choose(credential, " ".join(alerts), policy)


async def settle_push_key(sealer: SecretSealer, entropy: PushKeys) -> None:
    """Make the key by which push services know this node, unless there is one."""
    if await find_setting(KEY_NAME) is not None:
        return
    document = entropy.p256_key().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    sealed = b64encode(sealer.seal(document, KEY_NAME)).decode()
    async with transaction():
        await settle_setting(KEY_NAME, sealed)


async def push_key(sealer: SecretSealer) -> bytes:
    """The node's key: DER of its PKCS #8.

    Raises:
        SealBroken: The node's secret is another one.
    """
    sealed = await find_setting(KEY_NAME)
    return sealer.unseal(b64decode(sealed or ""), KEY_NAME)


def _bytes(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (Error, ValueError):
        return b""


def _is_point(point: bytes) -> bool:
    if len(point) != POINT_BYTES:
        return False
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), point)
    except ValueError:
        return False
    return True


async def show_text(person: str, subscription_id: int, *, shows: bool) -> Allowed | Refused:
    """Let a browser or app of somebody's show what was written, or not."""
    is_there = await push_subscriptions.show_text(subscription_id, person, shows=shows)
    return Allowed() if is_there else NO_DEVICE


async def end_device(person: str, subscription_id: int) -> Allowed | Refused:
    """Let a browser or app of somebody's tell nothing any more."""
    is_there = await push_subscriptions.end_own(subscription_id, person)
    return Allowed() if is_there else NO_DEVICE
