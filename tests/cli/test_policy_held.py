"""A moderator sees at the machine what is held and decided, lets it go and drops it."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import Covey

ACTOR = "https://gts.test/users/dana"
HELD = """
INSERT INTO policy_held (id, actor_uri, activity_id, person, host, rule_id, type, facts, body,
  held_at)
VALUES (?, ?, ?, 'https://alpha.test/u/al', 'gts.test', 'fresh', 'Create', '{"links": "1"}',
  X'7B7D', 1796000000000)
"""
DECIDED = """
INSERT INTO policy_decision (id, at, activity_id, actor_uri, host, person, stage, action, rule_id,
  because, tried, facts, version)
VALUES ('01', 1796000000000, 'https://gts.test/1', ?, 'gts.test', '', 'behaviour', 'hold', 'fresh',
  'by a rule', '[["fresh", "matched", "enforce"]]', '{"links": "1"}', '')
"""


@pytest.fixture
def database(node: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(node.parent / "covey.db")
    with connection:
        for number in ("01", "02"):
            connection.execute(HELD, [number, ACTOR, f"https://gts.test/{number}"])
        connection.execute(DECIDED, [ACTOR])
    return connection


def states(database: sqlite3.Connection) -> list[tuple[str, str]]:
    return database.execute("SELECT id, state FROM policy_held ORDER BY id").fetchall()


def test_what_is_held_is_listed_without_a_word_of_it(
    covey: Covey, node: Path, database: sqlite3.Connection
) -> None:
    listed = covey("policy", "held", "list", "--config", node)
    told = json.loads(covey("policy", "held", "list", "--json", "--config", node).out)

    assert listed.out.splitlines()[0] == f"01  Create of {ACTOR} for https://alpha.test/u/al"
    assert "by fresh" in listed.out
    assert (told[0]["rule"], told[0]["facts"], told[0]["free_at"]) == (
        "fresh",
        {"links": "1"},
        None,
    )
    assert states(database) == [("01", "waiting"), ("02", "waiting")]


def test_items_are_let_go_and_dropped(
    covey: Covey, node: Path, database: sqlite3.Connection
) -> None:
    assert covey("policy", "held", "release", "01", "--config", node).out == "1 items released\n"
    dropped = covey("policy", "held", "drop", "--host", "gts.test", "--config", node)

    assert dropped.out == "1 items dropped\n"
    assert states(database) == [("01", "released"), ("02", "dropped")]
    assert [row[0] for row in database.execute("SELECT activity_id FROM inbox_entry")] == [
        "https://gts.test/01"
    ]
    acts = [row[0] for row in database.execute("SELECT act FROM audit ORDER BY n")]
    assert acts[-2:] == ["held.released", "held.dropped"]
    again = covey("policy", "held", "release", "01", "--config", node)
    assert (again.status, again.err) == (1, "covey: nothing like that is held\n")


def test_somebody_says_which_items(covey: Covey, node: Path) -> None:
    assert covey("policy", "held", "list", "--config", node).out == "nothing is held\n"
    assert covey("policy", "held", "drop", "--config", node).status == 2


def test_a_decision_is_explained_as_it_was_recorded(
    covey: Covey, node: Path, database: sqlite3.Connection
) -> None:
    asked = ("policy", "explain", "--recorded", "https://gts.test/1", "--config", node)
    told = covey(*asked)
    as_json = json.loads(covey(*asked, "--json").out)

    assert told.out.splitlines()[0].endswith("hold, by the rule fresh (behaviour): by a rule")
    assert "  fresh: matched (enforce)" in told.out.splitlines()
    assert as_json[0]["tried"] == [{"rule": "fresh", "outcome": "matched", "mode": "enforce"}]
    unknown = covey("policy", "explain", "--recorded", "https://gts.test/2", "--config", node)
    assert unknown.status == 1
