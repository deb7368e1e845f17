"""Where wishes are handed in: each is carried out once, together with others, or refused."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol, assert_never

from federation.activities.kind import Waiting
from federation.keyring import Keyring, KeySource
from federation.pipeline import batch
from federation.pipeline.item import Draft, Once
from federation.pipeline.outcome import Applied, Failed, Ignored, KeptOut, Outcome, PutOff
from federation.pipeline.prepare import Tools
from federation.policy.domains import NO_RULES, Rules
from federation.protocol.namespace import Namespace
from federation.protocol.verdict import Refused
from federation.remote.actors import Directory
from federation.remote.webfinger import HandleResolver
from storage.changes import AddConversation, AddMessage, KeepActivity
from storage.errors import Conflict, StorageUnavailable
from storage.group_commit import GroupCommit
from storage.idempotency import find_remembered
from storage.sealing import Sealer
from storage.tally import Tally

# A wish waits for the ones before it in its conversation, one batch each, and a batch holds 256.
ROUNDS_MAX: Final = 300
CONFLICTS_MAX: Final = 3

RESTORED: Final = Refused("this server was restored from a backup and sends nothing yet", 503)
DIFFERENT: Final = Refused("this Idempotency-Key was used for another request", 422)


class Chance(KeySource, Protocol):
    """Where ids and keys come from: node/entropy.py."""

    def new_id(self) -> str:
        """A ULID, greater than every one before."""

    def hexadecimal(self, nbytes: int = 16) -> str:
        """This many random bytes in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What a command needs of its node.

    Attributes:
        rules: What the operator keeps out.
        tally: Where messages are counted.
    """

    drafts: GroupCommit[Draft, Outcome]
    directory: Directory
    resolver: HandleResolver
    space: Namespace
    sealer: Sealer
    keyring: Keyring
    entropy: Chance
    clock: Callable[[], datetime]
    rules: Callable[[], Rules] = lambda: NO_RULES
    tally: Tally = field(default_factory=Tally)


@dataclass(frozen=True, slots=True)
class Made:
    """A wish was carried out.

    Attributes:
        resource: Our id of the message or conversation that it made or is about, or "".
        is_new: Whether it made a conversation.
        activity: The id of the first activity that says it to others, or "".
    """

    resource: str
    is_new: bool = False
    activity: str = ""


class DraftFailedError(Exception):
    """A handler of ours raised; nothing of the wish was written."""


def taker(
    tools: Tools, clock: Callable[[], datetime], may_send: Callable[[], bool] = lambda: True
) -> Callable[[Sequence[Draft]], Awaitable[Sequence[Outcome]]]:
    """What the desk's group commit writes with: a batch of drafts takes the road."""

    async def take(drafts: Sequence[Draft]) -> Sequence[Outcome]:
        if not may_send():
            return [KeptOut(RESTORED) for _ in drafts]
        return (await batch.run(drafts, tools, clock())).outcomes

    return take


async def submit(desk: Desk, draft: Draft) -> Made | Refused:
    """Carry a wish out; with an idempotency key at most once, however often it is asked for.

    Raises:
        StorageUnavailable: The database is away, or too much is asked for at once.
        DraftFailedError: A bug of ours.
    """
    conflicts = 0
    for _ in range(ROUNDS_MAX):
        if draft.once is not None:
            repeated = await find_repeated(draft.once)
            if repeated is not None:
                return repeated
        try:
            outcome = await desk.drafts.submit(draft)
        except Conflict:
            # Another process, or the same request in parallel, was faster: look again.
            conflicts += 1
            if conflicts > CONFLICTS_MAX:
                raise
            continue
        if isinstance(outcome, Applied):
            written = sum(isinstance(change, AddMessage) for change in outcome.changes)
            desk.tally.messages.add("out", written)
        if not isinstance(outcome, PutOff):
            return _answer(outcome)
    raise StorageUnavailable("too much is asked for at once", retry_after_s=1)


async def find_repeated(once: Once) -> Made | Refused | None:
    """What a request under this key has made before, or None for a first one."""
    remembered = await find_remembered(once.account, once.key)
    if remembered is None:
        return None
    if remembered.request_hash != once.request_hash:
        return DIFFERENT
    return Made(remembered.resource)


def _answer(outcome: Applied | Ignored | KeptOut | Waiting | Failed) -> Made | Refused:
    match outcome:
        case Applied():
            is_new = any(isinstance(change, AddConversation) for change in outcome.changes)
            said = (one.id for one in outcome.changes if isinstance(one, KeepActivity))
            return Made(outcome.resource, is_new, next(said, ""))
        case KeptOut():
            return outcome.refused
        case Ignored():
            return Refused(outcome.why, 409)
        case Waiting():
            raise StorageUnavailable(f"waiting for {outcome.kind}")
        case Failed():
            raise DraftFailedError(outcome.error)
        case _:
            assert_never(outcome)
