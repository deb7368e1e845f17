"""PURE: whole rules as TOML and as JSON, both ways; a rule is the table that an operator writes.

JSON has no days: there a day or a time is a text.

Source: policy.md 14
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from federation.policy.expressions import Wrong
from federation.policy.lists.entry import Listed, unreadable
from federation.policy.lists.json_text import json_in
from federation.policy.problem import Unreadable

RULE_KEY: Final = "rule"
MOMENTS: Final = ("expires", "review")
_RULES_MAX: Final = 5_000
_DAY_CHARS: Final = 10


def read_json(name: str, data: bytes) -> Listed | Unreadable:
    """Read `{"rule": [{...}]}`; the tables are as in TOML, and are not looked into."""
    read = json_in(data)
    if isinstance(read, Wrong):
        return unreadable(name, [(0, read.reason)])
    rules = read.get(RULE_KEY) if isinstance(read, Mapping) else None
    if not isinstance(rules, list) or not all(isinstance(each, dict) for each in rules):
        return unreadable(name, [(0, f'is no object with a list of rules under "{RULE_KEY}"')])
    if len(rules) > _RULES_MAX:
        return unreadable(name, [(0, f"has more than {_RULES_MAX:,} rules")])
    return Listed(rules=tuple(map(with_moments, rules)))


def with_moments(table: Mapping[str, Any]) -> dict[str, Any]:
    """A rule out of JSON as TOML would have read it; a text that is no day is left as it is."""
    read = dict(table)
    for key in MOMENTS:
        if isinstance(read.get(key), str):
            read[key] = _moment(read[key])
    return read


def table_in(text: str) -> dict[str, Any]:
    """A rule that was written down as JSON; nothing where that is none."""
    read = json_in(text.encode())
    return with_moments(read) if isinstance(read, dict) else {}


def _moment(text: str) -> date | str:
    try:
        if len(text) == _DAY_CHARS:
            return date.fromisoformat(text)
        return datetime.fromisoformat(text)
    except ValueError:
        return text


def write_json(rules: Sequence[Mapping[str, Any]]) -> str:
    """Rules as one JSON document."""
    return json.dumps({RULE_KEY: [*map(without_moments, rules)]}, indent=2, ensure_ascii=False)


def without_moments(table: Mapping[str, Any]) -> dict[str, Any]:
    """A rule as JSON can have it."""
    return {
        key: value.isoformat() if isinstance(value, date) else value for key, value in table.items()
    }


def write_toml(rules: Sequence[Mapping[str, Any]]) -> str:
    """Rules as a file that `covey policy check` reads."""
    blocks = []
    for rule in rules:
        lines = [f"[[{RULE_KEY}]]"]
        for key, value in rule.items():
            if key == "when" and isinstance(value, Mapping):
                lines += [f"when.{_name(name)} = {_value(each)}" for name, each in value.items()]
            else:
                lines.append(f"{_name(key)} = {_value(value)}")
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _name(key: str) -> str:
    is_bare = key.isascii() and key.replace("_", "").replace("-", "").isalnum()
    return key if is_bare else _text(key)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_name(key)} = {_value(each)}" for key, each in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_value, value))}]"
    return _text(value) if isinstance(value, str) else str(value)


def _text(text: str) -> str:
    """A text of TOML in quotes; what JSON escapes TOML escapes alike, but for one character."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
