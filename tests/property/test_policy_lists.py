"""What holds for all lists, whatever is in them."""

import csv
import io
import json
import string
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from federation.policy.lists.entry import (
    Entry,
    Listed,
    Subject,
    key_of,
    name_of,
    rules_of,
)
from federation.policy.lists.fires import Page, after, read_dataset, read_page, recommended
from federation.policy.lists.formats import READERS
from federation.policy.lists.mastodon_csv import COLUMNS, read_csv, write_csv
from federation.policy.lists.merge import merge
from federation.policy.lists.plain import read_cidr
from federation.policy.lists.rules_of_others import read_rules_of_others
from federation.policy.lists.said import said_by
from federation.policy.lists.written import read_json, write_json, write_toml
from federation.policy.problem import Unreadable
from federation.policy.rule import Action, Effect
from tests.support.rules import NOW, policy

READ = (*READERS.values(), read_rules_of_others, read_cidr, read_page, read_dataset)
label = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=12)
domain = st.builds("{}.{}.example".format, label, label)
comment = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40).map(str.strip)
flag = st.sampled_from(["true", "false"])

# What such a file may hold, well or badly written.
field = st.one_of(
    domain,
    comment,
    st.sampled_from([*COLUMNS, "#domain", "suspend", "silence", "noop", "true", "*.x.example"]),
)
sheet = st.lists(st.lists(field, max_size=7), max_size=8)
json_like = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | domain,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *(
                        "orderedItems",
                        "items",
                        "id",
                        "type",
                        "entityKind",
                        "entityKey",
                        "published",
                    ),
                    *("recommendedPolicy", "recommendedFilters", "labels", "endpoints", "changes"),
                    *("rule", "domain", "severity", "comment", "next"),
                ]
            ),
            inner
            | st.sampled_from(
                ["Recommendation", "Tombstone", "domain", "actor", "filter", "suspend"]
            ),
            max_size=8,
        )
    ),
    max_leaves=40,
)


def read_all(data: bytes) -> None:
    for read in READ:
        found = read("l", data)
        if isinstance(found, Unreadable):
            assert found.problems
            assert all(each.place.file == "l" for each in found.problems)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_list_or_an_error(data: bytes) -> None:
    read_all(data)


@given(sheet, st.sampled_from(["utf-8", "utf-16"]), st.binary(max_size=3))
def test_any_sheet_is_a_list_or_an_error(rows: list[list[str]], encoding: str, more: bytes) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(rows)

    read_all(text.getvalue().encode(encoding, "surrogatepass") + more)


@given(json_like)
def test_any_json_is_a_list_or_an_error(value: object) -> None:
    data = json.dumps(value).encode()

    read_all(data)
    page = read_page("l", data)
    if isinstance(page, Page):
        for entry in recommended(after({}, page.changes)).entries:
            tables = list(rules_of(entry, name_of(entry, "l")))
            assert len(policy(write_toml(tables)).rules) == len(tables)


row = st.tuples(domain, st.sampled_from(["suspend", "silence", "noop"]), flag, flag, comment, flag)


@given(st.lists(row, max_size=6, unique_by=lambda each: each[0]))
def test_an_export_that_is_imported_gives_the_same_export(rows: list[tuple[str, ...]]) -> None:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows([COLUMNS, *rows])
    first = _exported(text.getvalue())

    assert _exported(first) == first


def _exported(text: str) -> str:
    read = read_csv("l", text.encode())
    assert isinstance(read, Listed), read
    tables = [each for one in read.entries for each in rules_of(one, name_of(one, "l"))]
    as_json = read_json("l", write_json(tables).encode())
    assert isinstance(as_json, Listed)
    assert list(as_json.rules) == tables
    written, said = write_csv(said_by(policy(write_toml(tables)).rules, NOW))
    assert (said.left_out, said.dated) == ((), ())
    return written


entries = st.lists(
    st.builds(
        Entry,
        domain.map(lambda each: str(key_of(each))),
        st.sampled_from([None, Action.ACCEPT, Action.REQUEST, Action.REJECT, Action.DROP]),
        show=st.frozensets(st.sampled_from(Effect)),
        drops_reports=st.booleans(),
    ),
    max_size=6,
    unique_by=lambda each: each.key,
)


@given(st.lists(entries, min_size=1, max_size=4))
def test_the_more_lists_must_agree_the_less_is_kept_out(lists: list[list[Entry]]) -> None:
    merged = [
        {entry.key: entry for entry in merge(lists, threshold=threshold)}
        for threshold in range(1, len(lists) + 2)
    ]

    assert merged[-1] == {}
    for looser, stricter in pairwise(merged):
        assert stricter.keys() <= looser.keys()
        assert all(stricter[key].show <= looser[key].show for key in stricter)


changes = st.lists(
    st.tuples(
        st.sampled_from(["Recommendation", "Advisory", "Retraction", "Tombstone"]),
        st.sampled_from(["a.example", "b.example", "c.example"]),
        st.sampled_from(["accept", "reject", "drop"]),
    ),
    max_size=10,
)


@given(changes, st.integers(0, 10), st.integers(0, 10))
def test_a_history_comes_to_what_its_snapshot_does(
    history: list[tuple[str, str, str]], cut: int, again: int
) -> None:
    items = [
        {
            "id": f"https://f.example/{number}",
            "type": kind,
            "published": f"2026-11-01T00:00:{number:02}Z",
            "entityKind": Subject.DOMAIN,
            "entityKey": key,
            "recommendedPolicy": advice,
        }
        for number, (kind, key, advice) in enumerate(history)
    ]
    whole = _read(items)
    newest = {item["entityKey"]: item for item in items}

    in_pages = after(after({}, _read(items[:cut])), _read(items[max(0, cut - again) :]))

    for found in (after({}, _read([*newest.values()][::-1])), in_pages):
        assert {(e.key, e.action) for e in recommended(found).entries} == {
            (e.key, e.action) for e in recommended(after({}, whole)).entries
        }


def _read(items: list[dict[str, str]]) -> tuple:
    page = read_page("l", json.dumps({"orderedItems": items}).encode())
    assert isinstance(page, Page)
    return page.changes
