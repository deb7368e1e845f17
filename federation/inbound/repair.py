"""What an entry waits for is fetched from whoever answers for it, and judged like what arrives."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from federation.activities import anchor
from federation.activities.kind import Waiting
from federation.inbound.anchors import Anchors
from federation.inbound.authenticate import Authenticator
from federation.inbound.departures import PARTING, Departures
from federation.inbound.gaps import Gaps, Look
from federation.inbound.home_reader import HomeReader, Nothing, NotNow
from federation.inbound.new_keys import NewKeys
from federation.inbound.parent_reader import ORIGIN
from federation.inbound.successors import Successors
from federation.inbound.taking import Taker
from federation.pipeline import batch, errands, new_keys
from federation.pipeline.first_look import dispute, take_in
from federation.pipeline.item import Received
from federation.pipeline.load import conversations_of
from federation.pipeline.outcome import Failed, Outcome
from federation.pipeline.prepare import Tools
from federation.policy.domains import find_rule
from federation.policy.statement import hosts_of
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.ownership import ProofStanding
from federation.protocol.parse import parse_activity
from federation.protocol.strict_json import loads
from federation.remote.actors import Directory, TooSoon
from federation.remote.allowance import on_account_of
from federation.remote.objects import Away, Fetched
from federation.remote.software import SoftwareNames
from storage import asks, conversations, inbox_queue, invitations, logs, repairs
from storage.actors import StoredActor
from storage.database import transaction, wake
from storage.errors import StorageUnavailable
from storage.inbox_queue import Entry
from storage.repairs import Repair
from storage.tally import Tally

log = logging.getLogger(__name__)

# Waits after failures; the last one repeats until `GIVE_UP_AFTER`.
LADDER_S: Final = (10, 30, 60, 120, 300, 900, 3600, 6 * 3600)
GIVE_UP_AFTER: Final = timedelta(days=30)
# Whatever a server sends by drops, its lease has not run out by then.
AT_MOST_S: Final = 50.0
# Nobody's log is read more often.
BETWEEN_STARTS_S: Final = 30
# An invitation is shown once its conversation can be seen; home may not have it yet (5.1.2).
CONVERSATION_GIVE_UP_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Done:
    """It is here, or will never be; what waited for it is tried again."""


@dataclass(frozen=True, slots=True)
class Misfit:
    """The changes that home serves do not continue what is held."""


Ended = Done | NotNow


async def ask_for_state(
    conversation_id: str, *, new_id: Callable[[], str], clock: Callable[[], datetime]
) -> None:
    """Somebody refused what we sent to a group: perhaps its state has moved on (403)."""
    rows = await conversations.by_id([conversation_id])
    if rows and rows[0]["uri"] and not rows[0]["is_home"]:
        await errands.ask(new_id, ("state", rows[0]["uri"]), clock())
        await wake("repair")


class RepairWorker:
    """Fetches what is missing; `run_once` serves one repair."""

    def __init__(
        self,
        tools: Tools,
        authenticator: Authenticator,
        directory: Directory,
        *,
        allow_http: bool,
        tally: Tally | None = None,
    ) -> None:
        self._tools = tools
        self._authenticator = authenticator
        self._directory = directory
        self._names = SoftwareNames(directory)
        self._home = HomeReader(directory, authenticator, allow_http=allow_http)
        self._allow_http = allow_http
        self._successors = Successors(tools, self._home)
        self._kinds: Mapping[str, Callable[[str, datetime], Awaitable[Ended]]] = {
            "conversation": self._conversation,
            "state": self._state,
            "follow": self._follow,
            "invitation": self._invitation,
            "actor": self._actor,
            "profile": self._profile,
            "activity": self._activity,
            "recover": self._recover,
            "succession": self._succession,
            "look": self._look,
            "software": self._software,
        }
        taker = Taker(tools, authenticator, directory, allow_http=allow_http, tally=tally)
        self._gaps = Gaps(taker)
        departures = Departures(tools, directory, allow_http=allow_http)
        explaining = Anchors(tools, allow_http=allow_http)
        self._looks: Mapping[str, Look] = {
            **self._gaps.kinds,
            **departures.kinds,
            anchor.KIND: explaining.explain,
            new_keys.KIND: NewKeys(tools).tell,
        }

    async def run_once(self, now: datetime) -> bool:
        """Serve one due repair; answer whether there was one."""
        for repair in await repairs.lease(now):
            try:
                async with asyncio.timeout(AT_MOST_S):
                    with on_account_of(repair.cause), asks.in_hand(repair.kind, repair.subject):
                        ended = await self._serve(repair, now)
            except RemoteProtocolError as error:
                ended = NotNow(error.reason)
            except TimeoutError:
                ended = NotNow("it takes too long")
            except StorageUnavailable:
                with suppress(StorageUnavailable):
                    await repairs.give_back(repair.id)
                raise
            except Exception as error:
                log.exception("a repair failed", extra={"action": "repair.failed"})
                ended = NotNow(type(error).__name__)
            await self._settle(repair, ended, now)
            return True
        return False

    async def _serve(self, repair: Repair, now: datetime) -> Ended:
        if repair.kind not in PARTING and self._is_kept_out(repair.subject):
            await _drop(f"{repair.kind}:{repair.subject}")
            return Done()
        look = self._looks.get(repair.kind)
        if look is None:
            return await self._kinds[repair.kind](repair.subject, now)
        return await look(repair.subject, now) or Done()

    def _is_kept_out(self, subject: str) -> bool:
        """Whether the operator lets nobody ask what would have to be asked."""
        rules = self._tools.rules()
        return any(find_rule(rules, host) is not None for host in hosts_of(*subject.split(" ")))

    async def _succession(self, uri: str, now: datetime) -> Ended:
        """A group may go on elsewhere (groups-protocol.md 12.2)."""
        return await self._successors.follow(uri, now) or Done()

    async def _recover(self, uri: str, now: datetime) -> Ended:
        """Home may have lost changes that it has signed (groups-protocol.md 4.4.6)."""
        return await self._gaps.states.recover(uri, now) or Done()

    async def _settle(self, repair: Repair, ended: Ended, now: datetime) -> None:
        if isinstance(ended, Done):
            async with transaction():
                await repairs.settle(repair.id)
                await inbox_queue.release([f"{repair.kind}:{repair.subject}"], now)
            return
        log.info(
            "a repair has to wait",
            extra={"action": "repair.later", "kind": repair.kind, "reason": ended.reason},
        )
        is_view = repair.kind == "conversation"
        limit = CONVERSATION_GIVE_UP_AFTER if is_view else GIVE_UP_AFTER
        if now - repair.created_at > limit:
            if repair.kind == "log":
                await logs.say_missing(repair.subject.partition(" ")[2], now)
            await repairs.settle(repair.id)
            return
        if ended.until is not None:
            await repairs.postpone(repair.id, ended.until, ended.reason)
            return
        wait_s = LADDER_S[min(repair.attempts, len(LADDER_S) - 1)]
        if repair.kind == "log":
            wait_s = max(wait_s, BETWEEN_STARTS_S)
        await repairs.postpone(repair.id, now + timedelta(seconds=wait_s), ended.reason)

    async def _conversation(self, uri: str, now: datetime) -> Ended:
        """Somebody here is invited: title, size and members, as home shows them."""
        seen = await self._home.glimpse(uri)
        if isinstance(seen, NotNow):
            return seen
        is_followed = bool(await self._home.held_epoch(uri))
        async with transaction():
            arrived = await take_in(seen, self._tools, now)
            await inbox_queue.release(arrived, now)
            if is_followed:
                await conversations.checked(uri, now)
        waiting = await inbox_queue.waiting_for(f"conversation:{uri}")
        (known,) = await conversations_of(await conversations.by_uri([uri]))
        if all(known.shows(entry.actor_uri) for entry in waiting):
            return Done()
        # Who invites is no member yet, as home sees it; those who are need not wait for that.
        await inbox_queue.release([f"conversation:{uri}"], now)
        return NotNow("home does not name the inviter as a member")

    async def _state(self, uri: str, now: datetime) -> Ended:
        """The state is behind home's, or not there yet: read the changes in between, or begin."""
        epoch = await self._home.held_epoch(uri)
        if epoch is None:
            return await self._behind(uri, now)
        followed: Ended | Misfit | None = None
        if epoch > 0:
            followed = await self._caught_up(uri, epoch, now)
            if isinstance(followed, Done | NotNow):
                return followed
        adoption = await self._home.adoption(uri, now)
        if isinstance(adoption, Nothing) and adoption.is_forged and followed == Misfit():
            return await self._disputed(uri, now)
        if isinstance(adoption, NotNow | Nothing):
            return NotNow(adoption.reason)
        async with transaction():
            await inbox_queue.release(await take_in(adoption, self._tools, now), now)
        return await self._reached(uri, now)

    async def _disputed(self, uri: str, now: datetime) -> Ended:
        """A change did not fit, and neither does what home shows a new member (4.4.5)."""
        async with transaction():
            await dispute(uri, now)
            await inbox_queue.release([f"state:{uri}"], now)
        log.warning("a group is disputed", extra={"action": "group.disputed", "group": uri})
        return await self._reached(uri, now)

    async def _reached(self, uri: str, now: datetime) -> Ended:
        """Done, unless an entry names an epoch that home has not come to.

        Such an entry waits again at once, so that without a back-off home would be asked at once.
        """
        (row,) = await conversations.by_uri([uri])
        waiting = await inbox_queue.waiting_for(f"state:{uri}")
        if all((self._read(entry.body).epoch or 0) <= row["epoch"] for entry in waiting):
            return Done()
        await inbox_queue.release([f"state:{uri}"], now)
        return NotNow("home has not come to the epoch that an entry names")

    async def _behind(self, uri: str, now: datetime) -> Ended:
        """At home: an entry names an epoch that this node has not signed, or has lost."""
        rows = await conversations.by_uri([uri])
        if not rows or not rows[0]["is_home"]:
            return Done()
        waits = await self._gaps.states.recover(uri, now)
        return waits or await self._reached(uri, now)

    async def _caught_up(self, uri: str, epoch: int, now: datetime) -> Ended | Misfit | None:
        """Apply the missing changes one by one; None if there are none to continue what is held."""
        changes = await self._home.changes(uri, epoch, now)
        if isinstance(changes, NotNow):
            found = await self._gaps.states.from_authors(uri, epoch, now)
            if isinstance(found, NotNow):
                return changes
            changes = found
        outcomes = [await self._take(Received(one, "", "", now), now) for one in changes]
        reached = await self._home.held_epoch(uri)
        if reached is not None and reached > epoch:
            return Done()
        return Misfit() if any(isinstance(one, Waiting) for one in outcomes) else None

    async def _follow(self, uri: str, now: datetime) -> Ended:
        """Somebody here follows home's present chain, which is not the one held (4.4.3)."""
        rows = await conversations.by_uri([uri])
        if not rows or not rows[0]["disputed"]:
            return Done()
        adoption = await self._home.adoption(uri, now)
        if isinstance(adoption, NotNow | Nothing):
            return NotNow(adoption.reason)
        async with transaction():
            found = replace(adoption, is_anew=True)
            await inbox_queue.release(await take_in(found, self._tools, now), now)
        return Done()

    async def _look(self, uri: str, now: datetime) -> Ended:
        """Somebody writes who may have become a member: whether home has more is asked once."""
        epoch = await self._home.held_epoch(uri)
        followed = await self._caught_up(uri, epoch, now) if epoch else None
        if isinstance(followed, Misfit):
            followed = await self._state(uri, now)
        if isinstance(followed, NotNow):
            return followed
        await conversations.checked(uri, now)
        return Done()

    async def _software(self, host: str, _now: datetime) -> Ended:
        """What an unaware member's host runs decides about parents (groups-protocol.md 6.4)."""
        found = await self._names.find(host)
        return Done() if isinstance(found, str) else NotNow("the host does not answer")

    async def _invitation(self, invite_id: str, now: datetime) -> Ended:
        """An answer came before its Invite: the embedded one counts if its proof holds (5.2)."""
        for entry in await inbox_queue.waiting_for(f"invitation:{invite_id}"):
            invite = await self._embedded(entry, invite_id, now)
            if invite is None:
                continue
            outcome = await self._take(Received(invite, "", "", now), now)
            if isinstance(outcome, Waiting | Failed):
                return NotNow("the Invite cannot be judged yet")
            if not await invitations.by_id([invite_id]):
                # It was judged and is none: an answer to it would wait for ever.
                await _drop(f"invitation:{invite_id}")
            return Done()
        return NotNow("the Invite has not come, and is not embedded with its proof")

    async def _embedded(self, entry: Entry, invite_id: str, now: datetime) -> Activity | None:
        """The Invite that an answer embeds, if its proof holds; None for a faulty one."""
        inner = self._read(entry.body).object
        try:
            invite = parse_activity(
                inner if isinstance(inner, dict) else {}, allow_http=self._allow_http
            )
        except RemoteProtocolError:
            return None
        if invite.id != invite_id:
            return None
        await self._directory.get(invite.actor)
        standing = await self._authenticator.proof_standing(inner, invite.actor, now)
        return invite if standing is ProofStanding.HELD else None

    def _read(self, body: bytes) -> Activity:
        return parse_activity(loads(body), allow_http=self._allow_http)

    async def _actor(self, uri: str, now: datetime) -> Ended:
        found = await self._directory.get(uri)
        if isinstance(found, Away):
            return NotNow(found.reason)
        if not isinstance(found, StoredActor):
            await _drop(f"actor:{uri}")
        elif not found.aware:
            await errands.ask(self._tools.new_id, ("software", found.host), now)
        return Done()

    async def _profile(self, uri: str, _now: datetime) -> Ended:
        """An actor has changed, they or somebody says: how it is now is read at its origin."""
        found = await self._directory.hear(uri)
        if isinstance(found, TooSoon):
            return NotNow("it was read within the hour", found.until)
        return NotNow(found.reason) if isinstance(found, Away) else Done()

    async def _activity(self, uri: str, now: datetime) -> Ended:
        """Somebody else brought it: its own origin is asked, and believed (provenance: fetched)."""
        found = await self._directory.fetcher.fetch_object(uri)
        if isinstance(found, Away):
            return NotNow(found.reason)
        if not isinstance(found, Fetched):
            return Done()
        activity = parse_activity(found.document, allow_http=self._allow_http)
        speaker = await self._directory.get(activity.actor)
        if isinstance(speaker, StoredActor) and not speaker.aware and activity.id == uri:
            await self._take(Received(activity, "", "", now, source=ORIGIN), now)
        return Done()

    async def _take(self, item: Received, now: datetime) -> Outcome:
        async with transaction():
            report = await batch.run([item], self._tools, now)
            await inbox_queue.release(report.arrived, now)
        return report.outcomes[0]


async def _drop(missing: str) -> None:
    """End the entries that wait for what will never be."""
    waiting = await inbox_queue.waiting_for(missing)
    await inbox_queue.settle(done=[entry.id for entry in waiting])
