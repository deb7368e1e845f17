"""What a remote actor's own origin says of it is fetched, judged against what we knew, and kept."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.content.plain import clean_name
from federation.protocol.actor import RemoteActor, parse_actor
from federation.protocol.capability import takes_rfc9421
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.signature.sign import Scheme
from federation.protocol.uri import host_of
from federation.remote.flight import SingleFlight, Slots
from federation.remote.key_memory import KeyMemory
from federation.remote.objects import Away, Fetched, Fetcher, Found, NotThere, Unusable
from storage import actors, departures, remote_keys
from storage.actors import Kind, RemoteProfile, StoredActor
from storage.database import transaction, wake
from storage.remote_keys import ListedKey

FRESH_FOR: Final = timedelta(hours=24)
REFRESH_AFTER: Final = timedelta(hours=1)
REFRESHES_REMEMBERED: Final = 4096

# What may stand before the @ of a handle that we show.
_USERNAME: Final = re.compile(r"[A-Za-z0-9_.~-]{1,100}")

Lookup = StoredActor | NotThere | Unusable | Away


@dataclass(frozen=True, slots=True)
class TooSoon:
    """It was fetched anew so short a time ago that it is not until then."""

    until: datetime


class _Lately:
    """When actors were last fetched anew, for as many as are remembered."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, datetime] = OrderedDict()

    def next_at(self, uri: str) -> datetime | None:
        """When an hour will have passed, None if nothing is remembered."""
        if uri not in self._at:
            return None
        self._at.move_to_end(uri)
        return self._at[uri] + REFRESH_AFTER

    def note(self, uri: str, now: datetime) -> None:
        """It was fetched at this time."""
        self._at[uri] = now
        self._at.move_to_end(uri)
        if len(self._at) > REFRESHES_REMEMBERED:
            self._at.popitem(last=False)


