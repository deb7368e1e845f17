"""What is excused from a check has its reason on the line above, and is counted."""

import re
from collections.abc import Iterator
from typing import Any

from tests.architecture.conftest import PACKAGES, named, sources

EXCUSE = re.compile(r"#\s*(noqa|type:\s*ignore)")
CODED = re.compile(r"#\s*(noqa: [A-Z]+[0-9]+|type: ignore\[[a-z-]+\])")


def excuses() -> Iterator[tuple[str, str, str]]:
    """Place, line and the line above of every excuse."""
    for path in sources(*PACKAGES):
        above = ""
        for number, line in enumerate(path.read_text().splitlines(), start=1):
            if EXCUSE.search(line):
                yield f"{named(path)}:{number}", line, above
            above = line


def test_every_excuse_names_its_code() -> None:
    assert [place for place, line, _ in excuses() if not CODED.search(line)] == []


def test_every_excuse_has_its_reason_on_the_line_above() -> None:
    assert [place for place, _, above in excuses() if not above.lstrip().startswith("#")] == []


def test_the_number_of_excuses_only_falls(settings: dict[str, Any]) -> None:
    assert sum(1 for _ in excuses()) <= settings["tool"]["covey"]["excuses"]
