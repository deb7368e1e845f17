"""The key that a signature names is found, or it is known why not: refused, or unknown for now."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import Any, Final

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.json_ld import id_of
from federation.protocol.keys import (
    PublicKey,
    key_document,
    load_spki,
    public_from_multikey,
    public_from_pem,
)
from federation.protocol.uri import canonical, host_of, same_origin, without_fragment
from federation.remote.actors import Directory, Lookup
from federation.remote.flight import SingleFlight
from federation.remote.key_memory import NOT_AGAIN_FOR, Failure, KeyFound, KeyMemory
from federation.remote.objects import Away, Fetched, NotThere, Unusable
from storage import remote_keys
from storage.actors import ACTIVE, StoredActor
from storage.remote_keys import StoredKey

DEADLINE_S: Final = 8
FRESH_FOR: Final = timedelta(hours=24)
USABLE_FOR: Final = timedelta(days=30)
STALE_REMEMBERED: Final = 1000
RETRY_MIN: Final = timedelta(seconds=60)
RETRY_MAX: Final = timedelta(seconds=300)


class Refusal(Enum):
    """Why a key is not used, in a sentence that the sender may read."""

    BAD_ID = "The key id is not one that may be fetched."
    NOT_FOUND = "There is no such key."
    GONE = "The key's actor is gone."
    INVALID = "The key's document is not one we believe."
    NOT_LISTED = "The key's actor does not list it."
    INACTIVE = "The key's actor is suspended or deleted."


# All but this one may be cured by other keys: 401.
_STATUS: Final[Mapping[Refusal, int]] = {Refusal.INACTIVE: 403}


@dataclass(frozen=True, slots=True)
class KeyRefused:
    """There is no key under this id that we use."""

    reason: Refusal
    detail: str = ""

    @property
    def status(self) -> int:
        """The HTTP status that answers it: 401 or 403."""
        return _STATUS.get(self.reason, 401)


@dataclass(frozen=True, slots=True)
class KeyUnknownNow:
    """Nobody can know now: 503, so that the sender comes back.

    Attributes:
        is_over_limit: Whether that is so because too many new hosts of the domain were asked: 429.
    """

    retry_after_s: int
    is_over_limit: bool = False


KeyResult = KeyFound | KeyRefused | KeyUnknownNow


class RemoteKeys:
    """Keys by id: from memory, else storage, else the origin that the id names.

    Source: security.md 3
    """

    def __init__(self, directory: Directory, memory: KeyMemory) -> None:
        self._directory = directory
        self._memory = memory
        self._fetcher = directory.fetcher
        self._flights: SingleFlight[Lookup] = SingleFlight()
        self._stale: OrderedDict[str, None] = OrderedDict()

    async def find(self, key_id: str) -> KeyResult:
        """The key under this id, at most a day old, or a month while nobody has refreshed it."""
        now = self._fetcher.clock()
        held = self._memory.find(key_id, now)
        if held is not None:
            return held
        stored = await remote_keys.find_key(key_id)
        if stored is not None and now - stored.fetched_at < USABLE_FOR:
            if now - stored.fetched_at >= FRESH_FOR:
                self._mark_stale(key_id)
            return self._judged(stored)
        return await self._fetched(key_id)

    async def find_again(self, key_id: str) -> KeyResult | None:
        """The key fetched anew, when a signature failed by the one that `find` gave.

        Returns:
            None when the key is not five minutes old, or was asked for in the last five.
        """
        now = self._fetcher.clock()
        stored = await remote_keys.find_key(key_id)
        if stored is None or now - stored.fetched_at < NOT_AGAIN_FOR:
            return None
        if self._memory.last_asked(without_fragment(key_id), now) is not None:
            return None
        return await self._fetched(key_id)

    async def refresh_one(self) -> bool:
        """Fetch one key that was used although it is over a day old; False if there is none."""
        if not self._stale:
            return False
        key_id, _ = self._stale.popitem(last=False)
        await self._fetched(key_id)
        return True

    def _mark_stale(self, key_id: str) -> None:
        self._stale[key_id] = None
        if len(self._stale) > STALE_REMEMBERED:
            self._stale.popitem(last=False)

    def _judged(self, stored: StoredKey) -> KeyFound | KeyRefused:
        if stored.actor_state != ACTIVE:
            return KeyRefused(Refusal.INACTIVE)
        listed = stored.listed
        try:
            key = load_spki(listed.spki, key_id=listed.key_id, owner=stored.actor_uri)
        except RemoteProtocolError as error:
            return KeyRefused(Refusal.INVALID, error.reason)
        found = KeyFound(key, listed.for_proofs, stored.fetched_at)
        self._memory.remember(found, self._fetcher.clock())
        return found

    async def _fetched(self, key_id: str) -> KeyResult:
        try:
            document = key_document(key_id, allow_http=self._fetcher.allow_http)
        except RemoteProtocolError as error:
            return KeyRefused(Refusal.BAD_ID, error.detail)
        if self._fetcher.namespace.is_ours(document):
            return KeyRefused(Refusal.BAD_ID, "our own")
        # Asked here, so that nothing is remembered of a document that nobody has looked for.
        wait_s = await self._fetcher.client.wait_s(host_of(document))
        if wait_s:
            return KeyUnknownNow(wait_s, is_over_limit=True)
        failure = await self._failure(document, key_id)
        if failure is not None:
            return self._failed(failure, document)
        stored = await remote_keys.find_key(key_id)
        if stored is None:
            self._memory.spend(document)
            return KeyRefused(Refusal.NOT_LISTED)
        return self._judged(stored)

    async def _failure(self, document: str, key_id: str) -> Failure | None:
        """Why the document cannot be had; None when it came, now or a moment ago.

        A key that is not known may be listed since: once more the document is asked for at once,
        but not for one that it listed before and lists no more.
        """
        asked = self._memory.last_asked(document, self._fetcher.clock())
        is_known = self._memory.is_dropped(key_id)
        if asked is not None and (asked.failure is not None or asked.is_spent or is_known):
            return asked.failure
        lookup = await self._flights.run(document, lambda: self._looked_up(document))
        return None if isinstance(lookup, StoredActor) else lookup

    def _failed(self, failure: Failure, document: str) -> KeyRefused | KeyUnknownNow:
        match failure:
            case Away():
                asked = self._memory.last_asked(document, self._fetcher.clock())
                wait = RETRY_MIN if asked is None else min(asked.wait, RETRY_MAX)
                return KeyUnknownNow(int(wait.total_seconds()))
            case NotThere(is_gone=is_gone):
                return KeyRefused(Refusal.GONE if is_gone else Refusal.NOT_FOUND)
            case Unusable(reason=reason):
                return KeyRefused(Refusal.INVALID, reason)

    async def _looked_up(self, document: str) -> Lookup:
        """Fetch a key document and the actor it leads to; remember how that ended."""
        async with self._directory.slots.taken(host_of(document)) as is_free:
            if not is_free:
                return Away("too many fetches")
            try:
                async with asyncio.timeout(DEADLINE_S):
                    lookup = await self._actor_of(document)
            except TimeoutError:
                lookup = Away("out of time")
        failure = None if isinstance(lookup, StoredActor) else lookup
        self._memory.note(document, failure, self._fetcher.clock())
        return lookup

    async def _actor_of(self, document: str) -> Lookup:
        """The actor whose document lists the key: this one, or one that this one names."""
        found = await self._fetcher.fetch_document(document)
        await self._directory.note_gone(document, found)
        if not isinstance(found, Fetched):
            return found
        try:
            named = canonical(id_of(found.document), allow_http=self._fetcher.allow_http)
            bare = _bare_key(found.document, named)
        except RemoteProtocolError as error:
            return Unusable(error.reason)
        if bare is not None:
            return await self._owner_of(bare, found)
        if named == found.url:
            return await self._directory.adopt(found)
        # COMPAT(gotosocial): /users/NAME/main-key answers a reduced actor; the whole one is
        # at its id. tests/wire/gotosocial/read/gts-main-key-unsigned.json
        if not same_origin(named, found.url):
            return Unusable("the document's id is on another origin")
        return await self._directory.fetch_in_slot(named)

    async def _owner_of(self, bare: PublicKey, found: Fetched) -> Lookup:
        """The owner of a bare key, if it lists that key with the same bytes."""
        if without_fragment(bare.key_id) != found.url or not same_origin(bare.owner, found.url):
            return Unusable("the key's id or owner is elsewhere")
        owner = await self._directory.fetch_in_slot(bare.owner)
        if not isinstance(owner, StoredActor):
            return owner
        stored = await remote_keys.find_key(bare.key_id)
        if stored is None or (stored.actor_uri, stored.listed.spki) != (owner.uri, bare.spki):
            return Unusable("the key's owner does not list it")
        return owner


def _bare_key(document: Mapping[str, Any], key_id: str) -> PublicKey | None:
    """The key that a document is, or None if it is something else.

    Raises:
        RemoteProtocolError: It is a key that we do not accept.
    """
    owner = id_of(document.get("owner")) or id_of(document.get("controller"))
    pem, multikey = document.get("publicKeyPem"), document.get("publicKeyMultibase")
    if isinstance(pem, str):
        return public_from_pem(pem, key_id=key_id, owner=owner)
    if isinstance(multikey, str):
        return public_from_multikey(multikey, key_id=key_id, owner=owner)
    return None
