"""Rules have their say in the transaction that files what arrived, for each person it is for.

    message to people   for each of them: filed, filed as a request, held, or kept from them
    anything else       as a whole

Sources: policy.md 2 to 5, 9, 17
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from federation.pipeline import campaigns, policy_facts
from federation.pipeline.buckets import Buckets, load_buckets, take_for_good
from federation.pipeline.campaigns import Counted, sample_in, traces_of
from federation.pipeline.case import Case, case_of
from federation.pipeline.outcome import Applied, Ignored, KeptOut, Outcome
from federation.pipeline.policy_facts import STRANGER, Background
from federation.pipeline.prepare import Prepared, Tools
from federation.pipeline.pulling_back import Pull, pull_back
from federation.pipeline.ruling import Judged, Means, Ruling, Rulings, ruling_of
from federation.policy.asked import FILING
from federation.policy.chain import judge
from federation.policy.decision import Because, Decision
from federation.policy.domains import Rules
from federation.policy.facts import Facts, Stage, Value, Window
from federation.policy.near_duplicates import Trace, like
from federation.policy.rule import Action, Mode, windows_of
from storage import held, limits, policy_decisions

log = logging.getLogger(__name__)


async def judge_all(
    prepared: Sequence[Prepared], people: Sequence[Collection[str]], tools: Tools, now: datetime
) -> Rulings:
    """What rules say of the items of a batch, by their place.

    Args:
        prepared: The items.
        people: The local people whom each has not reached yet, "" for the node itself.
        tools: Of the road.
        now: When.
    """
    rules = tools.rules()
    # PERF: without such rules the road costs nothing more (benchmarks/inbox.py).
    if not rules.filing.is_anything:
        return {}
    found = [
        case_of(one, fresh) if fresh else None for one, fresh in zip(prepared, people, strict=True)
    ]
    cases = {at: case for at, case in enumerate(found) if case is not None}
    if not cases:
        return {}
    background = await policy_facts.load_background(cases.values(), rules.filing.facts, now)
    buckets = await load_buckets(cases.values(), rules.filing.limits, now)
    if rules.filing.windows:
        await tools.campaigns.read(now)
    bench = Bench(rules, background, buckets, Counted(tools.campaigns, rules.filing.windows))
    judged = {at: _judged(case, bench) for at, case in cases.items()}
    for one in judged.values():
        for decision in one.decisions.values():
            tell(decision, tools.count)
    states = await held.states(
        [
            (one.case.author, one.case.activity.id)
            for one in judged.values()
            if any(each.action is Action.HOLD for each in one.decisions.values())
        ]
    )
    means = Means(tools.new_id, now, rules.version, rules.filing.shows, rules.filing.marks)
    return {at: ruling_of(one, states, means) for at, one in judged.items()}


async def keep(rulings: Rulings, outcomes: Sequence[Outcome], tools: Tools, now: datetime) -> None:
    """Write what rulings hold, take and remember, of the items that have come to an end."""
    ended = [
        ruling
        for at, ruling in rulings.items()
        if isinstance(outcomes[at], Applied | Ignored | KeptOut)
    ]
    dropped = await held.add([item for ruling in ended for item in ruling.held])
    if dropped:
        log.warning(
            "held items were dropped: there are too many",
            extra={"action": "policy.held_full", "number": dropped},
        )
    await policy_decisions.add([one for ruling in ended for one in ruling.decided])
    taken = [bucket for ruling in ended for bucket in ruling.taken]
    rules = tools.rules()
    await take_for_good(taken, {**rules.filing.limits, **rules.outgoing.limits}, now)
    for at, ruling in rulings.items():
        if ruling.limited and isinstance(outcomes[at], Applied):
            await limits.put(ruling.activity_id, ruling.limited)
    await campaigns.keep([trace for ruling in ended for trace in ruling.traces])
    pulls = [pull for ruling in ended for pull in _pulls(ruling, tools, now)]
    if pulls:
        await pull_back(pulls, Means(tools.new_id, now, tools.rules().version))


def _pulls(ruling: Ruling, tools: Tools, now: datetime) -> list[Pull]:
    """What came before and is held as well, by the rules that say so."""
    if not ruling.traces:
        return []
    sample, own = ruling.traces[0].sample, ruling.traces[0].activity_id
    found: list[Pull] = []
    for rule in ruling.pulls:
        near = [
            one
            for window in windows_of(rule)
            for one in like(sample, tools.campaigns, window, now)
            if one.activity_id != own
        ]
        found += [Pull(rule, tuple(near))] if near else []
    return found


@dataclass(frozen=True, slots=True)
class Bench:
    """What a batch is judged with."""

    rules: Rules
    background: Background
    buckets: Buckets
    counted: Counted


def _judged(case: Case, bench: Bench) -> Judged:
    """What is decided for each person; alike for all who have the same with the sender."""
    rules, background, buckets = bench.rules, bench.background, bench.buckets
    now = case.situation.now
    base = policy_facts.known_of(case, background, rules)
    relations = {
        person: policy_facts.relation_of(person, case, background) for person in case.persons
    }
    strangers = [person for person, relation in relations.items() if relation == STRANGER]
    traces, similar = _compared(case, strangers, bench)
    decisions: dict[str, Decision] = {}
    known: dict[str, Mapping[str, Value]] = {}
    alike: dict[object, tuple[Decision, Mapping[str, Value]]] = {}
    for person in case.persons:
        relation = relations[person]
        empty = buckets.empty(case, person)
        since = background.accounts.get(person)
        if (relation, empty, since) not in alike:
            facts = Facts(
                now,
                _known_for(relation, base, similar) | policy_facts.known_of_age(since, now),
                empty_buckets=empty,
                is_answered=True,
            )
            decision = judge(rules.chain, facts, stages=FILING)
            if relation == STRANGER and decision.because is Because.NO_RULE:
                decision = _of_stranger(decision, case, rules)
            alike[relation, empty, since] = decision, facts.known
        decisions[person], known[person] = alike[relation, empty, since]
    return Judged(case, decisions, known, buckets.take(case, decisions), traces)


def _known_for(
    relation: str, base: Mapping[str, Value], similar: Mapping[Window, int]
) -> dict[str, Value]:
    """What is known for a person; what is alike is counted for strangers alone."""
    if not relation:
        return dict(base)
    known = {**base, "relation": relation}
    return {**known, "similar": similar} if similar and relation == STRANGER else known


def _compared(
    case: Case, strangers: Sequence[str], bench: Bench
) -> tuple[tuple[Trace, ...], Mapping[Window, int]]:
    """What is kept of a message to strangers, and how many people got one like it."""
    # PERF: a text is compared only where a rule asks for it.
    sample = sample_in(case.activity) if strangers and bench.counted.windows else None
    if sample is None:
        return (), {}
    now = case.situation.now
    similar = bench.counted.reached(case.activity, sample, strangers, now)
    return traces_of(case.activity, sample, strangers, now), similar


def _of_stranger(decision: Decision, case: Case, rules: Rules) -> Decision:
    """What is set for strangers, where no rule says otherwise."""
    action = rules.filing.strangers.get(case.activity.type)
    if action is None:
        return decision
    return replace(decision, action=action, because=Because.STRANGER)


def tell(decision: Decision, count: Callable[[str], object]) -> None:
    """Count what is decided, and name in the log the rules that failed."""
    if decision.failed:
        log.warning(
            "rules failed",
            extra={"action": "policy.rule_failed", "rules": ", ".join(decision.failed)},
        )
    if decision.action is not Action.ACCEPT:
        stage = decision.rule.stage if decision.rule is not None else Stage.DOMAIN
        count(f"{stage.word} {decision.action} {Mode.ENFORCE.value}")
    for rule in decision.observed:
        action = rule.action or Action.ACCEPT
        count(f"{rule.stage.word} {action} {Mode.OBSERVE.value}")
