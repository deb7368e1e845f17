"""Every example in FEDERATION.md was recorded, is of the profile, or is what our builders make."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from federation.protocol.vocabulary import CONTEXT
from tests.support.documented import built
from tests.support.examples import written_out

ROOT = Path(__file__).parents[2]
SHOWN = [
    json.loads(each)
    for each in re.findall(r"```json\n(.*?)```", (ROOT / "FEDERATION.md").read_text(), re.DOTALL)
]
PROFILE = json.loads((ROOT / "tests" / "oracle" / "examples.json").read_text())
RECORDED = ".test/"


def recorded() -> list[Any]:
    """Every body that other servers sent, as far as it is JSON."""
    found = []
    for path in (ROOT / "tests" / "wire").glob("*/*.json"):
        try:
            found.append(json.loads(path.read_text()))
        except ValueError:
            continue
    return found


def without_proof(document: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in document.items() if key != "proof"}


def test_the_context_is_the_one_that_is_sent():
    assert [each for each in SHOWN if isinstance(each, list)] == [CONTEXT]


@pytest.mark.parametrize(
    "shown",
    [each for each in SHOWN if isinstance(each, dict)],
    ids=lambda each: f"{each['type']} {each.get('id', '')}",
)
def test_an_example_is_not_made_up(shown: dict[str, Any]):
    if RECORDED in shown.get("id", ""):
        assert shown in recorded()
    elif shown not in PROFILE.values():
        assert without_proof(written_out(shown)) in [dict(each) for each in built()]
