"""Blocks in Mastodon's CSV become rules, and rules such blocks, as far as CSV can say them."""

import pytest

from federation.policy.lists import entry as of_lists
from federation.policy.lists.entry import Entry, Listed, name_of, rules_of
from federation.policy.lists.mastodon_csv import read_csv, write_csv
from federation.policy.lists.said import said_by
from federation.policy.lists.written import write_toml
from federation.policy.problem import Unreadable
from federation.policy.rule import Action, Effect
from tests.support.rules import NOW, policy, rule

HEADER = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
WITHOUT_MEDIA = frozenset({Effect.STRIP_MEDIA, Effect.NO_PREVIEW})


def listed(text: str | bytes) -> Listed:
    read = read_csv("a.csv", text.encode() if isinstance(text, str) else text)
    assert isinstance(read, Listed), read
    return read


def mistakes(text: str | bytes) -> list[str]:
    read = read_csv("a.csv", text.encode() if isinstance(text, str) else text)
    assert isinstance(read, Unreadable), read
    return list(map(str, read.problems))


def written(text: str) -> str:
    """What a file becomes that is read and written again, by way of rules."""
    tables = [each for one in listed(text).entries for each in rules_of(one, name_of(one, "l"))]
    return write_csv(said_by(policy(write_toml(tables)).rules, NOW))[0]


@pytest.mark.parametrize(
    ("row", "entry"),
    [
        ("a.example,suspend,false,false,,false", Entry("a.example", Action.REJECT)),
        (
            "a.example,silence,false,false,Too loud,true",
            Entry(
                "a.example",
                Action.REQUEST,
                show=WITHOUT_MEDIA,
                public_reason="Too loud",
                obfuscate=True,
            ),
        ),
        ("a.example,noop,true,false,,false", Entry("a.example", show=WITHOUT_MEDIA)),
        ("a.example,noop,false,true,,false", Entry("a.example", drops_reports=True)),
        ("A.Example.,SUSPEND,True,0,,", Entry("a.example", Action.REJECT, show=WITHOUT_MEDIA)),
        ("bücher.example,,,,,", Entry("xn--bcher-kva.example", Action.REJECT)),
        ("*.a.example,suspend,,,,", Entry("*.a.example", Action.REJECT)),
        (
            'a.example,suspend,,,"said ""no"", twice\nat least",',
            Entry("a.example", Action.REJECT, public_reason='said "no", twice\nat least'),
        ),
    ],
)
def test_each_row_is_what_the_table_says(row: str, entry: Entry) -> None:
    assert listed(HEADER + row + "\n").entries == (entry,)


def test_columns_come_in_any_order_with_or_without_a_mark() -> None:
    header = "Severity, public_comment ,note,#domain,private_comment"
    row = "silence,Loud,ours,a.example,case 3"

    (entry,) = listed(f"{header}\n\n{row}\n").entries

    assert (entry.key, entry.action) == ("a.example", Action.REQUEST)
    assert (entry.public_reason, entry.private_reason) == ("Loud", "case 3")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_comes_in_the_encodings_that_name_themselves(encoding: str) -> None:
    (entry,) = listed("domain,public_comment\r\na.example,Lärm\r\n".encode(encoding)).entries

    assert entry.public_reason == "Lärm"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "a.csv: has no header, and with it no column domain"),
        ("a.example\nb.example", "a.csv:1: is no header with a column domain, parted by commas"),
        ("domain;severity\na;b", "a.csv:1: is no header with a column domain, parted by commas"),
        ("domain,#domain\na,a", "a.csv:1: has the column domain twice"),
        ("domain\nba*.example", "a.csv:2: has 'ba*.example', which is no domain like example.org"),
        ("domain\n\n192.0.2.1", "a.csv:3: has '192.0.2.1', which is no domain like example.org"),
        ("domain\n*.*.example", "a.csv:2: has '*.*.example', which is no domain"),
        ("domain,severity\na.example,block", "a.csv:2: has the severity 'block'"),
        ("domain,obfuscate\na.example,yes", "a.csv:2: has obfuscate 'yes', which is not true"),
        ("domain,severity\na.example", "a.csv:2: has 1 fields, and the header has 2"),
        (
            "domain,severity\na.example,silence\nA.example,suspend",
            "a.csv:3: says of a.example something else than line 2",
        ),
        ('domain\na.example\n"b.example\nc.example\n', "a.csv:3: cannot be read"),
        ('domain\n"a.exa"mple', "a.csv:2: cannot be read"),
        (b"domain\na.example\nb\xfccher.example", "a.csv: is no text in UTF-8: line 3"),
        (b"\xff\xfed", "a.csv: is no text in UTF-8: line 1"),
    ],
)
def test_a_malformed_line_is_told_and_nothing_is_taken(text: str | bytes, said: str) -> None:
    (mistake,) = mistakes(text)

    assert mistake.startswith(said)


def test_every_malformed_line_is_told_up_to_a_number() -> None:
    told = mistakes("domain\n" + "a b.example\n" * 250)

    assert told[:2] == [
        "a.csv:2: has 'a b.example', which is no domain like example.org",
        "a.csv:3: has 'a b.example', which is no domain like example.org",
    ]
    assert told[100:] == ["a.csv: and 150 more mistakes"]


