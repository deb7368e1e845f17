"""What the decisions for the people of one case come to: what is kept from whom, held, remembered.

Source: policy.md 4, 9, 17
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

import msgspec

from federation.pipeline.case import Case
from federation.pipeline.outcome import KeptOut
from federation.policy.decision import Decision, Outcome
from federation.policy.explain import in_words
from federation.policy.facts import Stage, Value
from federation.policy.near_duplicates import Trace
from federation.policy.rule import Action, Rule
from federation.protocol.verdict import Refused
from storage import held
from storage.held import HeldItem
from storage.policy_buckets import Bucket
from storage.policy_decisions import Decided

KEEPS_OUT: Final = frozenset({Action.HOLD, Action.REJECT, Action.DROP})
BY_A_RULE: Final = KeptOut(Refused("kept out by a rule"))
TRIED_MAX: Final = 100
# What moderators have decided, by actor, activity and person.
States = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What rules say of one item.

    Attributes:
        withheld: The people from whom it is kept.
        asks: Those to whom it is a request.
        whole: What becomes of the item, if nobody here gets anything of it.
        held: What waits for a moderator.
        decided: What is remembered.
        taken: Whose tokens it takes.
        limited: The rules that change how a person sees it or have marked it, by person.
        traces: What is kept of it to find others like it.
        pulls: The rules that hold what came before and is like it, with their windows.
    """

    withheld: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    whole: KeptOut | None = None
    held: tuple[HeldItem, ...] = ()
    decided: tuple[Decided, ...] = ()
    taken: frozenset[Bucket] = frozenset()
    activity_id: str = ""
    limited: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    traces: tuple[Trace, ...] = ()
    pulls: tuple[Rule, ...] = ()


NOTHING: Final = Ruling()
# By the place of the item in its batch.
Rulings = Mapping[int, Ruling]


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what was decided for each of its people, and from which facts."""

    case: Case
    decisions: Mapping[str, Decision]
    known: Mapping[str, Mapping[str, Value]]
    taken: frozenset[Bucket]
    traces: tuple[Trace, ...] = ()


@dataclass(frozen=True, slots=True)
class Means:
    """What is written down with a ruling."""

    new_id: Callable[[], str]
    now: datetime
    version: str
    shows: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()


def ruling_of(judged: Judged, states: States, means: Means) -> Ruling:
    """What decisions come to, after what moderators have decided before."""
    actions = {
        person: _by_moderator(decision.action, _state(judged.case, person, states))
        for person, decision in judged.decisions.items()
    }
    keeps = frozenset(person for person, action in actions.items() if action in KEEPS_OUT)
    new = [
        person
        for person, action in actions.items()
        if action is Action.HOLD and not _state(judged.case, person, states)
    ]
    is_whole = keeps == actions.keys() and judged.case.goes_as_a_whole
    return Ruling(
        withheld=keeps,
        asks=frozenset(one for one, action in actions.items() if action is Action.REQUEST),
        whole=BY_A_RULE if is_whole else None,
        held=tuple(_item(judged, one, means) for one in new),
        decided=_decided(judged, actions, means),
        taken=judged.taken,
        activity_id=judged.case.activity.id,
        limited=_limited(judged, actions, means),
        traces=judged.traces,
        pulls=tuple({rule.id: rule for one in new if (rule := _pulls(judged, one))}.values()),
    )


def _limited(
    judged: Judged, actions: Mapping[str, Action], means: Means
) -> Mapping[str, tuple[str, ...]]:
    """The rules that change how each person sees it by more than the name of a host, or mark it."""
    if not (means.shows or means.marks) or judged.case.activity.type != "Create":
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for person, decision in judged.decisions.items():
        rules = {rule.id for rule in decision.limiting if rule.id in means.shows}
        if actions[person] is Action.REQUEST and decision.rule is not None:
            rules |= {decision.rule.id} & means.marks
        if rules:
            found[person] = tuple(sorted(rules))
    return found


def _pulls(judged: Judged, person: str) -> Rule | None:
    """The rule that holds for this person what came before, if it does."""
    rule = judged.decisions[person].rule
    return rule if rule is not None and rule.hold_earlier else None


def _state(case: Case, person: str, states: States) -> str:
    return states.get((case.author, case.activity.id, person), "")


def _by_moderator(action: Action, state: str) -> Action:
    """What a moderator has made of what a rule holds."""
    if action is not Action.HOLD:
        return action
    if state == held.RELEASED:
        return Action.REQUEST
    return Action.DROP if state == held.DROPPED else Action.HOLD


def _item(judged: Judged, person: str, means: Means) -> HeldItem:
    case, rule = judged.case, judged.decisions[person].rule
    hold = rule.hold if rule is not None else None
    release = hold.auto_release if hold is not None else None
    return HeldItem(
        id=means.new_id(),
        actor_uri=case.author,
        activity_id=case.activity.id,
        person=person,
        host=case.host,
        rule_id=rule.id if rule is not None else "",
        type=case.activity.type,
        facts=_in_words(judged.known[person]),
        inbox=case.item.inbox_owner,
        # What was fetched has no body of its own.
        body=case.item.body or msgspec.json.encode(case.activity.document),
        key_id=case.item.key_id,
        subject=case.activity.context,
        reports_max=hold.if_reports if hold is not None else None,
        due_at=means.now + release if release is not None else None,
        held_at=means.now,
    )


def _decided(judged: Judged, actions: Mapping[str, Action], means: Means) -> tuple[Decided, ...]:
    """What is remembered: all that is not simply let in, and what rules only observed."""
    about = About(judged.case.activity.id, judged.case.author, judged.case.host)
    return tuple(
        remembered(
            replace(about, person=person), decision, actions[person], judged.known[person], means
        )
        for person, decision in judged.decisions.items()
        if is_told(decision)
    )


@dataclass(frozen=True, slots=True)
class About:
    """What a decision is about; `person` is "" for nobody in particular."""

    activity_id: str
    author: str
    host: str
    person: str = ""


def is_told(decision: Decision) -> bool:
    """Whether a decision is remembered."""
    is_plain = decision.action is Action.ACCEPT
    return not is_plain or bool(decision.observed or decision.failed)


def remembered(
    about: About, decision: Decision, action: Action, known: Mapping[str, Value], means: Means
) -> Decided:
    """A decision as it is kept, with the action that it has come to."""
    rule = decision.rule or next(iter(decision.observed), None)
    return Decided(
        id=means.new_id(),
        at=means.now,
        activity_id=about.activity_id,
        actor_uri=about.author,
        host=about.host,
        person=about.person,
        stage=(rule.stage if rule is not None else Stage.DOMAIN).word,
        action=action,
        rule_id=rule.id if rule is not None else "",
        because=decision.because,
        tried=_trace(decision),
        facts=_in_words(known),
        version=means.version,
    )


def _in_words(known: Mapping[str, Value]) -> str:
    return json.dumps({key: in_words(key, value) for key, value in sorted(known.items())})


def _trace(decision: Decision) -> str:
    """The rules that were tried, those that had a say first."""
    trace = sorted(decision.trace, key=lambda each: each.outcome is Outcome.NOT_MATCHED)
    return json.dumps(
        [(one.rule.id, one.outcome.value, one.mode.value) for one in trace[:TRIED_MAX]]
    )
