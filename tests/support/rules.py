"""Rules as an operator writes them, and what they come to."""

from collections.abc import Mapping
from datetime import UTC, datetime

from federation.policy.chain import judge
from federation.policy.decision import Decision
from federation.policy.facts import Direction, Facts, Value
from federation.policy.order import arrange
from federation.policy.problem import Source, Unreadable
from federation.policy.read_policy import read_policy
from federation.policy.rule import Policy

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
FILE = "rules.toml"


def policy(text: str, *, entries: Mapping[str, str] | None = None) -> Policy:
    read = read_policy([Source(FILE, text)], entries=entries)
    assert not isinstance(read, Unreadable), list(map(str, read.problems))
    return read


def mistakes(text: str, *, own_host: str = "own.test") -> list[str]:
    read = read_policy([Source(FILE, text)], own_hosts=[own_host])
    return list(map(str, read.problems)) if isinstance(read, Unreadable) else []


def rule(lines: str, name: str = "r") -> str:
    return f'[[rule]]\nid = "{name}"\n{lines}\n'


def decide(
    text: str,
    known: Mapping[str, Value] | None = None,
    *,
    direction: Direction = Direction.IN,
    empty: frozenset[str] = frozenset(),
    entries: Mapping[str, str] | None = None,
) -> Decision:
    facts = Facts(NOW, known or {}, direction, empty)
    return judge(arrange(policy(text, entries=entries)), facts)
