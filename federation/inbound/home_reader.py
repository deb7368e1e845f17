"""What home says of a group is read from its own origin, and its changes count by their proofs."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.activities.adopt import Adoption, Glimpse
from federation.groups import chain
from federation.groups.affiliations import read_members
from federation.groups.description import read_description
from federation.groups.judgement import BadHash, OtherEpoch, TooLarge
from federation.groups.settings import read_settings
from federation.groups.size import MEMBERS_MAX
from federation.inbound.authenticate import Authenticator
from federation.inbound.pages import ITEMS_MAX, Unread, pages
from federation.pipeline.load import conversations_of
from federation.protocol.activity import Activity
from federation.protocol.actor import ConversationActor, parse_conversation_actor
from federation.protocol.ownership import ProofStanding
from federation.protocol.parse import parse_activity
from federation.remote.actors import Directory
from federation.remote.objects import Away, Fetched
from storage import conversations
from storage.actors import StoredActor

# Of a state log. Who has missed more reads on from where they came to, the next time.
PAGES_MAX: Final = 10
CHANGES_MAX: Final = PAGES_MAX * ITEMS_MAX
MET_AT_ONCE: Final = 8
MET_FIRST: Final = 50


@dataclass(frozen=True, slots=True)
class NotNow:
    """It could not be had now; it may be had later.

    Attributes:
        until: When, if that is known.
    """

    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Nothing:
    """What came does not fit together.

    Attributes:
        is_forged: Whether it is not what home itself has signed.
    """

    reason: str
    is_forged: bool = False


MISFITS: Final[Mapping[type, Nothing]] = {
    BadHash: Nothing("the state does not fit its own hash", is_forged=True),
    TooLarge: Nothing("the group is too large"),
}


class HomeReader:
    """Reads conversation actors, member lists and state logs, signed by the instance actor."""

    def __init__(
        self, directory: Directory, authenticator: Authenticator, *, allow_http: bool
    ) -> None:
        self._directory = directory
        self._authenticator = authenticator
        self._allow_http = allow_http

    async def held_epoch(self, uri: str) -> int | None:
        """The epoch held of a group, 0 before the first; None for one not followed here."""
        rows = await conversations.by_uri([uri])
        if not rows or rows[0]["is_home"]:
            return None
        (known,) = await conversations_of(rows)
        return known.epoch

    async def glimpse(self, uri: str) -> Glimpse | NotNow:
        """What an invited person may see.

        Raises:
            RemoteProtocolError: A document has the wrong shape.
        """
        documents = await self._documents(uri)
        if isinstance(documents, NotNow):
            return documents
        actor, affiliations = documents
        members = read_members(affiliations.document, uri)
        if len(members) > MEMBERS_MAX:
            return NotNow("the group is too large")
        # Any stranger's invitation leads here, so it makes us ask only so many others.
        await self._meet(sorted(members)[:MET_FIRST])
        shown = read_description(actor.actor.document)
        settings = read_settings(shown.settings)
        return Glimpse(uri, shown.name, actor.context, members, actor.epoch, settings)

    async def changes(self, uri: str, epoch: int, now: datetime) -> list[Activity] | NotNow:
        """The proven changes above an epoch, oldest first.

        Raises:
            RemoteProtocolError: A document has the wrong shape.
        """
        actor = await self._actor(uri)
        if isinstance(actor, NotNow):
            return actor
        return await self._log(actor, epoch, now)

    async def adoption(self, uri: str, now: datetime) -> Adoption | NotNow | Nothing:
        """The present state, checked by the change that made it (groups-protocol.md 4.3).

        Raises:
            RemoteProtocolError: A document has the wrong shape.
        """
        documents = await self._documents(uri)
        if isinstance(documents, NotNow):
            return documents
        actor, affiliations = documents
        log = await self._log(actor, max(0, actor.epoch - CHANGES_MAX), now)
        if isinstance(log, NotNow):
            return log
        changes = [chain.read_change(activity) for activity in log]
        until = [change for change in changes if change.epoch <= actor.epoch]
        if not until or until[-1].epoch != actor.epoch:
            return NotNow("home does not serve the change of its present epoch")
        state = chain.adopt(actor.actor.document, affiliations.document, until[-1])
        if isinstance(state, OtherEpoch):
            return NotNow("home moved on meanwhile")
        if isinstance(state, BadHash | TooLarge):
            return MISFITS[type(state)]
        await self._meet(state.people)
        return Adoption(state, tuple(until), actor.context)

    async def _meet(self, people: Iterable[str]) -> None:
        """Ask for members not known yet, some at a time; who cannot be asked now is met later."""
        for some in batched(sorted(people), MET_AT_ONCE):
            await asyncio.gather(*(self._directory.get(person) for person in some))

    async def _documents(self, uri: str) -> tuple[ConversationActor, Fetched] | NotNow:
        actor = await self._actor(uri)
        if isinstance(actor, NotNow):
            return actor
        affiliations = await self._directory.fetcher.fetch_object(actor.affiliations)
        if not isinstance(affiliations, Fetched):
            return NotNow(_why(affiliations))
        return actor, affiliations

    async def _actor(self, uri: str) -> ConversationActor | NotNow:
        """The conversation actor as home describes it now, kept with its keys."""
        found = await self._directory.fetcher.fetch_object(uri)
        if not isinstance(found, Fetched):
            return NotNow(_why(found))
        kept = await self._directory.adopt(found)
        if not isinstance(kept, StoredActor):
            return NotNow(_why(kept))
        return parse_conversation_actor(found.document, allow_http=self._allow_http)

    async def _log(
        self, actor: ConversationActor, epoch: int, now: datetime
    ) -> list[Activity] | NotNow:
        """Changes above an epoch with a proof by the conversation actor, page by page."""
        uri = actor.actor.uri
        url, fetcher = f"{actor.actor.outbox}?after={epoch}", self._directory.fetcher
        changes: dict[int, Activity] = {}
        async for page in pages(fetcher, url, allow_http=self._allow_http, most=PAGES_MAX):
            if isinstance(page, Unread):
                return NotNow(page.reason)
            if not page.items:
                break
            for item in page.items:
                if isinstance(item, dict):
                    activity = parse_activity(item, allow_http=self._allow_http)
                    if activity.actor == uri and await self._holds(activity, now):
                        changes[activity.epoch or 0] = activity
        return [changes[number] for number in sorted(changes) if number > epoch]

    async def _holds(self, activity: Activity, now: datetime) -> bool:
        standing = await self._authenticator.proof_standing(activity.document, activity.actor, now)
        return standing is ProofStanding.HELD


def batched(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """The items in runs of at most `size`."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _why(missing: object) -> str:
    if isinstance(missing, Away):
        return missing.reason
    return type(missing).__name__
