"""PURE: what a rule asks of the facts. Conditions are joined by *and*, their values by *or*.

A test is given one value of a fact and raises where that is of another kind; judging takes that
for an error of the rule.

Source: policy.md 2, 3
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Final, Protocol

from federation.policy.facts import Value, Window
from federation.policy.patterns import Pattern

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Words:
    """The text is one of these, in any case; `image/*` is all that begin with `image/`."""

    words: frozenset[str]
    beginnings: tuple[str, ...] = ()

    def holds(self, value: str) -> bool:
        """Whether it is so."""
        word = value.casefold()
        return word in self.words or word.startswith(self.beginnings)


@dataclass(frozen=True, slots=True)
class Is:
    """It is so, or is not."""

    wanted: bool

    def holds(self, value: object) -> bool:
        """Whether it is so."""
        return bool(value) is self.wanted


@dataclass(frozen=True, slots=True)
class Patterns:
    """One of these expressions is found in the text."""

    patterns: tuple[Pattern, ...]

    def holds(self, value: str) -> bool:
        """Whether it is so."""
        return any(pattern.is_in(value) for pattern in self.patterns)


@dataclass(frozen=True, slots=True)
class Domains:
    """The host is one of these domains, or below one of those.

    Attributes:
        themselves: Domains that are meant, with what is below them or without.
        above: Domains of which that is meant what is below them.
    """

    themselves: frozenset[str]
    above: frozenset[str]

    def holds(self, value: str) -> bool:
        """Whether it is so."""
        return self.find(host_name(value)) != ""

    def find(self, host: str) -> str:
        """The nearest of these domains that a host is or is below; "" for none.

        Args:
            host: As `host_name` answers it.
        """
        if host in self.themselves:
            return host
        return next((name for name in names_above(host) if name in self.above), "")


@dataclass(frozen=True, slots=True)
class Actors:
    """The id or the handle of the actor is one of these, `*` standing for anything."""

    exact: frozenset[str]
    patterns: tuple[str, ...] = ()

    def holds(self, value: str) -> bool:
        """Whether it is so."""
        name = value.lower()
        return name in self.exact or any(_is_like(name, each) for each in self.patterns)


@dataclass(frozen=True, slots=True)
class Networks:
    """The address is in one of these networks, or on one of these lists."""

    networks: tuple[Network, ...]
    lists: tuple[str, ...] = ()
    # PERF: a list of thousands is asked about with every request (benchmarks/policy.py).
    _beginnings: Mapping[tuple[int, int], frozenset[int]] = field(
        init=False, repr=False, compare=False, hash=False
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "_beginnings", _by_length(self.networks))

    def holds(self, value: str) -> bool:
        """Whether it is so."""
        address = ip_address(value)
        known = getattr(address, "ipv4_mapped", None) or address
        number, bits, version = int(known), known.max_prefixlen, known.version
        return any(
            of == version and number >> bits - length in beginnings
            for (of, length), beginnings in self._beginnings.items()
        )


def _by_length(networks: Iterable[Network]) -> Mapping[tuple[int, int], frozenset[int]]:
    """With which bits the networks of a version and a length begin."""
    found: dict[tuple[int, int], set[int]] = {}
    for one in networks:
        begins = int(one.network_address) >> one.max_prefixlen - one.prefixlen
        found.setdefault((one.version, one.prefixlen), set()).add(begins)
    return {key: frozenset(each) for key, each in found.items()}


@dataclass(frozen=True, slots=True)
class Similar:
    """Texts like this one have come to so many different people here from strangers."""

    window: Window
    local_recipients: int

    def holds(self, value: Mapping[Window, int]) -> bool:
        """Whether it is so."""
        return value.get(self.window, 0) >= self.local_recipients


class Test(Protocol):
    """One of the above, or a comparison."""

    @property
    def holds(self) -> Callable[..., bool]:
        """Whether a value of its own kind is so; at another it raises one of `FAULTS`."""
        ...


@dataclass(frozen=True, slots=True)
class Condition:
    """One key of `when`.

    Attributes:
        key: As it is written.
        fact: Which fact it asks for: `cidr_list` asks for the address, as `cidr` does.
    """

    key: str
    fact: str
    test: Test


@dataclass(frozen=True, slots=True)
class Choice:
    """Tables of conditions: any of them holds, all do, or none does.

    Attributes:
        key: `any`, `all` or `none`.
    """

    key: str
    tables: "tuple[When, ...]"


# All of these hold.
When = tuple[Condition | Choice, ...]


def holds(part: Condition | Choice, known: Mapping[str, Value]) -> bool:
    """Whether what is known is as a part of `when` wants it; what is unknown never is.

    Raises:
        Exception: One of `FAULTS`: a fact is of another kind than the condition asks for.
    """
    if isinstance(part, Choice):
        met = (all(holds(each, known) for each in table) for table in part.tables)
        if part.key == "all":
            return all(met)
        return any(met) is (part.key == "any")
    value = known.get(part.fact)
    if value is None:
        return False
    if isinstance(value, tuple):
        return any(part.test.holds(each) for each in value)
    return part.test.holds(value)


# What a test raises at a value of another kind.
FAULTS: Final = (TypeError, ValueError, AttributeError, LookupError)


def host_name(host: str) -> str:
    """A host as rules compare it: in lower case, without port and without the dot at its end.

    Args:
        host: Of an id or as somebody wrote it, in its ASCII form.
    """
    return host.partition(":")[0].lower().rstrip(".")


def names_above(host: str) -> tuple[str, ...]:
    """The domains that a host is below, the nearest first: of a.b.example b.example and example."""
    labels = host.split(".")
    return tuple(".".join(labels[at:]) for at in range(1, len(labels)))


def _is_like(name: str, pattern: str) -> bool:
    """Whether a pattern of pieces with `*` between them is the whole name."""
    first, *others = pattern.split("*")
    if not name.startswith(first):
        return False
    at = len(first)
    *middle, last = others
    for piece in middle:
        at = name.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return name.endswith(last) and len(name) - len(last) >= at
