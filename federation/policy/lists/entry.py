"""PURE: what a list says about one domain or person, and the rules that come of it.

Source: policy.md 13
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

from federation.policy.domains import read_domain
from federation.policy.problem import Problem, Unreadable
from federation.policy.rule import BLOCKING, Action, Effect, Place
from federation.policy.schema import REASON_CHARS_MAX
from federation.protocol.verdict import Refused

# Of one list. A longer one is refused as a whole: half a list is another list.
BYTES_MAX: Final = 32_000_000
ENTRIES_MAX: Final = 200_000
PROBLEMS_MAX: Final = 100
_ID_CHARS: Final = 56
_REPORTS: Final = "-reports"


class Subject(StrEnum):
    """Whom an entry is about."""

    DOMAIN = "domain"
    ACTOR = "actor"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is recommended about one domain or person.

    Attributes:
        key: A domain, which stands for all below it too; `*.` before it leaves itself out. Or the
            id of a person.
        action: None where nothing is kept out.
        drops_reports: Reports from there are dropped.
        unclear: Why somebody has to look at it before it can be a rule; "" if nobody has.
    """

    key: str
    action: Action | None = None
    subject: Subject = Subject.DOMAIN
    show: frozenset[Effect] = frozenset()
    drops_reports: bool = False
    public_reason: str = ""
    private_reason: str = ""
    obfuscate: bool = False
    labels: tuple[str, ...] = ()
    unclear: str = ""

    @property
    def says_nothing(self) -> bool:
        """Whether no rule comes of it."""
        return self.action is None and not self.show and not self.drops_reports


@dataclass(frozen=True, slots=True)
class Listed:
    """What is on a list.

    Attributes:
        entries: Each subject once, in the order of the list.
        rules: Whole rules, as an operator writes them.
        skipped: Entries that say nothing a node could do, such as names that are masked.
        cut: Comments that were longer than a reason may be.
    """

    entries: tuple[Entry, ...] = ()
    rules: tuple[Mapping[str, Any], ...] = ()
    skipped: int = 0
    cut: int = 0


def rules_of(entry: Entry, name: str, owner: str = "") -> Iterator[dict[str, Any]]:
    """The rules of an entry, as tables that `read_policy` reads.

    Args:
        entry: Which may have none.
        name: Their id; that against reports has an ending.
        owner: The list, or who made them.
    """
    written: dict[str, Any] = {"id": name, "stage": entry.subject.value}
    written["when"] = {entry.subject.value: [entry.key]}
    about = {
        "public_reason": entry.public_reason,
        "private_reason": entry.private_reason,
        "obfuscate": entry.obfuscate,
        "owner": owner,
    }
    about = {key: value for key, value in about.items() if value}
    if entry.action is not None:
        written["action"] = entry.action.value
        # A server that nothing is taken from is sent nothing.
        if entry.action in BLOCKING:
            written["direction"] = "both"
    if entry.show:
        written["show"] = sorted(entry.show)
    if entry.action is not None or entry.show:
        yield written | about
    if entry.drops_reports:
        when = written["when"] | {"type": ["Flag"]}
        reports = {"id": name + _REPORTS, "stage": "behaviour", "when": when, "action": "drop"}
        yield reports | about


def name_of(entry: Entry, prefix: str) -> str:
    """The id of the rule of an entry: the same whenever the list has it."""
    readable = entry.key.replace("*.", "below.", 1)
    name = f"{prefix}.{readable}"
    if entry.subject is Subject.DOMAIN and len(name) <= _ID_CHARS:
        return name
    digest = blake2b(f"{entry.subject} {entry.key}".encode(), digest_size=8).hexdigest()
    return f"{prefix[: _ID_CHARS - 17]}.{digest}"


def reason(comment: str) -> tuple[str, bool]:
    """A comment as a reason, and whether it was too long for one and had to be cut."""
    if len(comment) <= REASON_CHARS_MAX:
        return comment, False
    return comment[: REASON_CHARS_MAX - 1] + "…", True


def key_of(domain: str) -> str | None:
    """The one spelling of a domain on a list, with `*.` before it if it was there; None for none.

    A name in which something is masked is none.
    """
    name = domain.strip()
    below = "*." if name.startswith("*.") else ""
    read = read_domain(name.removeprefix("*."))
    return None if isinstance(read, Refused) else below + read


def doubt_about(key: str) -> str:
    """Why nobody should take over an entry unseen that blocks this domain; "" if they may."""
    if "." not in key.removeprefix("*."):
        return f"{key} is a whole top-level domain"
    return ""


def unreadable(name: str, problems: Sequence[tuple[int, str]]) -> Unreadable:
    """Nothing of a list is taken, for these reasons by line; 0 stands for the list as a whole."""
    told = [Problem(Place(name, line), "", why) for line, why in problems[:PROBLEMS_MAX]]
    more = len(problems) - len(told)
    if more > 0:
        told.append(Problem(Place(name), "", f"and {more:,} more mistakes"))
    return Unreadable(tuple(told))
