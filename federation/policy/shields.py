"""PURE: what holds while the operator has raised protection for some hours.

The rules that `[policy.shields]` names are enforced, and what strangers send is taken as it says.

Source: policy.md 11
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from federation.policy.rule import Mode, Policy
from federation.protocol.verdict import Refused

DEFAULT_FOR: Final = timedelta(hours=6)
LONGEST: Final = timedelta(days=30)
REASON_CHARS_MAX: Final = 500

NOTHING_TO_RAISE: Final = Refused(
    "The configuration has no [policy.shields] with rules or strangers: nothing would change.", 422
)
TOO_LONG: Final = Refused("Protection is raised for a minute to 30 days.", 422)
REASON_TOO_LONG: Final = Refused(f"A reason has up to {REASON_CHARS_MAX} characters.", 422)


@dataclass(frozen=True, slots=True)
class Raised:
    """Protection that somebody has raised.

    Attributes:
        until: When it ends by itself.
        reason: Why, for the people here to read; "" for nothing.
    """

    since: datetime
    until: datetime
    reason: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether it is raised at a time."""
        return now < self.until


def raised_for(
    policy: Policy, now: datetime, length: timedelta | None, reason: str
) -> Raised | Refused:
    """Protection from now on, or why it cannot be raised.

    Args:
        policy: The rules, as they are written.
        now: When.
        length: For how long; None for what the configuration says.
        reason: For the people here to read.
    """
    written = policy.tables.get("shields", {})
    if not written.get("rules") and not written.get("strangers"):
        return NOTHING_TO_RAISE
    asked = length if length is not None else written.get("default_duration", DEFAULT_FOR)
    if not isinstance(asked, timedelta) or not timedelta(minutes=1) <= asked <= LONGEST:
        return TOO_LONG
    if len(reason) > REASON_CHARS_MAX:
        return REASON_TOO_LONG
    return Raised(now, now + asked, reason)


def with_shields(policy: Policy) -> Policy:
    """The rules as they are while protection is raised."""
    written = policy.tables.get("shields", {})
    named: Any = written.get("rules", ())
    strangers: Any = written.get("strangers", {})
    rules = tuple(
        replace(rule, mode=Mode.ENFORCE) if rule.id in named else rule for rule in policy.rules
    )
    tables = {**policy.tables, "strangers": {**policy.tables.get("strangers", {}), **strangers}}
    return replace(policy, rules=rules, tables=tables)
