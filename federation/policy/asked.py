"""PURE: what a set of rules has to be told, so that nothing is loaded that nobody asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from federation.policy.facts import Direction, Stage, Window
from federation.policy.order import Chain
from federation.policy.rule import (
    BLOCKING,
    MARKING,
    Action,
    Federation,
    Limit,
    Mode,
    Policy,
    Rule,
    conditions_in,
    windows_of,
)

# What is judged in the worker, with the recipients.
FILING: Final = (Stage.DOMAIN, Stage.ACTOR, Stage.BEHAVIOUR, Stage.CONTENT, Stage.RECIPIENT)

# What is judged of an activity before it is answered.
BEFORE: Final = (Stage.DOMAIN, Stage.ACTOR)

_TURNS_AWAY: Final = frozenset({Action.LIMIT, *BLOCKING})

# What only a host itself tells, when it is asked.
OF_SOFTWARE: Final = frozenset({"software", "software_version"})

# Which key of `strangers` is about which activity.
OF_STRANGERS: Final = {"Create": "message", "Invite": "group_invite"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked where messages are filed.

    Attributes:
        is_anything: Whether any rule has a say there.
        facts: Which facts conditions ask for.
        limits: The rules with a bucket, by id.
        windows: For which similar texts are counted.
        shows: The rules that change what is shown by more than the name of a host.
        strangers: What becomes of what strangers send where no rule says so, by type of activity.
    """

    is_anything: bool
    facts: frozenset[str]
    limits: Mapping[str, Limit] = field(default_factory=dict)
    windows: frozenset[Window] = frozenset()
    shows: frozenset[str] = frozenset()
    marks: frozenset[str] = frozenset()
    strangers: Mapping[str, Action] = field(default_factory=dict)


NOTHING: Final = Asked(is_anything=False, facts=frozenset())


def asked_when_filing(chain: Chain) -> Asked:
    """What rules for what comes in ask for in the worker."""
    policy = chain.policy
    if policy.mode is Mode.OFF:
        return NOTHING
    rules = [
        each.rule
        for stage in FILING
        for each in chain.stages[stage].rules
        if each.rule.goes(Direction.IN)
    ]
    counting = [rule for rule in rules if not _is_settled_by_name(rule)]
    strangers = _of_strangers(policy)
    is_by_approval = policy.federation is Federation.APPROVAL
    return Asked(
        is_anything=bool(counting or strangers) or is_by_approval,
        strangers=strangers,
        windows=frozenset(window for rule in rules for window in windows_of(rule)),
        shows=frozenset(rule.id for rule in rules if rule.show and not is_by_name(rule)),
        marks=frozenset(rule.id for rule in rules if rule.action in MARKING),
        facts=_facts(rules) | _by_federation(policy),
        limits={rule.id: rule.limit for rule in rules if rule.limit is not None},
    )


def is_by_name(rule: Rule) -> bool:
    """Whether a rule asks for the host alone."""
    by_name = {each.key for each in conditions_in(rule.when)} <= {"domain"}
    return rule.stage is Stage.DOMAIN and by_name


def asked_before_answer(chain: Chain) -> Asked:
    """What rules ask for about who sends, before the answer; nothing if none turns anybody away."""
    policy = chain.policy
    if policy.mode is not Mode.ENFORCE:
        return NOTHING
    rules = [
        each.rule
        for stage in BEFORE
        for each in chain.stages[stage].rules
        if each.rule.goes(Direction.IN) and not _is_settled_by_name(each.rule)
    ]
    if not any(rule.action in _TURNS_AWAY and rule.mode is Mode.ENFORCE for rule in rules):
        return NOTHING
    return Asked(
        is_anything=True,
        facts=_facts(rules) | _by_federation(policy),
        limits={rule.id: rule.limit for rule in rules if rule.limit is not None},
    )


def asked_when_sending(chain: Chain) -> Asked:
    """What rules ask for about what people here send, by more than the name of a host."""
    if chain.policy.mode is Mode.OFF:
        return NOTHING
    rules = [
        each.rule
        for stage in FILING
        for each in chain.stages[stage].rules
        if each.rule.goes(Direction.OUT)
    ]
    if all(_is_settled_by_name(rule) for rule in rules):
        return NOTHING
    return Asked(
        is_anything=True,
        facts=_facts(rules),
        limits={rule.id: rule.limit for rule in rules if rule.limit is not None},
    )


def _by_federation(policy: Policy) -> frozenset[str]:
    is_by_approval = policy.federation is Federation.APPROVAL
    return frozenset({"federation_known"}) if is_by_approval else frozenset()


def _of_strangers(policy: Policy) -> Mapping[str, Action]:
    """What is set for strangers and is more than that they ask, which everybody has chosen."""
    if policy.mode is not Mode.ENFORCE:
        return {}
    written = policy.tables.get("strangers", {})
    found = {kind: written.get(key) for kind, key in OF_STRANGERS.items()}
    mild = {Action.ACCEPT, Action.REQUEST}
    return {kind: one for kind, one in found.items() if isinstance(one, Action) and one not in mild}


def _is_settled_by_name(rule: Rule) -> bool:
    """Whether a rule asks for the host alone, and keeps it out or lets it in before the answer.

    What it changes in how people see things is asked for when they look.

    An accept that is final matters where another rule says otherwise, and that one counts.
    """
    is_plain = rule.action in BLOCKING or rule.action in (Action.ACCEPT, None)
    return is_plain and is_by_name(rule)


def _facts(rules: Iterable[Rule]) -> frozenset[str]:
    return frozenset(each.fact for rule in rules for each in conditions_in(rule.when))
