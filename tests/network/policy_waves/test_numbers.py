"""Every numbered scenario and story of the policy has a test that carries its number."""

import re
from pathlib import Path
from typing import Final

from tests.network.policy_waves.scenarios import SCENARIOS

TESTS: Final = Path(__file__).parents[2]
# Such as `async def test_01_06_the_wave…`.
NAMED: Final = re.compile(r"^(?:async )?def test_((?:\d\d_)+)\w", re.MULTILINE)


def test_no_scenario_is_without_a_test() -> None:
    found = {
        int(number)
        for folder in ("network", "mastodon")
        for file in (TESTS / folder).rglob("test_*.py")
        for numbers in NAMED.findall(file.read_text())
        for number in numbers.strip("_").split("_")
    }

    assert found == SCENARIOS.keys()
