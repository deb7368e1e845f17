"""Files and functions keep to the size people like to read, or say why they do not."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.architecture.conftest import PACKAGES, named, sources

Settings = dict[str, Any]
FORBIDDEN_NAMES = {"utils", "util", "helpers", "common", "misc", "base", "manager", "service"}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    """Each function with its lines, its docstring left out."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            total = (node.end_lineno or node.lineno) - node.lineno + 1
            first = node.body[0]
            told = ast.get_docstring(node) is not None
            docstring = (first.end_lineno or 0) - first.lineno + 1 if told else 0
            yield f"{named(path)}:{node.name}", total - docstring


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def breaches(shape: Settings) -> set[str]:
    found = set()
    for path in sources(*PACKAGES):
        if lines(path) > shape["file_lines"]:
            found.add(named(path))
        found |= {name for name, size in functions(path) if size > shape["function_lines"]}
    return found


def test_what_is_too_long_has_a_reason_and_every_reason_is_needed(settings: Settings) -> None:
    shape = settings["tool"]["covey"]["shape"]

    assert breaches(shape) == set(shape["exceptions"])


def test_half_of_all_files_are_short(settings: Settings) -> None:
    shape = settings["tool"]["covey"]["shape"]

    assert statistics.median(map(lines, sources(*PACKAGES))) <= shape["file_lines_median"]


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [named(path) for path in sources(*PACKAGES) if path.stem in FORBIDDEN_NAMES] == []


def test_every_module_says_in_its_first_line_what_is_true() -> None:
    silent = []
    for path in sources(*PACKAGES):
        first = (ast.get_docstring(ast.parse(path.read_text())) or "").partition("\n")[0]
        if not first.endswith((".", ":", "?")):
            silent.append(named(path))
    assert silent == []
