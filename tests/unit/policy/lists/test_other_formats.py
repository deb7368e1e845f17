"""Lists of other kinds are read as a whole, or every mistake in them is told."""

import json
import tomllib
from datetime import date
from ipaddress import ip_network

import pytest

from federation.policy.lists import entry as of_lists
from federation.policy.lists import plain
from federation.policy.lists.entry import Entry, Listed, Subject, rules_of
from federation.policy.lists.formats import READERS
from federation.policy.lists.merge import merge
from federation.policy.lists.plain import read_cidr
from federation.policy.lists.written import read_json, write_json, write_toml
from federation.policy.problem import Unreadable
from federation.policy.rule import Action, Effect
from tests.support.rules import policy

MEDIA = frozenset({Effect.STRIP_MEDIA, Effect.NO_PREVIEW})


def listed(kind: str, text: str) -> Listed:
    read = READERS[kind]("l", text.encode())
    assert isinstance(read, Listed), read
    return read


def mistakes(read: object) -> list[str]:
    assert isinstance(read, Unreadable), read
    return list(map(str, read.problems))


def test_a_plain_list_has_a_domain_a_line() -> None:
    text = "# remark\n\nbad.example # why\n*.worse.example\nBAD.example\nexample\n"

    assert listed("plain", text).entries == (
        Entry("bad.example", Action.REJECT),
        Entry("*.worse.example", Action.REJECT),
        Entry("example", Action.REJECT, unclear="example is a whole top-level domain"),
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"a.example\nhttps://b.example\n", "l:2: has 'https://b.example', which is no domain"),
        (b"a.example\n\xff", "l: is no text in UTF-8: line 2"),
    ],
)
def test_a_mistake_in_a_plain_list_has_its_line(text: bytes, said: str) -> None:
    (mistake,) = mistakes(READERS["plain"]("l", text))

    assert mistake.startswith(said)


def test_networks_are_read_a_line_each() -> None:
    assert read_cidr("l", b"192.0.2.1/24 # x\n2001:db8::/32\n192.0.2.0/24") == (
        ip_network("192.0.2.0/24"),
        ip_network("2001:db8::/32"),
    )
    assert mistakes(read_cidr("l", b"192.0.2.0/24\nx\n")) == [
        "l:2: has 'x', which is no network like 192.0.2.0/24"
    ]
    assert mistakes(read_cidr("l", b"\xff")) == ["l: is no text in UTF-8: line 1 has another byte"]


def test_lists_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain, "ENTRIES_MAX", 1)
    assert mistakes(READERS["plain"]("l", b"a.example\nb.example")) == [
        "l: has more than 1 lines that say something"
    ]
    large = b" " * (of_lists.BYTES_MAX + 1)
    for read in READERS.values():
        assert mistakes(read("l", large)) == [f"l: has more than {of_lists.BYTES_MAX:,} bytes"]


def test_what_a_server_publishes_is_read_but_for_masked_names() -> None:
    blocks = [
        {"domain": "a.example", "digest": "00", "severity": "suspend", "comment": "Spam"},
        {"domain": "b.example", "severity": "silence", "comment": None},
        {"domain": "ba*.ex***le", "severity": "suspend"},
        {"domain": "c.example", "severity": "noop"},
        {"domain": "a.example", "severity": "suspend", "comment": "Spam"},
    ]

    read = listed("mastodon-instance", json.dumps(blocks))

    assert read.entries == (
        Entry("a.example", Action.REJECT, public_reason="Spam"),
        Entry("b.example", Action.REQUEST, show=MEDIA),
    )
    assert read.skipped == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{}", "l: is no list of at most 200,000 blocks"),
        ("[", "l: is no JSON: "),
        ('"\\ud800"', "l: is no JSON: "),
        ("[1]", "l: block 1 is no object"),
        ('[{"domain":"a.example","severity":"x"}]', "l: block 1 has the severity 'x'"),
        ('[{"domain":"a b","severity":"noop"}]', "l: block 1 has 'a b', which is no domain"),
        ('[{"severity":"suspend"}]', "l: block 1 has '', which is no domain"),
        (
            '[{"domain":"a.example","severity":"suspend"},{"domain":"a.example","severity":"silence"}]',
            "l: block 2 says something else of a.example",
        ),
        ("[" * 100_000, "l: is nested too deep"),
    ],
)
def test_a_mistake_in_what_a_server_publishes_is_told(text: str, said: str) -> None:
    (mistake,) = mistakes(READERS["mastodon-instance"]("l", text.encode()))

    assert mistake.startswith(said)


