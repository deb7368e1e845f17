"""What somebody has typed about a rule becomes the table that a file would have, or a mistake."""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any, Final

from federation.policy.facts import Direction, Stage
from federation.policy.lists.written import RULE_KEY, without_moments
from federation.policy.rule import BLOCKING, Action, Mode

STAGES: Final = tuple(stage.word for stage in Stage)
ACTIONS: Final = tuple(action.value for action in Action)
MODES: Final = tuple(mode.value for mode in reversed(Mode))
# With these a domain is let in or kept out as a whole.
WHOLE_DOMAINS: Final = frozenset({Action.ACCEPT, *BLOCKING})
_WORDS: Final = ("stage", "action", "mode", "category", "public_reason", "private_reason")
_DAYS: Final = ("expires", "review")


@dataclass(frozen=True, slots=True)
class Mistyped:
    """Why what was typed is no rule, for who typed it."""

    why: str


def table_of(fields: Mapping[str, str]) -> dict[str, Any] | Mistyped:
    """The rule of a form with a field for each key."""
    table: dict[str, Any] = {"id": fields.get("id", "").strip(), "stage": Stage.DOMAIN.word}
    for key in _WORDS:
        if fields.get(key, "").strip():
            table[key] = fields[key].strip()
    for key in _DAYS:
        written = fields.get(key, "").strip()
        try:
            table |= {key: date.fromisoformat(written)} if written else {}
        except ValueError:
            return Mistyped(f"{key} is no day like 2027-01-15.")
    more = _toml(fields.get("more", ""))
    if isinstance(more, Mistyped):
        return more
    domains = fields.get("domains", "").replace(",", " ").split()
    when = {**({"domain": domains} if domains else {}), **_when(more)}
    table |= more | ({"when": when} if when else {})
    is_whole = table["stage"] == Stage.DOMAIN.word and table.get("action") in WHOLE_DOMAINS
    if is_whole and when.keys() == {"domain"}:
        table.setdefault("direction", Direction.BOTH.value)
    return table


def table_in(text: str) -> dict[str, Any] | Mistyped:
    """The one rule that a text has, as in a file."""
    document = _toml(text)
    if isinstance(document, Mistyped):
        return document
    rules = document.get(RULE_KEY)
    is_one = isinstance(rules, list) and len(rules) == 1 and isinstance(rules[0], dict)
    if document.keys() != {RULE_KEY} or not isinstance(rules, list) or not is_one:
        return Mistyped("Write one rule, under [[rule]].")
    return dict(rules[0])


def mark_of(table: Mapping[str, Any]) -> str:
    """Tells whether a rule that is saved is the one whose preview was shown."""
    told = json.dumps(without_moments(table), sort_keys=True, default=str)
    return blake2b(told.encode(), digest_size=16).hexdigest()


def _when(table: Mapping[str, Any]) -> Mapping[str, Any]:
    when = table.get("when")
    return when if isinstance(when, Mapping) else {}


def _toml(text: str) -> dict[str, Any] | Mistyped:
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        return Mistyped(f"That is no TOML: {error}")
