"""Many items take the road together, inside the caller's transaction."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from federation.activities.kind import Waiting
from federation.activities.situation import Situation
from federation.pipeline import accounts, judging, log_keeping, parents
from federation.pipeline.claims import claim, not_reached, unused
from federation.pipeline.drafts import compose
from federation.pipeline.item import Item, Received
from federation.pipeline.ledger import Ledger
from federation.pipeline.outcome import Applied, Failed, Ignored, KeptOut, Outcome, PutOff
from federation.pipeline.outgoing import judge_outgoing
from federation.pipeline.perform import perform
from federation.pipeline.prepare import Prepared, Tools, prepare
from federation.pipeline.ruling import NOTHING, Rulings
from federation.pipeline.taken import taken
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Refused
from storage import changes as c
from storage import events, logs, seen
from storage.database import wake
from storage.events import NewEvent
from storage.wakeups import GROUPS, Channel
from storage.write import write

log = logging.getLogger(__name__)

# What comes by itself: nobody is asked for it.
COMES: Final = "message"
WAKES: Final[tuple[tuple[type, Channel, tuple[str, ...]], ...]] = (
    (c.Send, "deliver", ()),
    (c.Tell, "event", ()),
    (c.Ask, "repair", ()),
    (c.SetState, "changed", (GROUPS,)),
)


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a batch.

    Attributes:
        outcomes: One for each item, in their order.
        arrived: What entries may have been waiting for, as "kind:subject".
    """

    outcomes: tuple[Outcome, ...]
    arrived: frozenset[str]


async def run(items: Sequence[Item], tools: Tools, now: datetime) -> Report:
    """Take items down the road and write what they change; answer what became of each.

    1. Load what they name. 2. Claim what arrived for those it has not reached yet. 3. Ask the rules
    of the operator. 4. Perform each, without the database. 5. Write all changes. 6. Give back the
    claims of what was not applied.
    """
    prepared = await prepare(items, tools, now)  # 1
    claims = await claim(prepared, now)  # 2
    people = [not_reached(one, claims) for one in prepared]
    rulings = {  # 3
        **await judging.judge_all(prepared, people, tools, now),
        **await judge_outgoing(prepared, tools, now),
    }
    outcomes = _perform(prepared, people, rulings)  # 4
    changes = [
        change
        for one, outcome in zip(prepared, outcomes, strict=True)
        for change in _changes(one, outcome, tools, now)
    ]
    changes += await _follow_up(prepared, outcomes, now)
    arrived = await write_all(changes)  # 5
    if rulings:
        await judging.keep(rulings, outcomes, tools, now)
    await seen.give_back(unused(prepared, outcomes, claims, rulings))  # 6
    if any(isinstance(change, c.SetState) for change in changes):
        tools.state_changed()
    return Report(tuple(outcomes), arrived)


async def _follow_up(
    prepared: Sequence[Prepared], outcomes: Sequence[Outcome], now: datetime
) -> Sequence[c.Change]:
    """What the entries of the batch show to be missing."""
    found = [
        taken(one.item.activity, one.situation, outcome)
        for one, outcome in zip(prepared, outcomes, strict=True)
        if isinstance(one.item, Received)
    ]
    entries = [entry for entry in found if entry is not None]
    places = {(e.terms.log, e.terms.seq - back) for e in entries for back in (0, 1)}
    held: dict[tuple[str, int], set[str]] = {}
    for row in await logs.entries_at(places):
        held.setdefault((row["log_uri"], row["seq"]), set()).add(row["activity_id"])
    kept = log_keeping.settle(entries, {place: frozenset(ids) for place, ids in held.items()})
    _report(kept, now)
    return [*kept, *parents.wanted(prepared, outcomes)]


def _report(changes: Sequence[c.Change], now: datetime) -> None:
    for change in changes:
        if isinstance(change, c.KeepHeld) and change.troubled_at == now:
            log.warning(
                "an author's log is not in order",
                extra={"action": "log.trouble", "log": change.log, "trouble": change.trouble},
            )


