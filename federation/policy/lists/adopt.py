"""PURE: the entries of a list become rules of this node, as few as say the same.

What nobody should take over unseen, what is about this node, and what is not enforced yet is left
out and named.

Source: policy.md 13
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from operator import itemgetter
from typing import Any, Final

from federation.policy.enforced import not_enforced
from federation.policy.lists.entry import Entry, name_of, rules_of
from federation.policy.lists.merge import is_touched
from federation.policy.read_rule import read_rules
from federation.policy.rule import BLOCKING, Effect, Policy

# Of one rule.
DOMAINS_MAX: Final = 50_000
# Of one list; where every entry has a reason of its own, reasons go rather than entries.
RULES_OF_LIST_MAX: Final = 1_000
OWN: Final = "are about this server"
UNCLEAR: Final = "need a look"
_TEXTS: Final = frozenset({"id", "when", "public_reason", "private_reason", "category"})
NOT_YET: Final = "ask for something that is not enforced yet"


@dataclass(frozen=True, slots=True)
class Adopted:
    """What comes of a list.

    Attributes:
        tables: Rules, as a file would have them.
        count: Of entries that are in them.
        left_out: By reason what is not, each by its key.
    """

    tables: tuple[Mapping[str, Any], ...]
    count: int
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def adopt_subscribed(
    entries: Iterable[Entry], name: str, *, own_hosts: Sequence[str], priority: int
) -> Adopted:
    """As `adopt`, for a list that is read again: the same entries always give the same rules."""
    ordered = sorted(entries, key=lambda entry: (entry.subject, entry.key))
    adopted = adopt(ordered, name, own_hosts=own_hosts)
    if len(adopted.tables) > RULES_OF_LIST_MAX:
        plain = [replace(entry, public_reason="", private_reason="") for entry in ordered]
        adopted = adopt(plain, name, own_hosts=own_hosts)
    if not priority:
        return adopted
    return replace(adopted, tables=tuple({**t, "priority": priority} for t in adopted.tables))


def adopt(entries: Iterable[Entry], name: str, *, own_hosts: Sequence[str]) -> Adopted:
    """Rules for entries: those that say the same of several domains are one.

    Args:
        entries: Each subject once.
        name: Of the list, with which the ids of the rules begin.
        own_hosts: Names of this node.
    """
    left_out: dict[str, list[str]] = {}
    alike: dict[tuple[object, ...], list[Entry]] = {}
    for entry in entries:
        if is_touched(entry, own_hosts):
            left_out.setdefault(OWN, []).append(entry.key)
        elif entry.unclear:
            left_out.setdefault(UNCLEAR, []).append(entry.key)
        else:
            alike.setdefault(_what_is_said(entry), []).append(entry)
    tables: list[Mapping[str, Any]] = []
    # PERF: a list of a hundred thousand lines says a few things (benchmarks/policy_lists.py).
    enforced: dict[str, bool] = {}
    count = 0
    for same in alike.values():
        for part, of_them in _rules(same, name):
            if _is_enforced(part, enforced):
                tables.append(part)
                count += len(of_them)
            else:
                left_out.setdefault(NOT_YET, []).extend(each.key for each in of_them)
    told = {reason: tuple(dict.fromkeys(keys)) for reason, keys in left_out.items()}
    return Adopted(tuple(tables), count, told)


def _what_is_said(entry: Entry) -> tuple[object, ...]:
    """By what entries differ but for whom they are about."""
    return (
        *(entry.subject, entry.action, _shown(entry), entry.drops_reports),
        *(entry.public_reason, entry.private_reason, entry.obfuscate),
    )


def _shown(entry: Entry) -> frozenset[Effect]:
    """What is kept out shows nothing anyway."""
    return frozenset() if entry.action in BLOCKING else entry.show


def _rules(same: Sequence[Entry], name: str) -> Iterator[tuple[Mapping[str, Any], Sequence[Entry]]]:
    """The rules of entries that differ in their subject alone, each with whom it is about."""
    for start in range(0, len(same), DOMAINS_MAX):
        some = same[start : start + DOMAINS_MAX]
        first = some[0]
        called = name_of(first, name) if len(some) == 1 else _name_of_all(some, name)
        for table in rules_of(replace(first, show=_shown(first)), called, name):
            keys = [entry.key for entry in some]
            yield {**table, "when": {**table["when"], first.subject.value: keys}}, some


def _name_of_all(some: Sequence[Entry], name: str) -> str:
    """The id of a rule for several: it has the first of them, since no other rule has that."""
    first = some[0]
    digest = blake2b(first.key.encode(), digest_size=4).hexdigest()
    return f"{name[:32]}.{first.action or 'show'}.{digest}"


def _shape_of(table: Mapping[str, Any]) -> str:
    """What of a rule decides whether it is enforced: all but whom it names, and why."""
    said = {key: value for key, value in table.items() if key not in _TEXTS}
    return repr((sorted(said.items(), key=itemgetter(0)), sorted(table["when"])))


def _is_enforced(table: Mapping[str, Any], known: dict[str, bool]) -> bool:
    """Whether a rule is enforced; one that was asked about before, by another of its shape."""
    shape = _shape_of(table)
    if shape not in known:
        read = read_rules([{**table, "when": _of_one(table["when"])}])
        known[shape] = isinstance(read, tuple) and not not_enforced(Policy(read))
    return known[shape]


def _of_one(when: Mapping[str, Any]) -> Mapping[str, Any]:
    """The conditions with one value each: what is enforced does not hang on how many there are."""
    return {key: value[:1] for key, value in when.items()}
