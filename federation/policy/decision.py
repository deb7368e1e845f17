"""PURE: what judging answers, and how it came to that."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from federation.policy.facts import Stage
from federation.policy.rule import SEVERITY, Action, Effect, Mode, Rule


class Outcome(StrEnum):
    """What came of trying a rule."""

    MATCHED = "matched"
    NOT_MATCHED = "not matched"
    FAILED = "failed"
    OVER_BUDGET = "over the budget"


class Because(StrEnum):
    """Why it is decided so."""

    NO_RULE = "no rule says otherwise"
    RULE = "by a rule"
    FAILED_RULE = "a rule failed, and on_error says so"
    UNLISTED = "the domain is not on the allowlist"
    UNKNOWN_DOMAIN = "nobody has decided about this domain yet"
    STRANGER = "so it is set for strangers"
    CONTACT = "a contact of the recipient passes what strangers wait for"


class Tried(NamedTuple):
    """A rule that was tried, with the mode that counted."""

    rule: Rule
    outcome: Outcome
    mode: Mode


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of an activity for one recipient.

    Attributes:
        rule: Which rule decided, if one did.
        host: Of the hosts that answer for the activity that for which it was decided.
        show: Display effects, of all rules that match.
        tokens: The rules with `limit` that take a token when the activity is filed.
        trace: Rules tried, in their order. One that is for other domains or other people by name is
            not tried.
        skipped: The stages that were not judged although asked for.
    """

    action: Action = Action.ACCEPT
    because: Because = Because.NO_RULE
    rule: Rule | None = None
    host: str = ""
    show: frozenset[Effect] = frozenset()
    tokens: frozenset[str] = frozenset()
    trace: tuple[Tried, ...] = ()
    skipped: tuple[Stage, ...] = ()

    @property
    def failed(self) -> tuple[str, ...]:
        """Ids of the rules that failed, for the log."""
        bad = (Outcome.FAILED, Outcome.OVER_BUDGET)
        return tuple(each.rule.id for each in self.trace if each.outcome in bad)

    @property
    def observed(self) -> tuple[Rule, ...]:
        """Rules that would have had a say if they were enforced."""
        return tuple(
            each.rule
            for each in self.trace
            if each.mode is Mode.OBSERVE and each.outcome is Outcome.MATCHED
        )

    @property
    def limiting(self) -> tuple[Rule, ...]:
        """Rules that change how people see it."""
        return tuple(
            each.rule
            for each in self.trace
            if each.rule.show and each.mode is Mode.ENFORCE and each.outcome is Outcome.MATCHED
        )

    def is_stricter(self, other: "Decision") -> bool:
        """Whether it keeps out more than another."""
        return SEVERITY[self.action] > SEVERITY[other.action]
