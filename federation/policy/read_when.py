"""PURE: the `when` of a rule is read into conditions, or every mistake in it is told.

Source: policy.md 2, 3
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_network
from typing import Any, Final

from federation.policy.conditions import (
    Actors,
    Choice,
    Condition,
    Domains,
    Is,
    Network,
    Networks,
    Patterns,
    Similar,
    Test,
    When,
    Words,
)
from federation.policy.domains import read_domain
from federation.policy.expressions import Wrong, read_age, read_duration, read_number
from federation.policy.facts import HEADER, Fact, Kind, Stage, Window, find_fact
from federation.policy.patterns import read_pattern
from federation.protocol.verdict import Refused

CHOICES: Final = ("any", "all", "none")
DOMAIN_KEYS: Final = frozenset({"domain", "link_domain"})
DEPTH_MAX: Final = 4
VALUES_MAX: Final = 100_000
TEXT_CHARS_MAX: Final = 1024
DISTANCE_DEFAULT: Final = 10
DISTANCE_MAX: Final = 20
WINDOW_MAX: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a `when` is read with, and the mistakes found so far as pairs of key and reason.

    Attributes:
        stage: Of the rule; later facts are not known there.
        lists: Networks by id of their list; None for a list that is there and has other things.
    """

    stage: Stage
    lists: Mapping[str, tuple[Network, ...] | None] = field(default_factory=dict)
    mistakes: list[tuple[str, str]] = field(default_factory=list)


def read_when(written: object, reading: Reading, *, depth: int = 0) -> When:
    """The conditions of a table, as far as they can be read; mistakes go into `reading`."""
    if not isinstance(written, Mapping):
        reading.mistakes.append(("when", "is no table of conditions"))
        return ()
    table = _with_headers(written)
    is_exact = table.pop("exact", False)
    if not isinstance(is_exact, bool) or (is_exact and not table.keys() & DOMAIN_KEYS):
        reading.mistakes.append(("exact", "is true or false, beside domain or link_domain"))
    parts: list[Condition | Choice] = []
    for key, value in table.items():
        part: Condition | Choice | Wrong
        if key in CHOICES:
            part = _choice(key, value, reading, depth=depth)
        else:
            part = _condition(key, value, reading, is_exact=is_exact is True)
        if isinstance(part, Wrong):
            reading.mistakes.append((key, part.reason))
        else:
            parts.append(part)
    return tuple(parts)


def _with_headers(written: Mapping[str, Any]) -> dict[str, Any]:
    """`header.x = …` is a table in TOML; here it is one key a header."""
    table = dict(written)
    headers = table.pop("header", None)
    if isinstance(headers, Mapping):
        return table | {f"{HEADER}{name.lower()}": value for name, value in headers.items()}
    return table if headers is None else table | {"header": headers}


def _choice(key: str, value: object, reading: Reading, *, depth: int) -> Choice | Wrong:
    if not isinstance(value, list) or not value or not all(isinstance(one, dict) for one in value):
        return Wrong("is no list of tables of conditions")
    if depth >= DEPTH_MAX:
        return Wrong(f"is nested more than {DEPTH_MAX} deep")
    tables = tuple(read_when(table, reading, depth=depth + 1) for table in value)
    if not all(value):
        return Wrong("has an empty table, which always holds")
    return Choice(key, tables)


def _condition(key: str, value: object, reading: Reading, *, is_exact: bool) -> Condition | Wrong:
    fact = find_fact(key)
    if fact is None:
        return Wrong("is no fact that a rule can ask for")
    if fact.stage > reading.stage:
        return Wrong(
            f"is known from stage {fact.stage.word} on, and the rule is of {reading.stage.word}"
        )
    if fact.stage is Stage.CONNECTION and reading.stage is not Stage.CONNECTION:
        return Wrong("is known at stage connection alone: nothing of it is kept")
    if fact.kind is Kind.NETWORK_LIST:
        test: Test | Wrong = _networks_on(value, reading)
    elif fact.kind is Kind.DOMAINS:
        test = _domains(value, is_exact=is_exact)
    elif fact.kind is Kind.WORDS:
        test = _words(value, fact)
    else:
        test = _READERS[fact.kind](value)
    asked = "cidr" if fact.kind is Kind.NETWORK_LIST else key
    return test if isinstance(test, Wrong) else Condition(key, asked, test)


def _texts(value: object) -> tuple[str, ...] | Wrong:
    values = value if isinstance(value, list) else [value]
    if not values or len(values) > VALUES_MAX:
        return Wrong(f"has no value, or more than {VALUES_MAX:,}")
    if not all(isinstance(one, str) and 0 < len(one) <= TEXT_CHARS_MAX for one in values):
        return Wrong(f"is no text of 1 to {TEXT_CHARS_MAX} characters, nor a list of such")
    return tuple(values)