class Directory:
    """Actors by id: ours and those we know from storage, all others from their origin."""

    def __init__(self, fetcher: Fetcher, key_memory: KeyMemory) -> None:
        self.fetcher = fetcher
        self.slots = Slots()
        self._key_memory = key_memory
        self._flights: SingleFlight[Lookup] = SingleFlight()
        self._refreshed = _Lately()
        self._heard = _Lately()

    async def get(self, uri: str) -> Lookup:
        """The actor, whatever its state, not older than a day unless its origin is away.

        Args:
            uri: Canonical, without fragment.
        """
        stored = await actors.find_actor(uri)
        if self.fetcher.namespace.is_ours(uri):
            return stored or NotThere(is_gone=False)
        if stored is not None and (stored.state != actors.ACTIVE or self._is_fresh(stored)):
            return stored
        fetched = await self.fetch(uri)
        return stored if stored is not None and isinstance(fetched, Away) else fetched

    async def fetch(self, uri: str) -> Lookup:
        """The actor as its origin describes it now; with everybody who asks meanwhile."""

        async def work() -> Lookup:
            async with self.slots.taken(host_of(uri)) as is_free:
                return await self.fetch_in_slot(uri) if is_free else Away("too many fetches")

        return await self._flights.run(uri, work)

    async def refresh(self, actor_uri: str) -> None:
        """Fetch a remote actor anew, at most hourly; what fails changes nothing."""
        now = self.fetcher.clock()
        next_at = self._refreshed.next_at(actor_uri)
        if next_at is None or next_at <= now:
            self._refreshed.note(actor_uri, now)
            await self.fetch(actor_uri)

    async def hear(self, actor_uri: str) -> Lookup | TooSoon:
        """Fetch a remote actor who is said to have changed, at most hourly.

        An origin that is away has not been heard: it is asked again when the caller likes.
        """
        now = self.fetcher.clock()
        next_at = self._heard.next_at(actor_uri)
        if next_at is not None and next_at > now:
            return TooSoon(next_at)
        found = await self.fetch(actor_uri)
        if not isinstance(found, Away):
            self._heard.note(actor_uri, now)
            self._refreshed.note(actor_uri, now)
        return found

    async def is_away(self, uri: str) -> bool:
        """Whether nobody can say now who this is: an actor we hold, or can fetch, is not away."""
        return isinstance(await self.get(uri), Away)

    async def fetch_in_slot(self, uri: str) -> Lookup:
        """As `fetch`, for a caller who holds a slot for this host."""
        found = await self.fetcher.fetch_object(uri)
        await self.note_gone(uri, found)
        return await self.adopt(found) if isinstance(found, Fetched) else found

    async def note_gone(self, uri: str, found: Found) -> None:
        """Remember that an actor's own id has answered 410, which counts on three days."""
        if isinstance(found, NotThere) and found.is_gone:
            async with transaction():
                await departures.note_gone(uri, self.fetcher.clock())

    async def adopt(self, found: Fetched) -> Lookup:
        """Keep an actor's document that was found under its own id, with the keys it lists."""
        try:
            actor = parse_actor(found.document, allow_http=self.fetcher.allow_http)
        except RemoteProtocolError as error:
            return Unusable(error.reason)
        known = await actors.find_actor(actor.uri)
        if actor.uri != found.url or self.fetcher.namespace.is_ours(actor.uri):
            return Unusable("the document's id is not where it was found")
        if known is not None and (known.type == "Group") != (actor.type == "Group"):
            return Unusable("an actor does not become a group, nor a group something else")
        profile = _profile(actor, await self._handle(actor, known), found.text)
        async with transaction():
            await actors.put_remote_actor(profile, self.fetcher.clock())
            dropped = await remote_keys.put_keys(actor.uri, _listed(actor), self.fetcher.clock())
            await wake("changed", actor.uri)
        self._key_memory.forget(actor.uri, dropped=dropped)
        if takes_rfc9421(actor.document):
            scheme = Scheme.RFC_9421_ED25519 if actor.aware else Scheme.RFC_9421
            await self.fetcher.schemes.advertised(profile.host, scheme)
        return await actors.find_actor(actor.uri) or NotThere(is_gone=False)

    async def _handle(self, actor: RemoteActor, known: StoredActor | None) -> tuple[str, str]:
        """Name and domain to show: no name that another actor has, and never our domain."""
        domain = host_of(actor.uri)
        if not _USERNAME.fullmatch(actor.username):
            return "", domain
        if known is not None and known.username == actor.username:
            domain = known.domain
        holder = await actors.find_actor_by_handle(actor.username, domain)
        is_taken = holder is not None and holder.uri != actor.uri
        is_ours = domain == self.fetcher.namespace.account_domain
        return ("" if is_taken or is_ours else actor.username), domain

    def _is_fresh(self, stored: StoredActor) -> bool:
        fetched_at = stored.fetched_at
        return fetched_at is not None and self.fetcher.clock() - fetched_at < FRESH_FOR


def _profile(actor: RemoteActor, handle: tuple[str, str], text: str) -> RemoteProfile:
    username, domain = handle
    return RemoteProfile(
        uri=actor.uri,
        host=host_of(actor.uri),
        kind=_kind(actor),
        type=actor.type,
        username=username,
        domain=domain,
        name=clean_name(actor.name),
        inbox=actor.inbox,
        shared_inbox=actor.shared_inbox,
        followers=actor.followers,
        outbox=actor.outbox,
        aware=actor.aware,
        document=text,
        icon=actor.icon,
    )


def _kind(actor: RemoteActor) -> Kind:
    if actor.is_conversation:
        return "conversation"
    return "server" if actor.type == "Application" else "person"


def _listed(actor: RemoteActor) -> tuple[ListedKey, ...]:
    return tuple(
        ListedKey(
            key_id=key.key_id,
            algorithm=key.algorithm,
            spki=key.spki,
            for_proofs=key.key_id in actor.proof_methods,
            for_requests=True,
        )
        for key in actor.keys
    )
