"""An operator sees what lists say, and adopts it whole or in part."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from federation.commands.rule_change import Ground
from federation.transport.client import Client
from federation.upkeep.lists import Library, run_once
from node.cli.opening import inside
from node.cli.policy_ground import ground_of
from node.clock import Clock
from node.config.rules import list_bytes
from node.reach import client_settings
from tests.cli.conftest import Covey, Ended
from tests.support.live_node import read_config

LIST = '\n[[list]]\nid = "partner"\nformat = "mastodon-csv"\nfile = "partner.csv"\n'
CSV = "#domain,#severity,#public_comment\nbad.example,suspend,Spam\ncom,suspend,\n"


@pytest.fixture
def policy(covey: Covey, node: Path) -> Covey:
    node.write_text(node.read_text() + LIST)
    (node.parent / "partner.csv").write_text(CSV)

    def run(*arguments: str | Path) -> Ended:
        return covey("policy", *arguments, "--config", node)

    return run


def read_lists(config_file: Path) -> None:
    """As a running node does when a list is due."""
    config = read_config(config_file)

    def ground(_: datetime) -> Ground:
        return ground_of(config, dry_run=False)

    async def read() -> None:
        async with Client(client_settings(config, "test")) as client:
            library = Library(client, lambda: ground(Clock().now()).written, ground, list_bytes)
            while await run_once(library, Clock().now()):
                pass

    inside(config, read)


def test_a_list_is_shown_compared_and_adopted(policy: Covey, node: Path) -> None:
    assert policy("lists").out.endswith("    not read yet\n")
    assert policy("diff", "partner").err.startswith("covey: That list was not read yet")
    assert policy("adopt", "partner").status == 1

    read_lists(node)

    (told,) = json.loads(policy("lists", "--json").out)
    assert (told["entries"], told["adopted"], told["drafts"], told["trouble"]) == (2, 0, 2, None)
    assert policy("diff", "partner").out == (
        "+ bad.example  reject  Spam\n? com  reject: com is a whole top-level domain\n"
    )
    would = policy("adopt", "partner", "--dry-run")
    assert would.out.startswith("would have adopted partner.bad.example")
    assert policy("show").out == "there are no rules in the database\n"

    adopted = policy("adopt", "partner", "--only", "bad.example")

    assert adopted.out == "adopted partner.bad.example\n"
    assert adopted.err == "1 entries differ from before\n"
    assert 'owner = "partner"' in policy("show", "partner.bad.example").out
    assert "2 entries, 1 hold, 1 wait" in policy("lists").out
    (deed,) = json.loads(policy("log", "--json").out)
    assert (deed["act"], deed["about"]) == ("list.adopted", "partner")
    assert json.loads(deed["detail"])["added"] == ["bad.example"]


def test_what_is_edited_by_hand_is_not_the_lists_any_more(policy: Covey, node: Path) -> None:
    read_lists(node)
    policy("adopt", "partner")

    changed = policy(
        "edit", "partner.bad.example", "--set", 'action="hold"', "--unset", "direction"
    )
    policy("lists", "--read", "partner")
    read_lists(node)

    assert changed.status == 0, changed.err
    assert "owner" not in policy("show", "partner.bad.example").out
    assert policy("diff", "partner").out == "? com  reject: com is a whole top-level domain\n"

    (node.parent / "partner.csv").write_text(CSV.replace("Spam", "Worse"))
    policy("lists", "--read", "partner")
    read_lists(node)
    assert "+ bad.example  reject  Worse" in policy("diff", "partner").out


def test_what_is_taken_back_by_hand_stays_so(policy: Covey, node: Path) -> None:
    read_lists(node)
    policy("adopt", "partner")

    assert policy("revert", "partner.bad.example").out == "reverted partner.bad.example\n"
    policy("lists", "--read", "partner")
    read_lists(node)

    assert "+" not in policy("diff", "partner").out
    assert policy("show").out == "there are no rules in the database\n"


def test_trouble_of_a_list_is_told(policy: Covey, node: Path) -> None:
    (node.parent / "partner.csv").write_text(CSV + "x\n")

    read_lists(node)

    assert "warning: partner:4: has 1 fields, and the header has 3" in policy("lists").out


def test_a_list_that_is_not_written_is_not_there(policy: Covey, node: Path) -> None:
    read_lists(node)
    for command in (("diff", "x"), ("adopt", "x"), ("lists", "--read", "x")):
        assert policy(*command).err.startswith("covey: x: no list of that name")

    node.write_text(node.read_text().replace(LIST, ""))

    assert policy("lists").out.startswith("partner  is not in the configuration any more")


def test_nobody_makes_a_rule_in_the_name_of_a_list(policy: Covey, node: Path) -> None:
    read_lists(node)

    made = policy(
        "add", "r", "--domain", "x.example", "--action", "drop", "--set", 'owner="partner"'
    )

    assert "owner is the list partner" in made.err
