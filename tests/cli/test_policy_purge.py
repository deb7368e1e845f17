"""An operator purges what is here from a domain that is kept out, and is asked for its name."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Covey, Ended

LONG_AGO = 1_000_000_000_000
NOW = 4_000_000_000_000


@pytest.fixture
def policy(covey: Covey, node: Path) -> Covey:
    def run(*arguments: str | Path) -> Ended:
        return covey("policy", *arguments, "--config", node)

    return run


def keep_out(node: Path, since: int) -> None:
    """As an upkeep has it for a server that is known."""
    with closing(sqlite3.connect(node.parent / "covey.db")) as database, database:
        database.execute(
            "INSERT INTO kept_out (host, rule_id, since) VALUES ('a.bad.example', 'bad', ?)",
            (since,),
        )


def test_it_is_asked_for_once_more_and_then_done(policy: Covey, node: Path) -> None:
    keep_out(node, LONG_AGO)
    words = "bad.example (a.bad.example): 0 messages, 0 follows, 0 held items\n"

    assert policy("purge", "bad.example", "--dry-run").out == f"would purge {words}"
    unsure = policy("purge", "bad.example")
    assert (unsure.status, unsure.out) == (1, "")
    assert "give --confirm bad.example" in unsure.err
    assert policy("purge", "bad.example", "--confirm", "good.example").status == 1
    done = policy("purge", "bad.example", "--confirm", "bad.example", "--json")

    assert json.loads(done.out) == {
        "domain": "bad.example",
        "hosts": ["a.bad.example"],
        "messages": 0,
        "follows": 0,
        "held": 0,
    }
    again = policy("purge", "bad.example", "--confirm", "bad.example")
    assert (again.status, "is purged already" in again.err) == (1, True)


def test_it_is_not_done_before_its_time_unless_somebody_insists(policy: Covey, node: Path) -> None:
    keep_out(node, NOW)

    early = policy("purge", "bad.example", "--confirm", "bad.example")
    insisted = policy("purge", "bad.example", "--before-grace", "--confirm", "bad.example")

    assert (early.status, "undo.grace ends" in early.err) == (1, True)
    assert insisted.status == 0


@pytest.mark.parametrize(
    ("domain", "said"),
    [("bad.example", "there is nothing to purge"), ("no domain", "no domain like example.org")],
)
def test_what_is_not_kept_out_is_refused(policy: Covey, domain: str, said: str) -> None:
    done = policy("purge", domain, "--confirm", domain)

    assert (done.status, done.out) == (1, "")
    assert said in done.err
