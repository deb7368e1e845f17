"""Everything promised to a host is sent here: in order, signed at the last moment, and settled."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Final, Protocol

from federation.outbound import health
from federation.outbound.counting import count, note_clock
from federation.outbound.outcome import (
    Broken,
    Delivered,
    Fault,
    Gone,
    HostTrouble,
    KeptOut,
    LaneFailed,
    Outcome,
    Reason,
    Refetch,
    Refused,
    Tried,
    judge,
)
from federation.outbound.said import said_by
from federation.outbound.settlement import (
    Resolved,
    Sent,
    Undecided,
    health_after,
    resolved,
    settled,
)
from federation.outbound.signing import SigningDesk, Unsigned
from federation.policy.domains import NO_RULES, Rules, find_rule, why_not_delivered
from federation.policy.statement import is_last_word
from federation.protocol import strict_json
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.signature.sign import Scheme, SigningKey
from federation.protocol.timestamps import parse_time
from federation.protocol.vocabulary import ACTIVITY_JSON
from federation.remote.schemes import Schemes
from federation.transport.answer import Answer
from federation.transport.client import Client
from federation.transport.failure import Forbidden, Kind, NoAnswer
from storage import delivery_queue, peers
from storage.changes.lanes import LaneHealth
from storage.delivery_claims import SHARED, Claimed, inboxes_of
from storage.delivery_queue import Lane, Take, Turn
from storage.errors import StorageUnavailable
from storage.failpoint import hit
from storage.tally import Tally

ROWS_PER_TURN: Final = 50
TIME_PER_TURN: Final = timedelta(seconds=2)
BACKLOG_ABOVE: Final = 100
KEEP_EVERY: Final = timedelta(seconds=20)
# A host that has said nothing for so long is waited for beside the others.
HELD_UP_AFTER_S: Final = 0.25
HOSTS_REMEMBERED: Final = 1024
GOOD: Final = range(200, 300)

TROUBLE: Final = {
    Kind.DNS: HostTrouble.UNRESOLVED,
    Kind.CONNECT: HostTrouble.UNREACHABLE,
    Kind.TLS: HostTrouble.TLS,
    Kind.TIMEOUT: HostTrouble.DEADLINE,
    Kind.DISCONNECTED: HostTrouble.DISCONNECTED,
    Kind.GARBLED: HostTrouble.INVALID,
}

_LOG = logging.getLogger(__name__)


class Keyring(Protocol):
    """The keys of this node's actors."""

    async def for_requests(self, actor_uri: str, scheme: Scheme) -> SigningKey | None:
        """How this actor signs requests in this scheme, None if there is no key."""

    async def renewed(self, document: str) -> str:
        """An activity with a proof by the key that its actor uses now."""


class Directory(Protocol):
    """What is known of actors elsewhere."""

    async def refresh(self, actor_uri: str) -> None:
        """Fetch an actor anew and keep what it says; at most hourly, and silent if it fails."""

    async def is_away(self, actor_uri: str) -> bool:
        """Whether an actor's origin cannot be asked about it now."""


@dataclass(frozen=True, slots=True)
class Means:
    """What sending needs.

    Attributes:
        turn: `submit` of the group commit over `storage.delivery_queue.turn`.
        clock: The time at which a request is signed and its answer judged.
        chance: From 0 to 1.
        new_token: A random lease token.
        schemes: What is known of hosts and their signatures.
        may_send: Whether anything may leave this node.
        rules: What the operator keeps out.
        on_forbidden: Told the conversation whose activity was answered 403.
        tally: Where the ends of requests are counted, and how other clocks go.
    """

    client: Client
    keyring: Keyring
    directory: Directory
    turn: Callable[[Take | Turn], Awaitable[Lane | None]]
    clock: Callable[[], datetime]
    chance: Callable[[], float]
    new_token: Callable[[], str]
    on_forbidden: Callable[[str], Awaitable[None]]
    schemes: Schemes
    may_send: Callable[[], bool] = lambda: True
    rules: Callable[[], Rules] = lambda: NO_RULES
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class _Memory:
    """What this process remembers of a host between two leases.

    Attributes:
        token: Of the lease that it has or had.
        kept_at: When that was taken or prolonged.
    """

    token: str = ""
    kept_at: datetime | None = None
    faulty_row: str = ""
    answers_s: deque[float | None] = field(
        default_factory=lambda: deque(maxlen=health.PACE_ANSWERS)
    )


