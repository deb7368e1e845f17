"""An operator writes rules to a file, has them checked, and sees what they come to."""

import json
from pathlib import Path

import pytest

from federation.protocol import strict_json
from tests.cli.conftest import Covey

RULES = """\
[[rule]]
id = "bad"
stage = "domain"
when.domain = ["bad.example"]
action = "reject"
public_reason = "Harassment"
show = ["strip_media"]

[[rule]]
id = "flood"
stage = "behaviour"
mode = "observe"
when.relation = "stranger"
when.recipients = ">1"
action = "drop"

[[rule]]
id = "new"
stage = "behaviour"
direction = "out"
when.local_account_age = "<7d"
action = "reject"
"""
CREATE = {
    "id": "https://new.example/n/1/create",
    "type": "Create",
    "actor": "https://new.example/u/eve",
    "to": ["https://alpha.test/u/al", "https://alpha.test/u/bo"],
    "object": {
        "id": "https://new.example/n/1",
        "type": "Note",
        "attributedTo": "https://new.example/u/eve",
        "content": "secret words",
    },
}


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "rules.toml"
    path.write_text(RULES)
    return path


def test_rules_without_a_mistake_are_counted(covey: Covey, rules: Path) -> None:
    checked = covey("policy", "check", "rules.toml")

    assert (checked.status, checked.err) == (0, "")
    assert checked.out.splitlines()[-1] == "3 rules and 0 lists can be read"


def test_every_mistake_is_on_a_line_with_its_place(covey: Covey, rules: Path) -> None:
    rules.write_text(RULES.replace('"domain"', '"home"').replace("recipients", "colour"))

    checked = covey("policy", "check", "rules.toml")

    assert (checked.status, checked.out) == (3, "")
    stages = "connection, domain, actor, behaviour, content, recipient"
    assert checked.err.splitlines() == [
        f"rules.toml:3: rule bad: stage is one of {stages}",
        "rules.toml:14: rule flood: when.colour is no fact that a rule can ask for",
    ]
    told = json.loads(covey("policy", "check", "rules.toml", "--json").out)
    assert told["problems"][1] == {
        "file": "rules.toml",
        "line": 14,
        "subject": "rule flood",
        "reason": "when.colour is no fact that a rule can ask for",
    }


def test_a_warning_is_no_failure(covey: Covey, rules: Path) -> None:
    rules.write_text(RULES + "expires = 2026-01-01\n")

    checked = covey("policy", "check", "rules.toml")
    told = json.loads(covey("policy", "check", "rules.toml", "--json").out)

    assert checked.status == 0
    line = "rules.toml:17: rule new: expired: it stops at 2026-01-01 00:00 UTC"
    assert checked.out.splitlines()[0] == f"warning: {line}"
    assert (told["rules"], told["problems"]) == (3, [])
    assert told["warnings"] == [
        {
            "file": "rules.toml",
            "line": 17,
            "rule": "new",
            "fault": "expired",
            "reason": "it stops at 2026-01-01 00:00 UTC",
        }
    ]


def test_a_rule_against_this_node_is_a_mistake(covey: Covey, rules: Path, node: Path) -> None:
    rules.write_text(RULES.replace("bad.example", "test"))

    checked = covey("policy", "check", "rules.toml", "--config", node)

    assert checked.status == 3
    assert (
        "rules.toml:4: rule bad: domain would reject this node's own host alpha.test" in checked.err
    )


@pytest.mark.parametrize(
    ("content", "status", "said"),
    [
        (None, 3, "list l: gone.txt cannot be read: No such file or directory"),
        (b"\xff", 3, "list l: gone.txt is no text in UTF-8"),
        (b"192.0.2.0/24\nx", 3, "list l: gone.txt has in line 2 no network"),
        (b"192.0.2.0/24", 0, ""),
    ],
)
def test_a_list_is_read_beside_the_file_that_names_it(
    covey: Covey, rules: Path, content: bytes | None, status: int, said: str
) -> None:
    rules.write_text('[[list]]\nid = "l"\nformat = "cidr"\nfile = "gone.txt"\n')
    if content is not None:
        (rules.parent / "gone.txt").write_bytes(content)

    checked = covey("policy", "check", rules)

    assert checked.status == status
    assert said in checked.err


