"""Each push goes out soon or not at all, and none after what it was asked for with has ended.

queue key       (subscription, conversation): a newer push takes the place of an older one
404, 410        the subscription is forgotten; so is one whose address may not be dialled
429, 5xx, none  three tries in all
anything else   that push is given up
"""

import asyncio
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Protocol

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from federation.queries import pushes
from federation.queries.notifications import MENTION
from federation.queries.pushes import Noise, Silence
from federation.queries.relations import relations
from federation.transport.answer import Answer
from federation.transport.client import Client
from federation.transport.failure import Forbidden, NoAnswer
from node.web_push.app_tokens import AppTokens
from node.web_push.encoding import (
    SALT_BYTES,
    Once,
    Receiver,
    from_url,
    sealed,
    sealed_as_before,
)
from node.web_push.saying import (
    asked_wait,
    document_for_app,
    document_of,
    may_pass,
    topic_of,
)
from node.web_push.vapid import Vapid
from storage import push_subscriptions
from storage.push_subscriptions import Subscription

# A browser that is away for longer hears of it when it asks.
LIVES_S: Final = 172_800
TRIES: Final = 3
RETRY_AFTER: Final = (timedelta(seconds=10), timedelta(seconds=60))
GONE: Final = frozenset({404, 410})
WAITING_MAX: Final = 10_000
REMEMBERED: Final = 10_000
AT_ONCE: Final = 16
# Whoever subscribes at a service that never answers holds up nobody else.
AT_ONCE_PER_ACCOUNT: Final = 2

