"""The attack corpus: what is tried, which statuses may answer, and what must hold."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

FILE = Path(__file__).with_name("attack_corpus.json")
CONTROL = "positive control"
_IN_A_NAME = re.compile(r"test_([a-z]\d\d)_")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the corpus.

    Attributes:
        statuses: What may answer; empty if no single answer is judged.
    """

    id: str
    title: str
    statuses: frozenset[int]


@cache
def corpus() -> dict[str, Entry]:
    """Every entry by its id."""
    return {
        one["id"]: Entry(one["id"], one["title"], frozenset(one["expect_status"]))
        for one in json.loads(FILE.read_text())
    }


def find_id_in(test_name: str) -> str | None:
    """The entry that a test plays, named in its name: `test_s02_…` plays S02."""
    found = _IN_A_NAME.match(test_name)
    return None if found is None else found[1].upper()


def id_in(test_name: str) -> str:
    """The same, of a test that must play one."""
    found = find_id_in(test_name)
    assert found is not None, f"{test_name} names no entry of the corpus"
    return found


def ids_in(part: str) -> frozenset[str]:
    """The entries of a part such as "2/3", all for ""; a part has every positive control.

    They are dealt out like cards, so that a part has some of each group.
    """
    which, _, of = (part or "1/1").partition("/")
    if not (which.isdigit() and of.isdigit() and 1 <= int(which) <= int(of)):
        raise pytest.UsageError(f"PART={part} is not like 2/3")
    return frozenset(
        one.id
        for number, one in enumerate(corpus().values())
        if number % int(of) == int(which) - 1 or CONTROL in one.title.lower()
    )


def ids_played() -> set[str]:
    """The entries that some test of this folder plays."""
    text = "\n".join(path.read_text() for path in FILE.parent.glob("test_*.py"))
    return {found.upper() for found in re.findall(r"def test_([a-z]\d\d)_", text)}
