"""Policy files are read as a whole, or every mistake in them is told with its line."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from federation.policy.expressions import Wrong
from federation.policy.facts import Stage
from federation.policy.problem import Source, Unreadable
from federation.policy.read_policy import RULES_MAX, lists_in, read_policy
from federation.policy.rule import Action, Effect, Federation, Hold, Mode
from tests.support.rules import mistakes, policy, rule

COMPLETE = (Path(__file__).parent / "fixtures" / "complete.toml").read_text()
DOOR = 'stage = "connection"\nwhen.path = "/inbox"\n'
ADDRESS = """action = "limit"
limit = { key = "address", rate = "1/hour", burst = 1, over = "drop" }
"""
ACTOR = 'stage = "actor"\naction = "hold"\n'
ADDRESSED = 'stage = "connection"\naction = "drop"\n'
WHEN = 'stage = "content"\naction = "hold"\n'


def test_a_complete_file_is_read() -> None:
    read = policy(COMPLETE, entries={"tor-exits": "192.0.2.0/24\n"})

    by_id = {each.id: each for each in read.rules}
    assert len(by_id) == 14
    assert [each.id for each in read.lists][-1] == "both-agree"
    assert read.lists[-1].of == ("list-a", "list-b")
    assert (read.mode, read.federation, read.on_error) == (
        Mode.ENFORCE,
        Federation.OPEN,
        Action.HOLD,
    )
    assert read.rule_timeout == timedelta(milliseconds=20)
    assert read.tables["undo"] == {"grace": timedelta(days=30), "purge": "manual"}
    bad = by_id["bad-example"]
    assert (bad.stage, bad.category, bad.notify_members) == (Stage.DOMAIN, "harassment", True)
    assert bad.review == datetime(2027, 1, 15, tzinfo=UTC)
    assert bad.place.line == COMPLETE.split("\n").index('id = "bad-example"')
    assert by_id["pictures-from-example"].show == {Effect.STRIP_MEDIA, Effect.NO_PREVIEW}
    assert by_id["fresh-server"].hold == Hold(timedelta(hours=72), 0)
    assert by_id["same-text-fast"].hold_earlier
    limit = by_id["own-new-accounts"].limit
    assert limit is not None
    assert (limit.rate.tokens, limit.rate.per, limit.over) == (
        *(10, timedelta(hours=1)),
        Action.REJECT,
    )


def test_nothing_at_all_is_a_policy_that_lets_in() -> None:
    assert policy("").rules == ()


# What is written, and what is said of it.
MISTAKES = [
    ("x = [", "no TOML"),
    ("x = 1", "rules.toml: x is no part of a policy file"),
    ("policy = 3", "policy is no table"),
    ("rule = 3", "rule is written as [[rule]]"),
    ("rule = [1]", "rule is written as [[rule]]"),
    ("[rules]", "rules.toml:1: rules is no part of a policy file"),
    ('[policy]\nmode = "loud"', "rules.toml:2: policy: mode is one of off, observe, enforce"),
    ("[policy]\nloud = 1", "rules.toml:2: policy: loud is no key here"),
    ('[policy]\non_error = "reject"', "on_error is one of accept, hold, drop"),
    ('[policy]\nrule_timeout = "20"', "rule_timeout is no length of time"),
    ('[policy]\nrule_timeout = "99999999d"', "longer than a hundred years"),
    ("[policy]\nundo = 1", "undo is no table"),
    ("[policy.undo]\nx = 1", "undo x is no key here"),
    ('[policy.disclosure]\nto_sender = "all"', "disclosure to_sender is one of none"),
    ('[policy.shields]\nrules = ["gone"]', "shields name the rule 'gone', which is not there"),
    ("[policy.shields]\nrules = []", "is no list of 1 to 1000 ids"),
    ("[[rule]]", "rules.toml:1: rule number 1: id is missing"),
    ('[[rule]]\nid = "a b"', "rules.toml:2: rule a b: id is no id"),
    ('[[rule]]\nid = "r"', "rule r: stage is missing"),
    (rule('stage = "worker"'), "rules.toml:3: rule r: stage is one of connection, domain"),
    (rule(ACTOR) + rule(ACTOR), "rules.toml:6: rule r: id is there twice"),
    (rule('stage = "actor"'), "action or show is missing"),
    (rule('stage = "actor"\naction = "keep"'), "action is one of accept, request"),
    (rule('stage = "actor"\nshow = []'), "show is a list of strip_media"),
    (rule('stage = "actor"\nshow = ["all"]'), "show is one of strip_media"),
    (rule(ACTOR + 'priority = "high"'), "priority is no whole number"),
    (rule(ACTOR + "priority = true"), "priority is no whole number"),
    (rule(ACTOR + "final = 1"), "final is true or false"),
    (rule(ACTOR + "final = true"), 'final belongs to action = "accept"'),
    (rule(ACTOR + 'expires = "2027-01-01"'), "expires is no day like"),
    (rule(ACTOR + "expires = 0001-01-01T00:00:00+23:00"), "expires is before or after all time"),
    (rule(ACTOR + f'public_reason = "{"x" * 501}"'), "is no text of up to 500 characters"),
    (rule(ACTOR + "then = { hold_earlier = true }"), "then belongs to a rule that holds what"),
    (rule('stage = "actor"\naction = "limit"'), 'limit is there with action = "limit"'),
    (rule(ACTOR + "limit = {}"), "limit burst is missing"),
    (
        rule(
            'stage = "domain"\naction = "limit"\n'
            'limit = { key = "actor", rate = "1/day", burst = 1, over = "drop" }'
        ),
        "limit has a key that is not known at this stage",
    ),
    (
        rule(
            'stage = "actor"\naction = "limit"\n'
            'limit = { key = "actor", rate = "1 day", burst = 0, over = "limit" }'
        ),
        "limit rate is no rate like",
    ),
    (
        rule('stage = "actor"\naction = "accept"\nhold = { if_reports = 1 }'),
        "hold belongs to a rule that holds",
    ),
    (rule('stage = "recipient"\naction = "accept"'), "action can only tighten"),
    (rule("stage = 'actor'\naction = 'drop'"), "action would drop everything"),
    (
        rule('stage = "connection"\naction = "reject"\nwhen.cidr = "0.0.0.0/0"'),
        "action would reject everything",
    ),
    (
        rule('stage = "actor"\naction = "drop"\nwhen.any = [{ actor = "@*@*" }, { bot = true }]'),
        "action would drop everything",
    ),
    (
        rule('stage = "domain"\naction = "reject"\nwhen.domain = ["a.example", "test"]'),
        "domain would reject this node's own host own.test",
    ),
    (rule(WHEN + "when = 3"), "when is no table of conditions"),
    (rule(WHEN + "when.colour = 3"), "rules.toml:5: rule r: when.colour is no fact"),
    (rule(WHEN + "when.header = 3"), "when.header is no fact"),
    (rule(ACTOR + "when.links = 3"), "links is known from stage behaviour on"),
    (rule(ACTOR + 'when.path = "/"'), "when.path is known at stage connection alone"),
    (rule(WHEN + 'direction = "out"'), "direction out is for accept, limit, reject and drop"),
    (rule(DOOR + 'action = "hold"'), "action is accept, limit, reject or drop at stage connection"),
    (rule(DOOR + 'show = ["no_preview"]'), "show means nothing at stage connection"),
    (rule(DOOR + 'action = "accept"\nfinal = true'), "final means nothing at stage connection"),
    (rule(DOOR + 'action = "drop"\ndirection = "both"'), "direction is in at stage connection"),
    (
        rule('stage = "actor"\n' + ADDRESS),
        "limit has the key address at stage connection, and only there",
    ),
    (rule(WHEN + 'when.links = "many"'), "links is no number like"),
    (rule(WHEN + 'when.links = "3d"'), "links is no number like"),
    (rule(WHEN + "when.links = true"), "links is no number like"),
    (rule(WHEN + 'when.object_age = "3d"'), "object_age is no age like"),
    (rule(WHEN + 'when.object_age = ">3"'), "object_age is no age like"),
    (rule(WHEN + 'when.object_age = ">99999999d"'), "longer than a hundred years"),
    (rule(WHEN + "when.bot = 'yes'"), "bot is true or false"),
    (rule(WHEN + "when.type = []"), "type has no value"),
    (rule(WHEN + "when.type = [1]"), "type is no text of 1 to"),
    (rule(WHEN + 'when.relation = "friend"'), "relation is one of acquainted, contact, stranger"),
    (rule(WHEN + "when.text = '(?=x)'"), "text is no expression of RE2: invalid perl operator"),
    (rule(WHEN + r"when.text = '(x)\1'"), "text is no expression of RE2: invalid escape"),
    (rule(WHEN + "when.text = ['x', '(']"), "text is no expression of RE2: missing )"),
    (rule(WHEN + "when.text = 3"), "text is no text"),
    (rule(WHEN + 'when.domain = "192.0.2.1"'), "which is no domain like example.org"),
    (rule(WHEN + 'when.domain = "*"'), "which is no domain like example.org"),
    (rule(WHEN + 'when = { domain = "*.x.example", exact = true }'), "which is no domain"),
    (rule(WHEN + "when.domain = 3"), "domain is no text"),
    (rule(WHEN + "when.exact = true"), "exact is true or false, beside domain"),
    (rule(WHEN + 'when.actor = "ana"'), "which is neither an id nor a handle"),
    (rule(WHEN + "when.actor = 3"), "actor is no text"),
    (rule(ADDRESSED + 'when.cidr = "192.0.2.0/33"'), "cidr is no network like"),
    (rule(ADDRESSED + "when.cidr = 3"), "cidr is no text"),
    (rule(ADDRESSED + "when.cidr_list = 3"), "cidr_list is no text"),
    (rule(ADDRESSED + 'when.cidr_list = "gone"'), "names the list 'gone', which is not there"),
    (
        rule(ADDRESSED + 'when.cidr_list = "l"')
        + '[[list]]\nid = "l"\nformat = "plain"\nfile = "x"',
        "names the list 'l', whose format is not cidr",
    ),
    (rule(WHEN + "when.any = 3"), "any is no list of tables"),
    (rule(WHEN + "when.any = []"), "any is no list of tables"),
    (rule(WHEN + "when.any = [{}]"), "any has an empty table, which always holds"),
    (rule(WHEN + "when.any = [{ colour = 1 }]"), "when.colour is no fact"),
    (
        rule(WHEN + "when.all = [{ all = [{ all = [{ all = [{ all = [{ links = 1 }] }] }] }] }]"),
        "all is nested more than 4 deep",
    ),
    (rule(WHEN + "when.similar = 3"), "similar is no table with window"),
    (rule(WHEN + 'when.similar = { window = "1h" }'), "similar is no table with window"),
    (
        rule(WHEN + 'when.similar = { window = "1h", local_recipients = 1, x = 1 }'),
        "similar has a key other than",
    ),
    (
        rule(WHEN + 'when.similar = { window = "25h", local_recipients = 1 }'),
        "similar has a window that is no length of time up to 24h",
    ),
    (
        rule(WHEN + 'when.similar = { window = "1h", local_recipients = true }'),
        "similar counts in whole numbers",
    ),
    (
        rule(WHEN + 'when.similar = { window = "1h", local_recipients = 1, distance = 65 }'),
        "similar has a distance that is not from 0 to 20",
    ),
    ('[[list]]\nid = "l"', "list l: format is missing"),
    ('[[list]]\nid = "l"\nformat = "cidr"', "format cidr needs file or url"),
    ('[[list]]\nid = "l"\nformat = "merge"\nfile = "x"', "format merge needs of, and only that"),
    (
        '[[list]]\nid = "l"\nformat = "cidr"\nfile = "x"\nauto_labels = [1]',
        "rules.toml:5: list l: auto_labels is no list of texts",
    ),
    (
        '[[list]]\nid = "l"\nformat = "merge"\nof = ["gone"]\nthreshold = 1',
        "of names the list 'gone', which is not there",
    ),
    (
        '[[list]]\nid = "l"\nformat = "merge"\nof = ["l"]\nthreshold = 2',
        "threshold is more than there are lists",
    ),
    (
        '[[list]]\nid = "l"\nformat = "merge"\nof = ["a b"]',
        "of is no id: up to 64 letters",
    ),
]


@pytest.mark.parametrize(("text", "said"), MISTAKES, ids=[said for _, said in MISTAKES])
def test_a_mistake_is_told(text: str, said: str) -> None:
    told = mistakes(text)

    assert [each for each in told if said in each], told


def test_all_mistakes_are_told_together_in_the_order_of_files_and_lines() -> None:
    one = rule('stage = "domain"\naction = "stop"\nwhen.links = 1')
    other = "x = [1 2]\n"
    third = rule(ACTOR) + rule(ACTOR, "s") + "[policy]\nmode = 1\n"

    read = read_policy([Source("a", one), Source("b", other), Source("c", third)])

    assert isinstance(read, Unreadable)
    places = [(each.place.file, each.place.line) for each in read.problems]
    assert places == [("a", 4), ("a", 5), ("b", 1), ("c", 1), ("c", 12)]


def test_a_key_is_set_once_over_all_files() -> None:
    text = '[policy]\nmode = "off"\n'

    read = read_policy([Source("a", text), Source("b", text)])

    assert isinstance(read, Unreadable)
    assert list(map(str, read.problems)) == ["b:2: policy: mode is set twice"]


def test_a_list_that_cannot_be_read_is_a_mistake() -> None:
    text = '[[list]]\nid = "l"\nformat = "cidr"\nfile = "x.txt"\n'
    said = {"gone": Wrong("cannot be read"), "odd": "192.0.2.0/24\nnobody\n"}

    problems = []
    for entries in said.values():
        read = read_policy([Source("a", text)], entries={"l": entries})
        assert isinstance(read, Unreadable)
        problems += list(map(str, read.problems))

    assert problems == [
        "a:1: list l: x.txt cannot be read",
        "a:1: list l: x.txt has in line 2 no network like 192.0.2.0/24",
    ]


def test_lists_are_found_in_files_with_mistakes() -> None:
    listed = '[[list]]\nid = "l"\nformat = "cidr"\nfile = "x.txt"\n[[list]]\nid = 3\n'

    (found,) = lists_in([Source("a", listed + rule("x = 1")), Source("b", "x = [")])

    assert (found.id, found.file, found.place.file) == ("l", "x.txt", "a")


def test_lines_are_found_behind_long_texts_and_not_made_up() -> None:
    long_text = 'private_reason = """\n[[rule]]\nid = "x"\n"""\n'
    assert mistakes(rule(ACTOR + long_text) + rule(ACTOR + "x = 1", "s")) == [
        "rules.toml:14: rule s: x is no key here"
    ]
    inline = 'rule = [\n  { id = "a", stage = "actor", action = "no" },\n  { stage = "actor" },\n]'
    assert mistakes(inline) == [
        "rules.toml: rule number 2: id is missing",
        "rules.toml:2: rule a: action is one of accept, request, hold, limit, reject, drop",
    ]


def test_there_are_bounds() -> None:
    many = "".join(rule(ACTOR, f"r{number}") for number in range(RULES_MAX + 1))

    assert mistakes(many) == [f"rules.toml:{RULES_MAX * 5 + 1}: there are more than 5,000 rules"]
    assert mistakes(f"# {'x' * 8_000_000}") == ["rules.toml: has more than 8,000,000 characters"]
    assert mistakes(rule(ACTOR + f"when.actor_name = '{'x' * 1025}'")) != []
    assert mistakes(f"x = {'[' * 2_000}") == ["rules.toml: is nested too deep"]
    assert "no TOML" in mistakes(f"x = {'9' * 5_000}")[0]