def _words(value: object, fact: Fact) -> Test | Wrong:
    texts = _texts(value)
    if isinstance(texts, Wrong):
        return texts
    words = frozenset(text.casefold() for text in texts)
    if fact.words and not words <= fact.words:
        return Wrong(f"is one of {', '.join(sorted(fact.words))}")
    beginnings = sorted(word[:-1] for word in words if word.endswith("/*"))
    return Words(words, tuple(beginnings))


def _flag(value: object) -> Test | Wrong:
    return Is(value) if isinstance(value, bool) else Wrong("is true or false")


def _patterns(value: object) -> Test | Wrong:
    texts = _texts(value)
    if isinstance(texts, Wrong):
        return texts
    read = [read_pattern(text) for text in texts]
    wrong = next((one for one in read if isinstance(one, Wrong)), None)
    return wrong or Patterns(tuple(one for one in read if not isinstance(one, Wrong)))


def _domains(value: object, *, is_exact: bool) -> Test | Wrong:
    texts = _texts(value)
    if isinstance(texts, Wrong):
        return texts
    themselves: set[str] = set()
    above: set[str] = set()
    for text in texts:
        is_below = text.strip().startswith("*.")
        domain = read_domain(text.strip().removeprefix("*."))
        if isinstance(domain, Refused) or (is_below and is_exact):
            return Wrong(f"has {text!r}, which is no domain like example.org")
        themselves |= set() if is_below else {domain}
        above |= set() if is_exact else {domain}
    return Domains(frozenset(themselves), frozenset(above))


def _actors(value: object) -> Test | Wrong:
    texts = _texts(value)
    if isinstance(texts, Wrong):
        return texts
    for text in texts:
        is_handle = text.startswith("@") and "@" in text[1:]
        if not (is_handle or text.startswith(("https://", "http://", "*"))):
            return Wrong(f"has {text!r}, which is neither an id nor a handle like @ana@example.org")
    names = [text.lower() for text in texts]
    return Actors(
        frozenset(name for name in names if "*" not in name),
        tuple(name for name in names if "*" in name),
    )


def _networks(value: object) -> Test | Wrong:
    texts = _texts(value)
    if isinstance(texts, Wrong):
        return texts
    try:
        return Networks(tuple(ip_network(text, strict=False) for text in texts))
    except ValueError as error:
        return Wrong(f"is no network like 192.0.2.0/24: {error}")


def _networks_on(value: object, reading: Reading) -> Test | Wrong:
    texts = _texts(value)
    if isinstance(texts, Wrong):
        return texts
    found: list[Network] = []
    for name in texts:
        if name not in reading.lists:
            return Wrong(f"names the list {name!r}, which is not there")
        networks = reading.lists[name]
        if networks is None:
            return Wrong(f"names the list {name!r}, whose format is not cidr")
        found += networks
    return Networks(tuple(found), texts)


def read_networks(text: str) -> tuple[Network, ...] | Wrong:
    """A list of networks: one a line, and what follows # is a remark."""
    found: list[Network] = []
    for number, line in enumerate(text.splitlines(), 1):
        network = line.partition("#")[0].strip()
        try:
            found += [ip_network(network, strict=False)] if network else []
        except ValueError:
            return Wrong(f"has in line {number} no network like 192.0.2.0/24")
    return tuple(found)


def _similar(value: object) -> Test | Wrong:
    if not isinstance(value, Mapping) or not {"window", "local_recipients"} <= value.keys():
        return Wrong("is no table with window and local_recipients")
    if not value.keys() <= {"window", "local_recipients", "distance"}:
        return Wrong("has a key other than window, local_recipients and distance")
    window = read_duration(value["window"])
    if isinstance(window, Wrong) or not timedelta(0) < window <= WINDOW_MAX:
        return Wrong("has a window that is no length of time up to 24h")
    people, distance = value["local_recipients"], value.get("distance", DISTANCE_DEFAULT)
    # A truth value is a number in Python.
    if type(people) is not int or type(distance) is not int or people < 1:
        return Wrong("counts in whole numbers: local_recipients from 1 on")
    if not 0 <= distance <= DISTANCE_MAX:
        return Wrong(f"has a distance that is not from 0 to {DISTANCE_MAX}")
    return Similar(Window(window, distance), people)


_READERS: Final[Mapping[Kind, Callable[[object], Test | Wrong]]] = {
    Kind.NUMBER: read_number,
    Kind.AGE: read_age,
    Kind.FLAG: _flag,
    Kind.PATTERN: _patterns,
    Kind.ACTORS: _actors,
    Kind.NETWORKS: _networks,
    Kind.SIMILAR: _similar,
}