async def write_all(changes: Sequence[c.Change]) -> frozenset[str]:
    """Write changes and wake who waits for them; answer what has arrived, as in a Report."""
    await write(accounts.addressed(changes))
    await _tell(changes)
    await _wake(changes)
    return _arrived(changes)


def _perform(
    prepared: Sequence[Prepared], people: Sequence[frozenset[str]], rulings: Rulings
) -> list[Outcome]:
    ledger = Ledger()
    outcomes: list[Outcome] = []
    for at, one in enumerate(prepared):
        ruling = rulings.get(at, NOTHING)
        if ledger.stands_in_the_way(one):
            outcome: Outcome = PutOff()
        else:
            outcome = ruling.whole or _one(
                one.under(ruling.withheld, ruling.asks), people[at] - ruling.withheld
            )
        if isinstance(outcome, Applied | KeptOut):
            ledger.note(one, outcome.changes)
        outcomes.append(outcome)
    return outcomes


def _one(prepared: Prepared, fresh: frozenset[str]) -> Outcome:
    """One item's outcome; a handler that raises has written nothing, and fails alone."""
    if prepared.error is not None:
        return KeptOut(Refused(prepared.error.reason, prepared.error.status))
    try:
        if prepared.situation is None:
            return Waiting("actor", prepared.author)
        if isinstance(prepared.item, Received):
            return _received(prepared.item.activity, prepared, prepared.situation, fresh)
        return compose(prepared.item, prepared.situation)
    except RemoteProtocolError as error:
        return KeptOut(Refused(error.reason, error.status))
    except Exception as error:
        log.exception("an item failed", extra={"action": "item.failed"})
        return Failed(f"{type(error).__name__}: {error}")


def _received(
    activity: Activity, prepared: Prepared, situation: Situation, fresh: frozenset[str]
) -> Outcome:
    """Perform what arrived for those whom it has not reached yet."""
    if not fresh:
        return Ignored("a duplicate")
    meaning = prepared.needs.said if prepared.needs is not None else None
    return perform(activity, replace(situation, fresh=fresh), meaning=meaning)


def _changes(
    prepared: Prepared, outcome: Outcome, tools: Tools, now: datetime
) -> Sequence[c.Change]:
    """What is written of one item; what it asks for is on its author's account."""
    changes: Sequence[c.Change] = ()
    if isinstance(outcome, Applied | KeptOut):
        changes = outcome.changes
    elif isinstance(outcome, Waiting) and outcome.kind != COMES:
        changes = (c.Ask(tools.new_id(), outcome.kind, outcome.subject, now),)
    if not isinstance(prepared.item, Received) or tools.space.is_ours(prepared.author):
        return changes
    return accounts.caused(changes, accounts.owner_of(prepared.author))


async def _tell(changes: Sequence[c.Change]) -> None:
    told = [
        NewEvent(one.person, one.type, one.at, one.conversation_id, one.message_id, one.data)
        for one in changes
        if isinstance(one, c.Tell)
    ]
    await events.append(list(dict.fromkeys(told)))


async def _wake(changes: Sequence[c.Change]) -> None:
    kinds = {type(change) for change in changes}
    for kind, channel, keys in WAKES:
        if kind in kinds:
            await wake(channel, *keys)


def _arrived(changes: Sequence[c.Change]) -> frozenset[str]:
    """What the batch brought that something else may wait for."""
    found: set[str] = set()
    for change in changes:
        if isinstance(change, c.PutInvitation):
            found.add(f"invitation:{change.id}")
        elif isinstance(change, c.SetState):
            found.add(f"state:{change.activity_id.rsplit('/state/', 1)[0]}")
        elif isinstance(change, c.AddMessage | c.PutTombstone):
            found.add(f"{COMES}:{change.uri}")
        elif isinstance(change, c.AddConversation) and change.uri:
            found.add(f"conversation:{change.uri}")
    return frozenset(found)
