"""The scenarios of faults, which test plays each, and which are in the part that is asked for."""

import json
import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("fault_scenarios.json")
HERE = FILE.parent
# A browser plays it: beside the other tests that need one.
ELSEWHERE = (HERE.parent / "e2e" / "test_faults.py",)
_NAME = re.compile(r"def test_(f\d\d)_")


@dataclass(frozen=True, slots=True)
class Scenario:
    """One fault, and what must hold all the same."""

    id: str
    fault: str
    databases: tuple[str, ...]


@cache
def scenarios() -> dict[str, Scenario]:
    """Every scenario by its id."""
    return {
        one["id"]: Scenario(one["id"], one["fault"], tuple(one["databases"]))
        for one in json.loads(FILE.read_text())
    }


def ids_played() -> set[str]:
    """The scenarios that some test plays, by its name: `test_f05_…` plays F05."""
    files = [*HERE.glob("test_*.py"), *(file for file in ELSEWHERE if file.exists())]
    text = "\n".join(file.read_text() for file in files)
    return {found.upper() for found in _NAME.findall(text)}


def seeds(default: int = 1) -> list[int]:
    """The seeds to play: `SEED=` names the first, `RUNS=` how many."""
    first = int(os.environ.get("SEED") or "1")
    return list(range(first, first + int(os.environ.get("RUNS") or default)))
