"""PURE: several lists are one: what so many of them agree on.

Source: policy.md 13
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from federation.policy.conditions import names_above
from federation.policy.lists.entry import Entry, Subject, key_of
from federation.policy.rule import SEVERITY, Effect


def merge(
    lists: Sequence[Iterable[Entry]], *, threshold: int = 1, exclude: Iterable[str] = ()
) -> tuple[Entry, ...]:
    """What at least so many lists say of a subject, or something stricter.

    Args:
        lists: Each has a subject at most once.
        threshold: How many lists must agree.
        exclude: Domains that no entry may touch: neither one about them, or about what is below
            them, nor one about a domain that they are below.

    Returns:
        By subject, in the order in which the lists first name it.
    """
    spared = [key.removeprefix("*.") for key in map(key_of, exclude) if key is not None]
    found: dict[tuple[Subject, str], list[Entry]] = {}
    for entries in lists:
        for entry in entries:
            found.setdefault((entry.subject, entry.key), []).append(entry)
    agreed = (_agreed(each, threshold) for each in found.values() if len(each) >= threshold)
    return tuple(
        entry for entry in agreed if not entry.says_nothing and not is_touched(entry, spared)
    )


def is_touched(entry: Entry, spared: Sequence[str]) -> bool:
    """Whether an entry would reach one of these domains, or is about what is below one."""
    if entry.subject is not Subject.DOMAIN:
        return False
    domain = entry.key.removeprefix("*.")
    around = {domain, *names_above(domain)}
    return any(each in around or domain in names_above(each) for each in spared)


def _agreed(entries: Sequence[Entry], threshold: int) -> Entry:
    """The strictest action on which so many agree, and the effects that so many ask for."""
    strictest = sorted(
        (entry.action for entry in entries),
        key=lambda action: -1 if action is None else SEVERITY[action],
        reverse=True,
    )
    shown = [effect for effect in Effect if _count(effect in e.show for e in entries) >= threshold]
    first = entries[0]
    return replace(
        first,
        action=strictest[threshold - 1],
        show=frozenset(shown),
        drops_reports=_count(entry.drops_reports for entry in entries) >= threshold,
        public_reason=_first_text(entry.public_reason for entry in entries),
        private_reason=_first_text(entry.private_reason for entry in entries),
        obfuscate=any(entry.obfuscate for entry in entries),
        labels=tuple(dict.fromkeys(label for entry in entries for label in entry.labels)),
        unclear=_first_text(entry.unclear for entry in entries),
    )


def _count(flags: Iterable[bool]) -> int:
    return sum(flags)


def _first_text(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")