RULE = {
    "id": "a",
    "stage": "behaviour",
    "when": {
        "domain": ["a.example"],
        "header.x-y": 'q"\\\u007f',
        "any": [{"links": ">1"}, {"bot": True}],
    },
    "action": "hold",
    "priority": -3,
    "hold": {"auto_release": "3h"},
    "expires": date(2027, 7, 1),
}


def test_rules_are_written_as_they_are_read() -> None:
    text = write_toml([RULE, {"id": "b", "a b": {}, "when": 3}])

    read = tomllib.loads(text)["rule"]

    assert read == [RULE, {"id": "b", "a b": {}, "when": 3}]


def test_rules_in_json_have_their_days_back() -> None:
    times = {**RULE, "expires": "2027-07-01T10:00:00+00:00", "review": "soon"}
    read = read_json("l", write_json([RULE, times]).encode())

    assert isinstance(read, Listed)
    first, second = read.rules
    assert first == RULE
    assert second["expires"].hour == 10
    assert second["review"] == "soon"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[]", 'l: is no object with a list of rules under "rule"'),
        ('{"rule": [1]}', 'l: is no object with a list of rules under "rule"'),
        ('{"rule": [' + "{}," * 5_000 + "{}]}", "l: has more than 5,000 rules"),
        ("{", "l: is no JSON: Input data was truncated"),
    ],
)
def test_a_mistake_in_rules_as_json_is_told(text: str, said: str) -> None:
    assert mistakes(read_json("l", text.encode())) == [said]


def test_an_entry_about_a_person_is_a_rule_about_them() -> None:
    entry = Entry("https://a.example/u/x", Action.DROP, Subject.ACTOR)

    (rule,) = policy(write_toml([*rules_of(entry, "r", "us")])).rules

    assert (rule.stage.word, rule.action, rule.owner) == ("actor", Action.DROP, "us")


def test_an_entry_that_only_shows_otherwise_is_one_rule() -> None:
    assert [*rules_of(Entry("a.example", show=MEDIA), "r")] == [
        {
            "id": "r",
            "stage": "domain",
            "when": {"domain": ["a.example"]},
            "show": ["no_preview", "strip_media"],
        }
    ]


ONE = (
    Entry("a.example", Action.REJECT, public_reason="Spam", labels=("x",)),
    Entry("b.example", Action.REJECT, show=MEDIA),
    Entry("only.example", Action.REJECT),
)
TWO = (
    Entry("a.example", Action.REQUEST, private_reason="p", obfuscate=True, labels=("x", "y")),
    Entry("b.example", show=MEDIA, drops_reports=True),
)
THREE = (
    Entry("a.example", Action.DROP, drops_reports=True),
    Entry("b.example", drops_reports=True),
)


@pytest.mark.parametrize(
    ("threshold", "actions"),
    [
        (1, {"a.example": Action.DROP, "b.example": Action.REJECT, "only.example": Action.REJECT}),
        (2, {"a.example": Action.REJECT, "b.example": None}),
        (3, {"a.example": Action.REQUEST}),
    ],
)
def test_lists_are_merged_at_what_so_many_agree_on(
    threshold: int, actions: dict[str, Action | None]
) -> None:
    merged = merge([ONE, TWO, THREE], threshold=threshold)

    assert {entry.key: entry.action for entry in merged} == actions


def test_what_is_merged_keeps_what_was_said_of_it() -> None:
    first, second = merge([ONE, TWO, THREE], threshold=2)

    assert first == Entry(
        "a.example",
        Action.REJECT,
        public_reason="Spam",
        private_reason="p",
        obfuscate=True,
        labels=("x", "y"),
    )
    assert (second.show, second.drops_reports) == (MEDIA, True)


@pytest.mark.parametrize(
    ("key", "is_kept"),
    [
        ("friends.example", False),
        ("chat.friends.example", False),
        ("*.friends.example", False),
        ("example", False),
        ("notfriends.example", True),
        ("other.example", True),
    ],
)
def test_nothing_on_a_merged_list_touches_whom_it_spares(key: str, *, is_kept: bool) -> None:
    merged = merge([[Entry(key, Action.REJECT)]], exclude=["Friends.example", "no domain"])

    assert bool(merged) is is_kept


def test_people_are_merged_too() -> None:
    person = Entry("https://a.example/u/x", Action.REJECT, Subject.ACTOR)

    assert merge([[person]], exclude=["a.example"]) == (person,)
