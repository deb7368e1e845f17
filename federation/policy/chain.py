"""PURE: rules are tried in their order, stage by stage, and the strictest stage decides.

    within a stage   the first match with an action that ends it: local before list, higher
                     priority, more specific selector, file and line
    over the stages  drop > reject > limit > hold > request > accept
    over the hosts   each host that answers for an activity is judged by itself; the strictest
                     counts

A final accept ends judging for list rules, in all stages, and for the stages up to content.

Source: policy.md 2, 4, 5
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from federation.policy.conditions import FAULTS, holds
from federation.policy.decision import Because, Decision, Outcome, Tried
from federation.policy.facts import Facts, Stage
from federation.policy.order import Chain, Ready, candidates, rank
from federation.policy.rule import BLOCKING, SEVERITY, Action, Effect, Federation, Mode, Rule

ALL_STAGES: Final = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one stage says."""

    action: Action
    because: Because
    rule: Rule | None = None

    @property
    def is_of_list(self) -> bool:
        """Whether a list brought the rule."""
        return self.rule is not None and self.rule.is_from_list

    @property
    def is_final(self) -> bool:
        """Whether no later stage is asked; what a list brought never keeps local rules from it."""
        if self.rule is None or self.rule.is_from_list:
            return False
        return self.action is Action.ACCEPT and self.rule.final


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that matches and is enforced, with the action that it ends its stage with, if any."""

    rule: Rule
    action: Action | None

    @property
    def verdict(self) -> Verdict:
        """What the stage says if this match is the first."""
        return Verdict(self.action or Action.ACCEPT, Because.RULE, self.rule)


class _Run:
    """One judgement for one host: what is left of the budget, and what has been found so far."""

    def __init__(self, chain: Chain, facts: Facts) -> None:
        self.chain = chain
        self.facts = facts
        self.steps = chain.steps
        self.trace: list[Tried] = []
        self.verdicts: list[Verdict] = []
        self.show: set[Effect] = set()
        self.tokens: set[str] = set()
        self.skipped: list[Stage] = []
        self.is_final = False

    def judge_stage(self, stage: Stage) -> None:
        """Let a stage have its say."""
        is_encrypted = stage is Stage.CONTENT and self.facts.known.get("encrypted") is True
        if is_encrypted or (self.is_final and stage is not Stage.RECIPIENT):
            self.skipped.append(stage)
            return
        rules = self.chain.stages[stage]
        if not rules.rules and stage is not Stage.DOMAIN:
            return
        found = candidates(rules, self.facts.known)
        matches = self._matches(found)
        if len(matches) > 1:
            matches.sort(key=lambda match: rank(match.rule, self.facts.known))
        first = _first(matches)
        verdict = self._by_federation(matches, first) if stage is Stage.DOMAIN else first
        for match in matches:
            self.show |= match.rule.show
        self.tokens |= _tokens(matches, self.facts)
        if verdict is not None:
            self.verdicts.append(verdict)
        if verdict is not None and verdict.is_final:
            self.is_final = True
            self.verdicts = [each for each in self.verdicts if not each.is_of_list]

    def _matches(self, found: Iterable[Ready]) -> list[Match]:
        matches = []
        for ready in found:
            rule = ready.rule
            is_for_it = rule.goes(self.facts.direction) and not rule.is_over(self.facts.now)
            if not is_for_it or (self.is_final and rule.is_from_list):
                continue
            outcome = self._try(ready)
            self.trace.append(Tried(rule, outcome, ready.mode))
            if ready.mode is not Mode.ENFORCE or outcome is Outcome.NOT_MATCHED:
                continue
            if outcome is Outcome.MATCHED:
                matches.append(Match(rule, _ending(rule, self.facts)))
            else:
                on_error = self.chain.policy.on_error
                self.verdicts.append(Verdict(on_error, Because.FAILED_RULE, rule))
        return matches

    def _try(self, ready: Ready) -> Outcome:
        """Try a rule unless it could cost more than is left; cheaper ones still have their say."""
        cost = ready.cost(self.facts.known)
        if cost > self.steps:
            return Outcome.OVER_BUDGET
        self.steps -= cost
        try:
            is_met = all(holds(part, self.facts.known) for part in ready.rule.when)
        except FAULTS:
            return Outcome.FAILED
        return Outcome.MATCHED if is_met else Outcome.NOT_MATCHED

    def _by_federation(self, matches: Sequence[Match], first: Verdict | None) -> Verdict | None:
        """What the stage of the domain says in the mode of federation that is set."""
        policy = self.chain.policy
        if policy.mode is not Mode.ENFORCE or policy.federation is Federation.OPEN:
            return first
        if policy.federation is Federation.ALLOWLIST:
            return _by_allowlist([match.verdict for match in matches if match.action], first)
        if first is None and self.facts.known.get("federation_known") is not True:
            return Verdict(Action.HOLD, Because.UNKNOWN_DOMAIN)
        return first


def judge(chain: Chain, facts: Facts, *, stages: Sequence[Stage] = ALL_STAGES) -> Decision:
    """Say what becomes of an activity.

    Args:
        chain: The rules.
        facts: Of the activity, and of one recipient where stages from behaviour on are asked.
        stages: Which of them, in their order: what is known before the answer, or all.
    """
    if chain.policy.mode is Mode.OFF:
        return Decision()
    return _strictest([_judge_host(chain, each, stages) for each in hosts_apart(facts)])


def hosts_apart(facts: Facts) -> tuple[Facts, ...]:
    """The facts for each host that answers for an activity; if there is none, for a nameless one.

    SECURITY: an accept for one host does not let in another; tests/unit/policy/test_chain.py.
    """
    hosts = facts.known.get("domain")
    if not isinstance(hosts, tuple):
        return (facts,)
    return tuple(replace(facts, known={**facts.known, "domain": host}) for host in hosts or ("",))


def _judge_host(chain: Chain, facts: Facts, stages: Sequence[Stage]) -> Decision:
    run = _Run(chain, facts)
    for stage in stages:
        run.judge_stage(stage)
    nothing = Verdict(Action.ACCEPT, Because.NO_RULE)
    verdict = max(run.verdicts, key=lambda each: SEVERITY[each.action], default=nothing)
    is_contact = facts.known.get("relation") == "contact"
    if verdict.action is Action.REQUEST and is_contact and Stage.RECIPIENT in stages:
        verdict = Verdict(Action.ACCEPT, Because.CONTACT, verdict.rule)
    return Decision(
        verdict.action,
        verdict.because,
        verdict.rule,
        str(facts.known.get("domain", "")),
        frozenset(run.show),
        frozenset(run.tokens),
        tuple(run.trace),
        tuple(run.skipped),
    )


def _strictest(decisions: Sequence[Decision]) -> Decision:
    """The one for the host that is least welcome, with the effects for all."""
    first, *others = decisions
    for other in others:
        stricter = other if other.is_stricter(first) else first
        first = replace(
            stricter,
            show=first.show | other.show,
            tokens=first.tokens | other.tokens,
            trace=first.trace + other.trace,
            skipped=tuple(sorted({*first.skipped, *other.skipped})),
        )
    return first


def _ending(rule: Rule, facts: Facts) -> Action | None:
    """The action with which a rule that matches ends its stage; None if judging goes on."""
    if rule.limit is None:
        return rule.action
    if rule.id not in facts.empty_buckets:
        return None
    is_early = rule.stage < Stage.BEHAVIOUR and not facts.is_answered
    return Action.LIMIT if is_early else rule.limit.over


def _first(matches: Iterable[Match]) -> Verdict | None:
    return next((match.verdict for match in matches if match.action), None)


def _tokens(matches: Sequence[Match], facts: Facts) -> set[str]:
    """The buckets of the limits that are reached before something ends the stage."""
    taken: set[str] = set()
    for match in matches:
        if match.action is not None:
            return taken
        if match.rule.limit is not None and match.rule.id not in facts.empty_buckets:
            taken.add(match.rule.id)
    return taken


def _by_allowlist(verdicts: Sequence[Verdict], first: Verdict | None) -> Verdict:
    """A block beats an accept, but that of a list no final one; without an accept it is a block."""
    accept = next((each for each in verdicts if each.action is Action.ACCEPT), None)
    is_final = first is not None and first.is_final
    for each in verdicts:
        if each.action in BLOCKING and not (is_final and each.is_of_list):
            return each
    if accept is None or first is None:
        return Verdict(Action.REJECT, Because.UNLISTED)
    return first
