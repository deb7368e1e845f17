"""Every line of the list that the group protocol ends with has a test that bears its number."""

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
NUMBERED = re.compile(r"def test_conformance_(\d+)_")
LINES = range(1, 104)


def test_every_line_of_the_list_has_its_test() -> None:
    found = {
        int(number)
        for path in TESTS.rglob("test_*.py")
        for number in NUMBERED.findall(path.read_text())
    }

    assert found == set(LINES)