Key = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A push that is to go.

    Attributes:
        due_at: Not before.
        failed: How often it was tried.
    """

    said: Noise | Silence
    account: str
    due_at: datetime
    failed: int = 0


class Chance(Protocol):
    """What no two pushes share comes from here."""

    def p256_key(self) -> EllipticCurvePrivateKey:
        """A new private key on P-256."""
        ...

    def hexadecimal(self, nbytes: int) -> str:
        """This many random bytes in hexadecimal."""
        ...


class Pusher:
    """Hears of what makes noise, and tells browsers; `run_once` sends what is due.

    Args:
        client: The way out.
        vapid: Says who sends.
        tokens: Opens what apps are told their own token by.
        clock: The clock.
        chance: Where keys and salts come from.
        may_send: Whether anything leaves this node.
    """

    def __init__(
        self,
        client: Client,
        vapid: Vapid,
        tokens: AppTokens,
        clock: Callable[[], datetime],
        chance: Chance,
        may_send: Callable[[], bool] = lambda: True,
    ) -> None:
        self._client, self._vapid, self._tokens = client, vapid, tokens
        self._clock, self._chance, self._may_send = clock, chance, may_send
        self._last: int | None = None
        self._has_more = False
        self._waiting: dict[Key, Waiting] = {}
        self._busy: dict[Key, str] = {}
        self._told: OrderedDict[Key, None] = OrderedDict()
        self._bell = asyncio.Event()

    async def public_key(self) -> str:
        """The key by which push services know this node."""
        return await self._vapid.public_key()

    def begin(self) -> None:
        """What happened before is not told."""
        self._last = None

    async def read_once(self, now: datetime) -> bool:
        """Look at what has happened; answer whether there was anything."""
        if self._last is None:
            self._last = await pushes.newest()
            return False
        found, last = await pushes.read_after(self._last, now)
        is_over, self._last = last == self._last, last
        self._has_more = not is_over and bool(found)
        places = await push_subscriptions.of_people({one.person for one in found}, now)
        for said in found:
            for place in places:
                if place.person == said.person and await _is_wanted(place, said):
                    self._put((place.id, said.conversation_id), said, place, now)
        return self._has_more

    async def find_next_due(self) -> datetime | None:
        """At once if there was something; else events come when they come."""
        return self._clock() if self._has_more else None

    def _put(self, key: Key, said: Noise | Silence, place: Subscription, now: datetime) -> None:
        if isinstance(said, Silence):
            waited = self._waiting.pop(key, None)
            if waited is None and key not in self._told and key not in self._busy:
                return
        if key in self._waiting or len(self._waiting) < WAITING_MAX:
            self._waiting[key] = Waiting(said, place.account, now)
            self._bell.set()

    async def wait(self) -> None:
        """Wait until something is due."""
        self._bell.clear()
        first = min((self._waiting[key].due_at for key in self._ready()), default=None)
        wait_s = None if first is None else max((first - self._clock()).total_seconds(), 0)
        try:
            async with asyncio.timeout(wait_s):
                await self._bell.wait()
        except TimeoutError:
            return

    async def run_once(self, now: datetime) -> bool:
        """Send what is due; answer whether there was anything."""
        due = [key for key in self._ready() if self._waiting[key].due_at <= now][:AT_ONCE]
        taken = {key: self._waiting.pop(key) for key in due}
        if not taken:
            return False
        self._busy |= {key: one.account for key, one in taken.items()}
        try:
            good = await push_subscriptions.still_good({place for place, _ in taken}, now)
            await asyncio.gather(
                *(
                    self._send(key, good[key[0]], one)
                    for key, one in taken.items()
                    if key[0] in good
                )
            )
        finally:
            for key in taken:
                del self._busy[key]
            self._bell.set()
        return True

    def _ready(self) -> list[Key]:
        """What may go: nothing of its place is on its way, and not too much of its account."""
        held = Counter(self._busy.values())
        ready = []
        for key, one in self._waiting.items():
            if key not in self._busy and held[one.account] < AT_ONCE_PER_ACCOUNT:
                held[one.account] += 1
                ready.append(key)
        return ready

    async def _send(self, key: Key, place: Subscription, waiting: Waiting) -> None:
        if not self._may_send():
            return
        answer = await self._post(place, waiting.said)
        if isinstance(answer, Forbidden) or (isinstance(answer, Answer) and answer.status in GONE):
            await push_subscriptions.end_one(place.id)
        elif not isinstance(answer, Answer) or may_pass(answer.status):
            self._try_again(key, waiting, answer)
        elif isinstance(waiting.said, Noise):
            self._told[key] = None
            if len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
        else:
            self._told.pop(key, None)

    async def _post(self, place: Subscription, said: Noise | Silence) -> Answer | NoAnswer:
        seal = sealed if place.standard else sealed_as_before
        receiver = Receiver(from_url(place.p256dh), from_url(place.auth))
        once = Once(self._chance.p256_key(), bytes.fromhex(self._chance.hexadecimal(SALT_BYTES)))
        made = seal(self._document(place, said), receiver, once)
        claim = await self._vapid.headers_for(
            place.endpoint, self._clock(), crypto_key=made.crypto_key
        )
        headers = {
            "Content-Type": "application/octet-stream",
            "TTL": str(LIVES_S),
            "Topic": topic_of(said.conversation_id),
            "Urgency": "normal" if isinstance(said, Noise) else "low",
            **made.headers,
            **claim,
        }
        return await self._client.post(place.endpoint, made.body, headers)

    def _document(self, place: Subscription, said: Noise | Silence) -> bytes:
        if not place.policy or isinstance(said, Silence):
            return document_of(said, shows_text=place.shows_text)
        token = self._tokens.opened(place.token, place.credential)
        return document_for_app(said, token, shows_text=place.shows_text)

    def _try_again(self, key: Key, waiting: Waiting, answer: Answer | NoAnswer) -> None:
        failed = waiting.failed + 1
        if failed < TRIES and key not in self._waiting:
            wait = max(RETRY_AFTER[failed - 1], asked_wait(answer))
            self._waiting[key] = replace(waiting, due_at=self._clock() + wait, failed=failed)


async def _is_wanted(place: Subscription, said: Noise | Silence) -> bool:
    """Whether an app has asked for it; whatever else subscribes is told everything."""
    if not place.policy:
        return True
    if isinstance(said, Silence) or MENTION not in place.alerts.split():
        return False
    if place.policy in {"all", "none"}:
        return place.policy == "all"
    stands = (await relations(place.person, [said.author_uri]))[said.author_uri]
    return stands.is_following if place.policy == "followed" else stands.is_follower
