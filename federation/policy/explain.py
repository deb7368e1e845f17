"""PURE: a judgement in words: each rule, what it asked, and why it did or did not match.

What people wrote is told by its length alone.

Source: policy.md 14, 17
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from federation.policy.chain import hosts_apart, judge
from federation.policy.conditions import FAULTS, Choice, Condition, holds
from federation.policy.decision import Decision, Outcome
from federation.policy.facts import Facts, Stage, Value
from federation.policy.order import Chain, arrange, standing
from federation.policy.rule import Mode, Rule, conditions_in, weaker

# Facts that are somebody's words.
_WORDS_OF_PEOPLE: Final = frozenset({"text", "actor_name"})
_SHOWN_CHARS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule in a judgement.

    Attributes:
        host: Of those that answer for the activity.
        outcome: Such as `matched`.
        reason: Why it did not match; "" if it did.
        facts: What its conditions ask for, by key, in words.
    """

    rule: Rule
    host: str
    outcome: str
    reason: str
    facts: Mapping[str, str]


def explain(chain: Chain, facts: Facts, stages: Sequence[Stage]) -> tuple[Explained, ...]:
    """Each rule of the stages that are asked, in the order in which rules count, host by host.

    It tries each by itself, those too that judging passes by; what the judgement came to, `judge`
    says.
    """
    rules = sorted(chain.policy.rules, key=lambda rule: (rule.stage, standing(rule)))
    return tuple(
        _explained(rule, chain.policy.mode, each)
        for each in hosts_apart(facts)
        for rule in rules
        if rule.stage in stages
    )


def if_enforced(chain: Chain, facts: Facts, stages: Sequence[Stage]) -> Decision:
    """What the judgement were if every rule that only observes were enforced."""
    rules = tuple(
        replace(rule, mode=Mode.ENFORCE) if rule.mode is Mode.OBSERVE else rule
        for rule in chain.policy.rules
    )
    mode = Mode.OFF if chain.policy.mode is Mode.OFF else Mode.ENFORCE
    return judge(arrange(replace(chain.policy, rules=rules, mode=mode)), facts, stages=stages)


def _explained(rule: Rule, mode: Mode, facts: Facts) -> Explained:
    known = facts.known
    told = {each.key: in_words(each.key, known.get(each.fact)) for each in conditions_in(rule.when)}
    host = str(known.get("domain", ""))
    reason = _passed_by(rule, mode, facts)
    if reason:
        return Explained(rule, host, "not tried", reason, told)
    try:
        unmet = next((part for part in rule.when if not holds(part, known)), None)
    except FAULTS as error:
        return Explained(rule, host, Outcome.FAILED, f"a fact has another kind: {error}", told)
    if unmet is None:
        return Explained(rule, host, Outcome.MATCHED, "", told)
    return Explained(rule, host, Outcome.NOT_MATCHED, _why_not(unmet, known), told)


def _passed_by(rule: Rule, mode: Mode, facts: Facts) -> str:
    """Why a rule is not tried; "" if it is."""
    if weaker(rule.mode, mode) is Mode.OFF:
        return "it is off"
    if not rule.goes(facts.direction):
        return f"it is for what goes {rule.direction}"
    if rule.is_over(facts.now):
        return "it has expired"
    if rule.stage is Stage.CONTENT and facts.known.get("encrypted") is True:
        return "the content is encrypted"
    return ""


def _why_not(part: Condition | Choice, known: Mapping[str, Value]) -> str:
    if isinstance(part, Choice):
        return f"when.{part.key} is not met"
    if part.fact not in known:
        return f"{part.fact} is not known here"
    return f"when.{part.key} is not met"


def in_words(key: str, value: Value | None) -> str:
    """A fact as it may be shown: of what people wrote only its length."""
    if value is None:
        return "not known"
    if key in _WORDS_OF_PEOPLE:
        length = sum(map(len, value)) if isinstance(value, tuple) else len(str(value))
        return f"{length} characters"
    if isinstance(value, timedelta):
        return f"{value // timedelta(hours=1)} h"
    if isinstance(value, Mapping):
        return f"{max(value.values(), default=0)} people"
    shown = ", ".join(value) if isinstance(value, tuple) else str(value)
    return shown if len(shown) <= _SHOWN_CHARS_MAX else f"{shown[:_SHOWN_CHARS_MAX]}…"
