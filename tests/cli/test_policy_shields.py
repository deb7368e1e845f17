"""Protection is raised and lowered at the machine."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Covey

SHIELDS = '\n[policy.shields]\ndefault_duration = "2h"\nstrangers = { message = "hold" }\n'


def test_protection_is_raised_shown_and_lowered(covey: Covey, node: Path) -> None:
    node.write_text(node.read_text() + SHIELDS)

    def shields(*words: str) -> str:
        return covey("policy", "shields", *words, "--config", node).out

    assert shields("status") == "protection is not raised\n"
    assert json.loads(shields("status", "--json")) == {"raised": False}
    assert shields("up", "--reason", "a wave").startswith("protection is raised until ")
    assert shields("status").endswith(": a wave\n")
    told = json.loads(shields("status", "--json"))
    assert (told["raised"], told["reason"]) == (True, "a wave")
    assert shields("down") == "protection is lowered\n"
    assert covey("policy", "shields", "down", "--config", node).status == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--for", "soon"), "--for is no length of time"),
        (("--for", "60d"), "for a minute to 30 days"),
        (("--reason", "x" * 501), "up to 500 characters"),
    ],
)
def test_what_cannot_be_raised_is_said(
    covey: Covey, node: Path, words: tuple[str, ...], said: str
) -> None:
    node.write_text(node.read_text() + SHIELDS)

    ended = covey("policy", "shields", "up", *words, "--config", node)

    assert ended.status == 1
    assert said in ended.err


def test_without_shields_in_the_configuration_there_is_nothing_to_raise(
    covey: Covey, node: Path
) -> None:
    assert "has no [policy.shields]" in covey("policy", "shields", "up", "--config", node).err