class DeliveryWorker:
    """Serves one lane per call; many calls may run at once, and share threads and commits."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._desk = SigningDesk()
        self._memory: dict[str, _Memory] = {}
        # When the rows in hand of each lane were begun, the oldest first.
        self._begun_s: dict[object, float] = {}

    async def run_once(self, now: datetime) -> bool:
        """Serve the lane that is due the longest; False if none is due.

        The lane gives way after 50 rows or 2 s when others wait. From a restored copy nothing goes.

        Raises:
            StorageUnavailable: The rules cannot be read, and no row was taken; or the database went
                away, and rows in hand wait as before.
        """
        if not self._means.may_send():
            return False
        # A row that is taken has begun: what may not be sent is asked before.
        self._means.rules()
        lane = await self._means.turn(Take(self._means.new_token(), now, health.USUAL))
        if lane is None:
            return False
        memory = self._remembered(lane.host)
        memory.token, memory.kept_at = lane.token, now
        if memory.faulty_row:
            lane = replace(lane, health=replace(lane.health, faulty_row=memory.faulty_row))
        ends_at, rows_left = now + TIME_PER_TURN, ROWS_PER_TURN
        while lane is not None and lane.rows:
            rows_left -= len(lane.rows)
            sent = await self._send_all(lane.rows)
            hit("after-send-before-settle")
            is_over = rows_left <= 0 or self._means.clock() >= ends_at
            lane = await self._means.turn(await self._turn(lane, sent, memory, is_over=is_over))
            hit("mid-fan-out")
            if _is_away(sent):
                raise StorageUnavailable("the database went away during a delivery")
        return True

    def _remembered(self, host: str) -> _Memory:
        """The hosts served last come last; the first are forgotten."""
        memory = self._memory.pop(host, None) or _Memory()
        if len(self._memory) >= HOSTS_REMEMBERED:
            del self._memory[next(iter(self._memory))]
        self._memory[host] = memory
        return memory

    async def _turn(
        self, lane: Lane, sent: Sequence[Sent], memory: _Memory, *, is_over: bool
    ) -> Turn:
        """What became of the rows in hand, and what is wanted next."""
        now, state = self._means.clock(), lane.health
        for one in sent:
            state = health_after(state, one, now, chance=self._means.chance())
            memory.answers_s.append(one.took_s if one.status in GOOD else None)
            count(self._means.tally, one, now)
        memory.faulty_row = state.faulty_row
        rows = tuple(settled(one, now, chance=self._means.chance()) for one in sent)
        gives_way = _is_away(sent) or (is_over and await peers.is_any_waiting(now))
        wanted = 0 if gives_way else await self._wanted(lane, state, memory)
        return Turn(lane.host, lane.token, now, state, rows, wanted)

    async def _wanted(self, lane: Lane, state: LaneHealth, memory: _Memory) -> int:
        if state.is_failing:
            return 0
        # A lane that had fewer rows than it was asked for has no backlog.
        is_brisk = len(lane.rows) >= health.USUAL and health.is_brisk(tuple(memory.answers_s))
        has_backlog = is_brisk and await delivery_queue.has_backlog(lane.host, above=BACKLOG_ABOVE)
        return health.rows_allowed(state, has_backlog=has_backlog, is_brisk=is_brisk)

    def count_held_up(self) -> int:
        """How many lanes wait for a host that takes long."""
        began_before_s = asyncio.get_running_loop().time() - HELD_UP_AFTER_S
        return sum(1 for _ in takewhile(lambda at_s: at_s < began_before_s, self._begun_s.values()))

    async def _send_all(self, rows: Sequence[Claimed]) -> list[Sent]:
        # Lanes that were taken together have the same token.
        lane_in_hand = object()
        self._begun_s[lane_in_hand] = asyncio.get_running_loop().time()
        try:
            if len(rows) == 1:
                return [await self._send(rows[0])]
            return await asyncio.gather(*map(self._send, rows))
        finally:
            del self._begun_s[lane_in_hand]

    async def _send(self, row: Claimed) -> Sent:
        began_at = self._means.clock()
        try:
            outcome, status = await self._attempt(row)
            if _is_forbidden(outcome) and row.conversation_id:
                await self._means.on_forbidden(row.conversation_id)
        except StorageUnavailable:
            outcome, status = Undecided(), 0
        except Exception:
            _LOG.exception("delivery failed", extra={"action": "deliver", "row": row.id})
            outcome, status = Broken(Fault.FAILED), 0
        took = self._means.clock() - began_at
        return Sent(row, outcome, status, took.total_seconds())

    async def _attempt(self, row: Claimed) -> tuple[Resolved, int]:
        if not row.body:
            return Broken(Fault.NO_BODY), 0
        kept_out = why_not_delivered(self._means.rules(), row.host)
        if kept_out and not _is_last_word(row):
            return KeptOut(kept_out), 0
        inboxes = row.inboxes or await self._looked_up(row)
        if not inboxes:
            return await self._without_inbox(row), 0
        stored = row.body.decode()
        document = await self._means.keyring.renewed(stored)
        if document is not stored:
            row = replace(row, body=document.encode())
        outcome, status = await self._posted(row, inboxes)
        if isinstance(outcome, Gone):
            # Whether it is the account that is gone is said by its own id, on three days.
            await self._means.directory.refresh(row.target)
        if isinstance(outcome, Refetch):
            has_moved = await self._looked_up(row) not in {inboxes, ()}
            return resolved(outcome, has_moved=has_moved), status
        return outcome, status

    async def _without_inbox(self, row: Claimed) -> Resolved:
        """A member of a group whose node was away when we met the others: it is not their fault."""
        people = row.recipients if row.target == SHARED else (row.target,)
        for uri in people:
            if await self._means.directory.is_away(uri):
                return LaneFailed(HostTrouble.UNREACHABLE, None)
        return Broken(Fault.NO_INBOX)

    async def _posted(self, row: Claimed, inboxes: tuple[str, ...]) -> tuple[Outcome, int]:
        """Several inboxes are served in turn, and all again if one fails."""
        outcome: Outcome = Broken(Fault.NO_INBOX)
        status = 0
        for inbox in inboxes:
            await self._keep(row.host)
            answer = await self._knocked(row, inbox)
            if answer is None:
                return Broken(Fault.NO_KEY), 0
            status = _status(answer)
            outcome = self._judged(answer, row)
            if not isinstance(outcome, Delivered):
                break
        return outcome, status

    async def _keep(self, host: str) -> None:
        """A row with many slow inboxes takes longer than a lease: prolong it on the way."""
        memory, now = self._memory.get(host), self._means.clock()
        if memory is None or memory.kept_at is None or now - memory.kept_at < KEEP_EVERY:
            return
        memory.kept_at = now
        await peers.keep(host, memory.token, now)

    async def _knocked(self, row: Claimed, inbox: str) -> Answer | NoAnswer | None:
        """What the inbox answers; None if the author has no key."""

        async def post(scheme: Scheme) -> Answer | NoAnswer | None:
            return await self._post(row, inbox, scheme)

        return await self._means.schemes.knock(row.host, post, _status)

    async def _post(self, row: Claimed, inbox: str, scheme: Scheme) -> Answer | NoAnswer | None:
        signer = await self._means.keyring.for_requests(row.actor_uri, scheme)
        if signer is None:
            return None
        headers = await self._desk.sign(Unsigned(inbox, row.body, signer, self._means.clock()))
        headers["Content-Type"] = ACTIVITY_JSON
        is_last = bool(find_rule(self._means.rules(), row.host)) and _is_last_word(row)
        return await self._means.client.post(inbox, row.body, headers, is_last_word=is_last)

    async def _looked_up(self, row: Claimed) -> tuple[str, ...]:
        """The inboxes, after their actors were fetched anew; empty if they stay unknown."""
        people = row.recipients if row.target == SHARED else (row.target,)
        for uri in people:
            await self._means.directory.refresh(uri)
        return await inboxes_of(row.target, row.recipients)

    def _judged(self, answer: Answer | NoAnswer, row: Claimed) -> Outcome:
        if isinstance(answer, Forbidden):
            return LaneFailed(HostTrouble.NOT_DIALLED, None)
        if not isinstance(answer, Answer):
            return LaneFailed(TROUBLE[answer.kind], None)
        now, chance = self._means.clock(), self._means.chance()
        note_clock(self._means.tally, row.host, answer.headers.get("date", ""), now)
        return judge(said_by(answer), _tried(row, answer.status), now=now, chance=chance)


def _is_forbidden(outcome: Resolved) -> bool:
    return isinstance(outcome, Refused) and outcome.reason is Reason.FORBIDDEN


def _is_away(sent: Sequence[Sent]) -> bool:
    """Whether the database went away meanwhile, so that nothing more is begun for now."""
    return any(isinstance(one.outcome, Undecided) for one in sent)


def _is_last_word(row: Claimed) -> bool:
    """Whether a host that is kept out is told that somebody leaves a group of its own."""
    return is_last_word(strict_json.loads(row.body), row.host)


def _status(answer: Answer | NoAnswer | None) -> int:
    return answer.status if isinstance(answer, Answer) else 0


def _tried(row: Claimed, status: int) -> Tried:
    # Reading the document costs more than the rest of the judgement, and a 2xx has no use for it.
    published = published_at(row.body) if status not in GOOD else None
    return Tried(row.reason, row.tries, row.target == SHARED, row.created_at, published)


def published_at(body: bytes) -> datetime | None:
    """The time of an activity, None if it names none."""
    try:
        return parse_time(strict_json.loads(body).get("published"))
    except RemoteProtocolError:
        return None
