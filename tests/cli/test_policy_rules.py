"""An operator makes rules in the database, changes them and takes them back."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Covey, Ended

BAD = ("add", "bad", "--domain", "bad.example", "--action", "reject", "--reason", "Harassment")


@pytest.fixture
def policy(covey: Covey, node: Path) -> Covey:
    def run(*arguments: str | Path) -> Ended:
        return covey("policy", *arguments, "--config", node)

    return run


def shown(policy: Covey) -> list[dict[str, str]]:
    rules: list[dict[str, str]] = json.loads(policy("show", "--json").out)
    return rules


def acts(policy: Covey) -> list[tuple[str, str]]:
    return [(each["act"], each["about"]) for each in json.loads(policy("log", "--json").out)]


def test_a_fresh_node_has_no_rules(policy: Covey) -> None:
    assert policy("show").out == "there are no rules in the database\n"
    assert policy("log").out == "nothing was done\n"
    assert policy("export").out == ""


def test_a_rule_is_made_shown_changed_and_taken_back(policy: Covey) -> None:
    added = policy(*BAD, "--review", "2099-01-15", "--set", "priority=3")

    assert (added.status, added.out, added.err) == (0, "added bad\n", "")
    assert policy("show", "bad").out == (
        '[[rule]]\nid = "bad"\nstage = "domain"\nwhen.domain = ["bad.example"]\n'
        'action = "reject"\ndirection = "both"\npublic_reason = "Harassment"\n'
        "review = 2099-01-15\npriority = 3\n"
    )
    assert "domain     reject   review 2099-01-15" in policy("show").out
    changed = policy("edit", "bad", "--set", 'mode="observe"', "--unset", "review")
    assert changed.out == "changed bad\n"
    (rule,) = shown(policy)
    assert (rule["mode"], "review" in rule, rule["id"]) == ("observe", False, "bad")
    assert policy("revert", "bad", "--reason", "They said sorry").out == "reverted bad\n"
    assert shown(policy) == []
    assert acts(policy) == [
        ("rule.reverted", "bad"),
        ("rule.changed", "bad"),
        ("rule.added", "bad"),
    ]
    assert "They said sorry" in policy("log").out


def test_a_rule_ends_at_its_time_or_at_once(policy: Covey) -> None:
    policy(*BAD, "--expires", "2099-07-01")
    assert shown(policy)[0]["expires"] == "2099-07-01"

    ended = policy("expire", "bad")
    again = policy("expire", "bad")
    brought_back = policy("edit", "bad", "--unset", "expires")

    assert ended.out.startswith("ended bad")
    assert again.err == "covey: That rule is over already.\n"
    assert brought_back.out == "changed bad\n"
    assert policy("expire", "bad", "--at", "2098-01-01").status == 0
    assert shown(policy)[0]["expires"].startswith("2098-01-01")


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(policy: Covey) -> None:
    told = policy(*BAD, "--dry-run", "--json")

    assert json.loads(told.out) == {
        "rules": ["bad"],
        "members_removed": 0,
        "groups_here": 0,
        "people_leaving": 0,
        "groups_there": 0,
        "deliveries_ended": 0,
        "warnings": [],
    }
    assert policy(*BAD, "--dry-run").out == "would have added bad\n"
    assert (shown(policy), acts(policy)) == ([], [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("add", "r", "--domain", "alpha.test", "--action", "reject"),
            "domain would reject this node's own host alpha.test",
        ),
        (
            ("add", "r", "--domain", "test", "--action", "drop"),
            "domain would drop this node's own host alpha.test",
        ),
        (
            ("add", "r", "--action", "reject"),
            "would reject everything: no condition leaves anybody out",
        ),
        (("add", "r r", "--action", "reject", "--domain", "a.example"), "id is no id"),
        (("add", "r", "--domain", "https://a.example", "--action", "reject"), "no domain like"),
        (("add", "r", "--domain", "a.example"), "action or show is missing"),
        (("add", "r", "--domain", "a.example", "--set", "colour=3"), "colour is no key here"),
        (
            (
                "add",
                "r",
                "--domain",
                "a.example",
                "--action",
                "drop",
                "--set",
                'when.label=["spam"]',
            ),
            "when.label is not enforced yet",
        ),
        (("edit", "r", "--unset", "x"), "There is no such rule in the database."),
        (("revert", "r"), "There is no such rule in the database."),
        (("expire", "r"), "There is no such rule in the database."),
        (("show", "r"), "There is no such rule in the database."),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    policy: Covey, arguments: tuple[str, ...], said: str
) -> None:
    ended = policy(*arguments)

    assert ended.status == 1
    assert said in ended.err
    assert (shown(policy), acts(policy)) == ([], [])


@pytest.mark.parametrize(
    "arguments",
    [
        ("edit", "r"),
        ("edit", "r", "--set", "x"),
        ("add", "r", "--expires", "soon"),
        ("expire", "r", "--at", "soon"),
    ],
)
def test_what_is_used_wrongly_says_how(policy: Covey, arguments: tuple[str, ...]) -> None:
    assert policy(*arguments).status == 2


def test_no_id_is_there_twice_in_the_database_or_in_files(policy: Covey, node: Path) -> None:
    policy(*BAD)
    node.write_text(
        node.read_text()
        + '\n[[rule]]\nid = "filed"\nstage = "domain"\nwhen.domain = "f.example"\naction = "drop"\n'
    )

    again = policy(*BAD)
    filed = policy("add", "filed", "--domain", "a.example", "--action", "reject")

    assert again.err == "covey: database: rule bad: id is there already\n"
    assert f"rule filed: stands in {node}" in filed.err
    assert [each["id"] for each in shown(policy)] == ["bad"]


def test_rules_that_are_in_each_others_way_are_warned_of(policy: Covey) -> None:
    policy(*BAD)

    second = policy("add", "b", "--domain", "x.bad.example", "--action", "reject")
    told = policy("check")

    assert second.status == 0
    assert "2 rules and 0 lists can be read" in told.out


def test_rules_are_exported_and_imported_as_they_are(policy: Covey, tmp_path: Path) -> None:
    policy(*BAD, "--expires", "2099-07-01", "--private-reason", "case 3")
    policy("add", "friends", "--domain", "f.example", "--action", "accept", "--set", "final=true")
    for kind in ("toml", "json"):
        file = tmp_path / f"rules.{kind}"
        file.write_text(policy("export", "--format", kind).out)
        before = shown(policy)
        for each in before:
            policy("revert", each["id"])

        imported = policy("import", file, "--format", kind)

        assert (imported.status, imported.out) == (0, "imported bad, friends\n"), imported.err
        untimed = [{**each, "created": "", "changed": ""} for each in shown(policy)]
        assert untimed == [{**each, "created": "", "changed": ""} for each in before]


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("x = [", "toml", "is no TOML"),
        ("[policy]\n", "toml", "has other things than [[rule]], or none of them"),
        ("rule = [1]\n", "toml", "rule is written as [[rule]]"),
        ("[]", "json", "is no object with a list of rules"),
        (
            (
                '[[rule]]\nid = "a"\nstage = "domain"\nwhen.domain = "a.example"\naction = "drop"\n'
                '[[rule]]\nid = "b"\nstage = "home"\n[[rule]]\nid = "c"\nx = 1\n'
            ),
            "toml",
            "database: rule b: stage is one of",
        ),
        (
            2
            * '[[rule]]\nid = "a"\nstage = "domain"\nwhen.domain = "a.example"\naction = "drop"\n',
            "toml",
            "an id is there twice",
        ),
    ],
)
def test_with_one_mistake_in_it_nothing_is_imported(
    policy: Covey, tmp_path: Path, text: str, kind: str, said: str
) -> None:
    file = tmp_path / "rules"
    file.write_text(text)

    ended = policy("import", file, "--format", kind)

    assert ended.status == 1
    assert said in ended.err
    assert (shown(policy), acts(policy)) == ([], [])


def test_what_is_kept_out_is_written_for_other_servers(policy: Covey) -> None:
    policy(*BAD, "--private-reason", "case 3")
    policy("block", "blocked.example", "--reason", "Spam")
    policy("add", "f", "--domain", "f.example", "--action", "accept")
    policy("add", "d", "--domain", "d.example", "--action", "drop", "--expires", "2099-01-01")

    told = policy("export", "--format", "mastodon-csv")
    private = policy("export", "--format", "mastodon-csv", "--with-private")
    fires = json.loads(policy("export", "--format", "fires").out)

    assert told.out.splitlines() == [
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate",
        "bad.example,suspend,false,false,Harassment,false",
        "blocked.example,suspend,false,false,Spam,false",
        "d.example,suspend,false,false,,false",
    ]
    assert told.err.splitlines() == [
        "3 domains written",
        "1 rules are left out, which say what it cannot: f",
        "1 rules end by a date, which it does not say",
    ]
    assert "case 3" in private.out
    advice = {each["entityKey"]: each["recommendedPolicy"] for each in fires["orderedItems"]}
    assert advice == {
        "bad.example": "reject",
        "blocked.example": "reject",
        "d.example": "drop",
        "f.example": "accept",
    }
    assert acts(policy)[0] == ("policy.exported", "fires")


BLOCKS = """\
#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
a.example,suspend,false,false,,false
alpha.test,suspend,false,false,,false
b.example,suspend,true,false,,false
c.example,suspend,false,false,"Spam, much",true
d.example,silence,false,false,,false
"""


def test_blocks_of_others_are_taken_over_and_exported_again(policy: Covey, tmp_path: Path) -> None:
    file = tmp_path / "blocks.csv"
    file.write_text(BLOCKS)
    take = ("import", file, "--format", "mastodon-csv", "--name", "partner")

    foreseen = policy(*take, "--dry-run")
    nothing = shown(policy)
    taken = policy(*take)
    first = policy("export", "--format", "mastodon-csv").out
    for each in shown(policy):
        policy("revert", each["id"])
    file.write_text(first)
    policy(*take)

    assert (nothing, foreseen.err) == ([], taken.err)
    assert taken.err.splitlines() == [
        "left out are 1 that are about this server: alpha.test",
        "4 entries become 3 rules",
    ]
    assert first.splitlines()[1:] == [
        "a.example,suspend,false,false,,false",
        "b.example,suspend,false,false,,false",
        'c.example,suspend,false,false,"Spam, much",true',
        "d.example,silence,true,false,,false",
    ]
    assert policy("export", "--format", "mastodon-csv").out == first
    assert {each["owner"] for each in shown(policy)} == {"partner"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#domain\na.example\nno domain\n", "blocks.csv:3: has 'no domain'"),
        ("#domain\nalpha.test\n", "nothing in it can become a rule"),
    ],
)
def test_a_list_with_a_mistake_is_not_taken(
    policy: Covey, tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "blocks.csv"
    file.write_text(text)

    ended = policy("import", file, "--format", "mastodon-csv")

    assert ended.status == 1
    assert said in ended.err
    assert shown(policy) == []


def test_rules_of_the_database_are_checked_beside_those_of_files(policy: Covey) -> None:
    policy(*BAD)
    policy("expire", "bad")

    checked = policy("check")

    assert "warning: database: rule bad: expired: it stops at" in checked.out
    assert "1 rules and 0 lists can be read" in checked.out