def test_a_domain_is_explained(covey: Covey, rules: Path) -> None:
    told = covey("policy", "explain", "--rules", "rules.toml", "--domain", "X.bad.example")

    assert told.status == 0
    said = told.out.splitlines()
    assert said[:3] == [
        "result: reject: by a rule, bad (rules.toml:1)",
        "reason: Harassment",
        "shown otherwise: strip_media",
    ]
    assert said[-1].strip().startswith("behaviour  new [x.bad.example]  not tried: it is for what")


def test_an_activity_is_explained_without_its_words(covey: Covey, rules: Path) -> None:
    (rules.parent / "create.json").write_text(json.dumps(CREATE))
    asked = ("policy", "explain", "--rules", "rules.toml", "--activity", "create.json")
    facts = ("--fact", "relation=stranger", "--as-of", "2026-12-01")

    words = covey(*asked, *facts)
    told = strict_json.loads(covey(*asked, *facts, "--json").out.encode())

    assert "result: accept: no rule says otherwise" in words.out
    assert "if what observes were enforced: drop: by a rule, flood" in words.out
    assert "secret" not in words.out
    assert told["as_of"] == "2026-12-01T00:00:00.000Z"
    assert (told["result"]["action"], told["if_enforced"]["rule"]) == ("accept", "flood")
    (flood,) = [each for each in told["rules"] if each["id"] == "flood"]
    assert (flood["outcome"], flood["facts"]) == (
        "matched",
        {"relation": "stranger", "recipients": "2"},
    )


def test_what_goes_out_is_explained(covey: Covey, rules: Path) -> None:
    asked = ("policy", "explain", "--rules", "rules.toml", "--actor", "@al@alpha.test")

    told = covey(*asked, "--outgoing", "--fact", "local_account_age=3d")

    assert told.out.startswith("result: reject: by a rule, new (rules.toml:17)")
    assert "fact actor: @al@alpha.test" in told.out


def test_where_there_is_no_rule_none_is_listed(covey: Covey, rules: Path) -> None:
    rules.write_text("")

    told = covey("policy", "explain", "--rules", rules, "--actor", "https://a.example/u/x")

    assert told.out.endswith("they count:\n  none\n")


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        ((), 2, "give one of --activity, --actor and --domain"),
        (("--domain", "a.example", "--actor", "@a@a.example"), 2, "give one of"),
        (("--domain", "192.0.2.1"), 1, "That is no domain like example.org."),
        (("--domain", "a.example", "--fact", "x=1"), 2, "x is no fact that can be told"),
        (("--domain", "a.example", "--as-of", "soon"), 2, "is no day or time"),
        (("--activity", "gone.json"), 1, "gone.json: No such file"),
        (("--activity", "rules.toml"), 1, "rules.toml: "),
    ],
)
def test_a_question_that_cannot_be_answered_ends_with_a_line(
    covey: Covey, rules: Path, arguments: tuple[str, ...], status: int, said: str
) -> None:
    ended = covey("policy", "explain", "--rules", "rules.toml", *arguments)

    assert ended.status == status
    assert said in ended.err


def test_rules_that_cannot_be_read_explain_nothing(covey: Covey, rules: Path) -> None:
    rules.write_text("[[rule]]")

    ended = covey("policy", "explain", "--rules", "rules.toml", "--domain", "a.example")

    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith("rules.toml:1: rule number 1: id is missing\n")


@pytest.mark.parametrize(
    "text", [f'{RULES}when.label = ["spam"]\n', '[policy]\nfiles = ["rules.toml"]\n']
)
def test_a_node_does_not_take_rules_that_it_would_not_enforce(
    covey: Covey, node: Path, text: str
) -> None:
    node.write_text(f"{node.read_text()}\n{text}")

    checked = covey("config", "check", "--config", node)

    assert checked.status == 3
