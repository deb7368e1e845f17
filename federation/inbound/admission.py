"""What is committed of a request before it is answered: an entry, or a question to its origin."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from federation.pipeline import errands
from federation.protocol.domain import registrable_domain
from storage import inbox_queue, peers, policy_decisions
from storage.database import wake
from storage.inbox_queue import NewEntry
from storage.policy_decisions import Decided


@dataclass(frozen=True, slots=True)
class Admission:
    """What is committed for one request: an entry, or a question to its origin.

    Attributes:
        question: The kind and subject of a repair.
        host: Whose lane the request wakes, "" for none.
        decided: What is remembered of a request that rules turn away.
    """

    entry: NewEntry | None
    question: tuple[str, str] | None
    host: str
    at: datetime
    decided: Decided | None = None


async def admit(admissions: Sequence[Admission], new_id: Callable[[], str]) -> list[bool]:
    """Write a batch of admissions; the `write` of a group commit, inside its transaction."""
    entries = [one.entry for one in admissions if one.entry is not None]
    await inbox_queue.accept(entries)
    await policy_decisions.add([one.decided for one in admissions if one.decided is not None])
    for one in admissions:
        if one.question is not None:
            cause = registrable_domain(one.host) if one.host else ""
            await errands.ask(new_id, one.question, one.at, cause=cause)
    hosts = {one.host for one in admissions} - {""}
    woken = await peers.heard(hosts, admissions[0].at) if hosts else False
    if entries:
        await wake("inbox")
    if any(one.question is not None for one in admissions):
        await wake("repair")
    if woken:
        await wake("deliver")
    return [True] * len(admissions)