def test_what_is_there_twice_and_says_the_same_counts_once() -> None:
    assert len(listed("domain\na.example\nA.EXAMPLE.\na.example\n").entries) == 1


def test_what_asks_for_nothing_is_counted_and_what_is_too_long_is_cut() -> None:
    read = listed(f"domain,severity,public_comment\na.example,noop,x\nb.example,,{'x' * 501}\n")

    assert (len(read.entries), read.skipped, read.cut) == (1, 1, 1)
    assert read.entries[0].public_reason == "x" * 499 + "…"


def test_a_whole_top_level_domain_is_doubted() -> None:
    (entry,) = listed("domain\nexample\n").entries

    assert entry.unclear == "example is a whole top-level domain"


def test_a_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("federation.policy.lists.mastodon_csv.ENTRIES_MAX", 2)
    assert mistakes("domain\na.example\nb.example\nc.example\nd.example") == [
        "a.csv:4: there are more than 2 lines"
    ]
    large = b"x" * (of_lists.BYTES_MAX + 1)
    assert mistakes(large) == [f"a.csv: has more than {of_lists.BYTES_MAX:,} bytes"]


FULL = (
    "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
    'a.example,suspend,false,true,"Spam, ""lots""",true\n'
    "b.example,silence,true,false,,false\n"
    "c.example,noop,true,true,,false\n"
    "d.example,noop,false,true,Floods,false\n"
    "xn--bcher-kva.example,suspend,true,false,Ärger,false\n"
)


def test_a_round_trip_by_way_of_rules_loses_nothing() -> None:
    assert written(FULL) == FULL
    assert written(written(FULL)) == FULL


def test_what_csv_cannot_say_is_left_out_and_named() -> None:
    rules = "".join(
        (
            rule('stage = "domain"\nwhen.domain = "a.example"\naction = "drop"', "said"),
            rule('stage = "domain"\nwhen.domain = "h.example"\naction = "hold"', "held"),
            rule('stage = "domain"\nwhen.domain = "f.example"\naction = "accept"', "friend"),
            rule('stage = "domain"\nwhen.domain = "*.b.example"\naction = "reject"', "below"),
            rule(
                'stage = "domain"\nwhen.domain = "e.example"\nwhen.exact = true\naction = "reject"',
                "exact",
            ),
            rule('stage = "domain"\nwhen.domain = "l.example"\nshow = ["disable_links"]', "links"),
            rule('stage = "domain"\nwhen.software = "x"\naction = "reject"', "software"),
            rule(
                'stage = "behaviour"\nwhen.domain = "r.example"\nwhen.relation = "stranger"\n'
                'action = "drop"',
                "relation",
            ),
            rule('stage = "actor"\nwhen.domain = "s.example"\naction = "reject"', "stage"),
            rule(
                'stage = "domain"\nwhen.any = [{ domain = "x.example" }]\naction = "reject"', "any"
            ),
            rule(
                'stage = "domain"\nwhen.domain = "m.example"\nmode = "observe"\naction = "reject"',
                "mode",
            ),
            rule(
                'stage = "domain"\nwhen.domain = "t.example"\naction = "reject"\n'
                "expires = 2026-11-01",
                "past",
            ),
            rule(
                'stage = "domain"\nwhen.domain = "o.example"\naction = "reject"\ndirection = "out"',
                "out",
            ),
            rule(
                'stage = "domain"\nwhen.domain = "n.example"\naction = "reject"\n'
                "expires = 2027-11-01",
                "dated",
            ),
        )
    )

    text, said = write_csv(said_by(policy(rules).rules, NOW))

    assert text.splitlines()[1:] == [
        "a.example,suspend,false,false,,false",
        "h.example,silence,false,false,,false",
        "n.example,suspend,false,false,,false",
    ]
    assert said.left_out == (
        *(
            "any",
            "below",
            "exact",
            "friend",
            "links",
            "mode",
            "out",
            "past",
            "relation",
            "software",
            "stage",
        ),
    )
    assert said.dated == ("dated",)


def test_the_rule_that_decides_is_the_one_that_is_written() -> None:
    rules = (
        rule('stage = "domain"\nwhen.domain = "a.example"\naction = "reject"', "later")
        + rule(
            'stage = "domain"\nwhen.domain = "a.example"\npriority = 5\naction = "request"\n'
            'public_reason = "Loud"\nprivate_reason = "case 3"',
            "first",
        )
        + rule('stage = "domain"\nwhen.domain = "a.example"\nshow = ["strip_media"]', "media")
    )

    text, _ = write_csv(said_by(policy(rules).rules, NOW), with_private=True)

    assert text.splitlines() == [
        f"{HEADER.strip()},#private_comment",
        "a.example,silence,true,false,Loud,false,case 3",
    ]


def test_the_name_of_a_rule_is_the_same_whenever_its_entry_comes() -> None:
    assert name_of(Entry("a.example"), "list") == "list.a.example"
    assert name_of(Entry("*.a.example"), "list") == "list.below.a.example"
    long = name_of(Entry("a" * 60 + ".example"), "list")
    assert (long, len(long)) == (name_of(Entry("a" * 60 + ".example"), "list"), 21)
