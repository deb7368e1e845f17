"""PURE: what the rules of this node say of domains, for those who write it down for others.

Of several rules for one domain the one counts that decides: the first, as `order.py` has it.

Source: policy.md 5, 13
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from federation.policy.conditions import Choice, Domains, Words
from federation.policy.facts import Direction, Stage
from federation.policy.lists.entry import Entry
from federation.policy.order import standing
from federation.policy.rule import Action, Mode, Rule


@dataclass(frozen=True, slots=True)
class Attributed:
    """What is said of a domain, and by which rules."""

    entry: Entry
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What rules say of domains.

    Attributes:
        entries: By domain.
        left_out: Ids of rules that say something else, or nothing that holds.
        dated: Ids of rules that end by themselves, which none of the formats says.
    """

    entries: tuple[Attributed, ...]
    left_out: tuple[str, ...]
    dated: tuple[str, ...]


def said_by(rules: Iterable[Rule], now: datetime) -> Said:
    """What rules say of domains at a moment."""
    found: dict[str, Attributed] = {}
    left_out, dated = [], []
    for rule in sorted(rules, key=standing):
        entries = list(_entries(rule)) if _holds(rule, now) else []
        if not entries:
            left_out.append(rule.id)
        elif rule.expires is not None:
            dated.append(rule.id)
        for entry in entries:
            earlier = found.get(entry.key)
            found[entry.key] = _joined(earlier, entry, rule.id)
    by_domain = sorted(found.values(), key=lambda each: each.entry.key)
    return Said(tuple(by_domain), tuple(sorted(left_out)), tuple(sorted(dated)))


def _holds(rule: Rule, now: datetime) -> bool:
    is_said = rule.mode is Mode.ENFORCE and rule.limit is None and not rule.is_over(now)
    return is_said and rule.goes(Direction.IN)


def _entries(rule: Rule) -> Iterator[Entry]:
    parts = {part.key: part for part in rule.when}
    about = parts.pop("domain", None)
    if about is None or isinstance(about, Choice) or not isinstance(about.test, Domains):
        return
    # `exact` leaves out what is below, which no format can say.
    if not about.test.themselves <= about.test.above:
        return
    is_of_reports = _is_of_reports(rule, parts)
    if parts and not is_of_reports:
        return
    if not parts and rule.stage is not Stage.DOMAIN:
        return
    for name in sorted(about.test.above):
        yield Entry(
            name if name in about.test.themselves else f"*.{name}",
            None if is_of_reports else rule.action,
            show=frozenset() if is_of_reports else rule.show,
            drops_reports=is_of_reports,
            public_reason=rule.public_reason,
            private_reason=rule.private_reason,
            obfuscate=rule.obfuscate,
        )


def _is_of_reports(rule: Rule, parts: Mapping[str, object]) -> bool:
    kind = parts.get("type")
    test = getattr(kind, "test", None)
    only_reports = len(parts) == 1 and test == Words(frozenset({"flag"}))
    return only_reports and rule.action is Action.DROP


def _joined(earlier: Attributed | None, later: Entry, rule: str) -> Attributed:
    if earlier is None:
        return Attributed(later, (rule,))
    first = earlier.entry
    entry = replace(
        first,
        action=later.action if first.action is None else first.action,
        show=first.show | later.show,
        drops_reports=first.drops_reports or later.drops_reports,
        public_reason=first.public_reason or later.public_reason,
        private_reason=first.private_reason or later.private_reason,
        obfuscate=first.obfuscate or later.obfuscate,
    )
    return Attributed(entry, (*earlier.rules, rule))
