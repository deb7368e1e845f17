"""Keys are listed and made anew from the command line."""

import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Covey, Ended

AL = "https://alpha.test/u/al"


@pytest.fixture
def keys(covey: Covey, node: Path, monkeypatch: pytest.MonkeyPatch) -> Covey:
    """`covey keys …` of a node that has served, with al as its only person."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    return lambda *arguments: covey("keys", *arguments, "--config", node)


def ids(ended: Ended) -> list[str]:
    assert ended.status == 0, ended.err
    return [one["id"] for one in json.loads(ended.out)]


def test_an_account_gets_new_keys(keys: Covey, covey: Covey, node: Path) -> None:
    assert covey("user", "add", "al", "--config", node).status == 0
    first = ids(keys("list", "al", "--json"))

    rotated = keys("rotate", "al")
    listed = keys("list", "al")

    assert first == [f"{AL}#main-key", f"{AL}#ed25519-key"]
    assert rotated.status == 0
    rsa, ed25519 = rotated.out.splitlines()
    assert rsa.startswith(f"{AL}#main-key-")
    assert ed25519.startswith(f"{AL}#ed25519-key-")
    lines = listed.out.splitlines()
    assert len(lines) == 3
    assert next(line for line in lines if "retired" in line).startswith(f"{AL}#ed25519-key ")


def test_what_is_compromised_is_listed_no_more(keys: Covey, covey: Covey, node: Path) -> None:
    covey("user", "add", "al", "--config", node)

    rotated = ids(keys("rotate", "al", "--compromised", "--json"))

    assert ids(keys("list", "al", "--json")) == rotated
    assert len(rotated) == 2


def test_everybody_gets_new_keys_unless_somebody_is_named(
    keys: Covey, covey: Covey, node: Path
) -> None:
    covey("user", "add", "al", "--config", node)
    covey("user", "add", "bo", "--config", node)

    rotated = ids(keys("rotate", "--json"))

    assert {one.partition("#")[0] for one in rotated} == {AL, "https://alpha.test/u/bo"}
    assert len(ids(keys("rotate", "--all", "--json"))) == len(rotated)


def test_whose_keys_must_be_clear(keys: Covey) -> None:
    nobody = keys("rotate", "bo")
    both = keys("rotate", "bo", "--all")

    assert (nobody.status, both.status) == (1, 2)
    assert nobody.err == "covey: nobody here is called bo, or they have no keys\n"
