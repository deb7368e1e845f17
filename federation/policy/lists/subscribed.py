"""PURE: a list that is read again: what it changes by itself, and what waits for somebody.

    the list has            what happens
    a new entry             a draft; with `apply = "auto"` it holds
    an entry that differs   likewise
    one with a label of
    `auto_labels`           holds, new or other
    an entry no more        `on_retraction`: it is removed, a draft, or kept
    much less at once       it is withheld: what the list said before holds on

What somebody has declined comes back when the list says something else of it.

Source: policy.md 12, 13
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from hashlib import blake2b
from typing import Final, cast

from federation.policy.conditions import host_name, names_above
from federation.policy.lists.entry import Entry, Subject, key_of
from federation.policy.lists.merge import is_touched
from federation.policy.rule import SEVERITY, Action, RuleList

EVERY_DEFAULT: Final = timedelta(hours=24)
EVERY_MIN: Final = timedelta(minutes=10)
# So many adopted entries that go at once, and more than half of them, are not believed.
MANY: Final = 10

Who = tuple[Subject, str]
Held = Mapping[Who, Entry]


class Retraction(StrEnum):
    """What becomes of an adopted entry that a list takes back."""

    REMOVE = "remove"
    DRAFT = "draft"
    KEEP = "keep"


@dataclass(frozen=True, slots=True)
class Subscription:
    """What the operator wants of a list.

    Attributes:
        place: The address or file that it is read from; "" for a merge of others.
        of: The lists that it merges, of which `threshold` must agree.
        every: How often it is read.
        is_auto: Whether what it says holds without anybody.
        auto_labels: With one of these labels an entry does, whatever `is_auto` is.
        max_action: The strictest that it may do, and what it may do where people are in touch.
        exclude: Domains that it may not touch.
    """

    id: str
    format: str
    place: str = ""
    is_file: bool = False
    of: tuple[str, ...] = ()
    threshold: int = 1
    every: timedelta = EVERY_DEFAULT
    priority: int = 0
    is_auto: bool = False
    auto_labels: tuple[str, ...] = ()
    max_action: Action = Action.DROP
    max_action_if_contacts: Action = Action.REQUEST
    on_retraction: Retraction = Retraction.REMOVE
    exclude: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """Tells the place from which it is read from others."""
        told = "\n".join((self.format, self.place, *self.of))
        return blake2b(told.encode(), digest_size=16).hexdigest()


def subscription_of(written: RuleList) -> Subscription:
    """What is written of a list, with what counts where nothing is."""
    keys = written.keys
    every = cast("timedelta", keys.get("every", EVERY_DEFAULT))
    return Subscription(
        id=written.id,
        format=written.format,
        place=written.file or str(keys.get("url", "")),
        is_file=bool(written.file),
        of=written.of,
        threshold=cast("int", keys.get("threshold", 1)),
        every=max(every, EVERY_MIN),
        priority=cast("int", keys.get("priority", 0)),
        is_auto=keys.get("apply") == "auto",
        auto_labels=cast("tuple[str, ...]", keys.get("auto_labels", ())),
        max_action=cast("Action", keys.get("max_action", Action.DROP)),
        max_action_if_contacts=cast("Action", keys.get("max_action_if_contacts", Action.REQUEST)),
        on_retraction=Retraction(str(keys.get("on_retraction", Retraction.REMOVE))),
        exclude=cast("tuple[str, ...]", keys.get("exclude", ())),
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """What a list says otherwise than what of it holds; nobody has decided about it.

    Attributes:
        added: Entries of which none holds.
        changed: What holds, and what the list says instead.
        removed: What holds and is not on the list any more.
        unclear: Entries that nobody can take over as they are.
    """

    added: tuple[Entry, ...] = ()
    changed: tuple[tuple[Entry, Entry], ...] = ()
    removed: tuple[Entry, ...] = ()
    unclear: tuple[Entry, ...] = ()

    def __len__(self) -> int:
        return len(self.added) + len(self.changed) + len(self.removed) + len(self.unclear)

    @property
    def keys(self) -> frozenset[str]:
        """Of the entries that somebody can decide about."""
        found = (*self.added, *(new for _, new in self.changed), *self.removed)
        return frozenset(entry.key for entry in found)


def who(entry: Entry) -> Who:
    """Whom an entry is about."""
    return entry.subject, entry.key


def by_subject(entries: Iterable[Entry]) -> dict[Who, Entry]:
    """Entries by whom they are about."""
    return {who(entry): entry for entry in entries}


def wanted(
    offered: Iterable[Entry],
    wish: Subscription,
    *,
    in_touch: Collection[str],
    own_hosts: Sequence[str],
) -> dict[Who, Entry]:
    """What of a list may hold here, as strict as it may be.

    Args:
        offered: What it says.
        wish: What the operator wants of it.
        in_touch: Hosts with whose people somebody here is in touch.
        own_hosts: Names of this node.
    """
    spared = [key.removeprefix("*.") for key in map(key_of, wish.exclude) if key is not None]
    spared += own_hosts
    hosts = map(host_name, in_touch)
    above = {name for host in hosts for name in (host, *names_above(host))}
    found = {}
    for entry in offered:
        if is_touched(entry, spared):
            continue
        most = [wish.max_action]
        if _host(entry) in above:
            most.append(wish.max_action_if_contacts)
        bounded = _bounded(entry, min(most, key=SEVERITY.__getitem__))
        if not bounded.says_nothing:
            found[who(entry)] = bounded
    return found


def _host(entry: Entry) -> str:
    if entry.subject is Subject.ACTOR:
        return entry.key.partition("://")[2].partition("/")[0]
    return entry.key.removeprefix("*.")


def _bounded(entry: Entry, most: Action) -> Entry:
    if entry.action is None or SEVERITY[entry.action] <= SEVERITY[most]:
        return entry
    return replace(entry, action=None if most is Action.ACCEPT else most)


def difference(wants: Held, adopted: Held, declined: Held, wish: Subscription) -> Difference:
    """What waits for a decision."""
    added, changed, unclear = [], [], []
    for key, entry in wants.items():
        held, refused = adopted.get(key), declined.get(key)
        if _says(held) == _says(entry) or _says(refused) == _says(entry):
            continue
        if entry.unclear:
            unclear.append(entry)
        elif held is None:
            added.append(entry)
        else:
            changed.append((held, entry))
    is_kept = wish.on_retraction is Retraction.KEEP
    gone = [] if is_kept else [entry for key, entry in adopted.items() if key not in wants]
    return Difference(tuple(added), tuple(changed), tuple(gone), tuple(unclear))


def _says(entry: Entry | None) -> Entry | None:
    """What counts of an entry: labels and doubts change no rule."""
    if entry is None or not (entry.labels or entry.unclear):
        return entry
    return replace(entry, labels=(), unclear="")


def is_too_much(told: Difference, adopted: Held, *, is_empty: bool) -> bool:
    """Whether a list takes back more at once than is believed.

    Args:
        told: What has changed.
        adopted: What of the list holds.
        is_empty: Nothing at all is on it, and it does not take back one entry after the other.
    """
    gone = len(told.removed)
    return gone > 0 and (is_empty or (gone >= MANY and gone * 2 > len(adopted)))


def by_itself(told: Difference, adopted: Held, wish: Subscription) -> dict[Who, Entry]:
    """What holds of a list without anybody's decision."""
    held = dict(adopted)
    if wish.on_retraction is Retraction.REMOVE:
        for entry in told.removed:
            held.pop(who(entry), None)
    taken = (*told.added, *(new for _, new in told.changed))
    return held | by_subject(
        entry
        for entry in taken
        if wish.is_auto or not frozenset(wish.auto_labels).isdisjoint(entry.labels)
    )


def decided(told: Difference, adopted: Held, keys: Collection[str] | None) -> dict[Who, Entry]:
    """What holds when somebody adopts what a list says, or only of some domains or people."""

    def is_meant(entry: Entry) -> bool:
        return keys is None or entry.key in keys

    held = dict(adopted)
    for entry in filter(is_meant, told.removed):
        held.pop(who(entry), None)
    taken = (*told.added, *(new for _, new in told.changed))
    return held | by_subject(filter(is_meant, taken))
