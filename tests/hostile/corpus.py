"""The attack corpus: what is tried, which statuses may answer, and what must hold."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("attack_corpus.json")
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


def id_in(test_name: str) -> str:
    """The entry that a test plays, named in its name: `test_s02_…` plays S02."""
    found = _IN_A_NAME.match(test_name)
    assert found is not None, f"{test_name} names no entry of the corpus"
    return found[1].upper()


def ids_played() -> set[str]:
    """The entries that some test of this folder plays."""
    text = "\n".join(path.read_text() for path in FILE.parent.glob("test_*.py"))
    return {found.upper() for found in re.findall(r"def test_([a-z]\d\d)_", text)}
