"""A FIRES dataset comes to the same from its snapshot and from its whole history."""

import json
from typing import Any

import pytest

from federation.policy.lists.entry import Entry, Subject
from federation.policy.lists.fires import (
    Dataset,
    Page,
    State,
    after,
    read_dataset,
    read_page,
    recommended,
)
from federation.policy.lists.fires_entries import write_snapshot
from federation.policy.lists.formats import read_fires
from federation.policy.lists.said import said_by
from federation.policy.problem import Unreadable
from federation.policy.rule import Action, Effect
from tests.support.rules import NOW, policy, rule

AT = "https://fires.example/datasets/1"


def change(number: int, kind: str, key: str = "", **more: object) -> dict[str, Any]:
    entity = {"entityKind": "domain", "entityKey": key} if key else {}
    published = f"2026-11-{number:02}T00:00:00Z"
    return {"id": f"{AT}/c/{number}", "type": kind, "published": published, **entity, **more}


def advise(number: int, key: str, policy: str, *filters: str, **more: object) -> dict[str, Any]:
    advice = {"recommendedPolicy": policy, "recommendedFilters": list(filters)}
    return change(number, "Recommendation", key, **advice, **more)


def page(*items: object, **more: object) -> Page:
    read = read_page("p", json.dumps({"orderedItems": list(items), **more}).encode())
    assert isinstance(read, Page), read
    return read


def mistakes(read: object) -> list[str]:
    assert isinstance(read, Unreadable), read
    return list(map(str, read.problems))


def actions(state: State) -> dict[str, Action | None]:
    return {entry.key: entry.action for entry in recommended(state).entries}


HISTORY = (
    advise(1, "a.example", "reject"),
    advise(2, "b.example", "drop"),
    advise(3, "c.example", "accept"),
    change(4, "Advisory", "d.example", labels=[f"{AT}/l/1"]),
    advise(5, "a.example", "filter", "https://x.example/filters/reject-media"),
    change(6, "Retraction", "b.example"),
    advise(7, "e.example", "reject"),
    change(8, "Advisory", "c.example"),
    advise(9, "d.example", "reject"),
    # It names a change of e.example, and the newest of that is another one.
    advise(10, "e.example", "drop"),
    {"id": f"{AT}/c/7", "type": "Tombstone", "published": "2026-11-11T00:00:00Z"},
)
SNAPSHOT = (HISTORY[8], HISTORY[7], HISTORY[5], HISTORY[4])


def test_snapshot_and_history_come_to_the_same() -> None:
    from_history = after({}, page(*HISTORY).changes)
    from_snapshot = after({}, page(*SNAPSHOT).changes)

    assert actions(from_history) == actions(from_snapshot)
    assert actions(from_history) == {"a.example": None, "d.example": Action.REJECT}


@pytest.mark.parametrize("cut", range(len(HISTORY)))
def test_pages_that_come_twice_change_nothing(cut: int) -> None:
    once = after({}, page(*HISTORY[:cut]).changes)
    twice = after(once, page(*HISTORY[max(0, cut - 3) :]).changes)

    assert actions(twice) == actions(after({}, page(*HISTORY).changes))


def test_a_tombstone_that_names_its_entity_forgets_it() -> None:
    state = after({}, page(advise(1, "a.example", "drop")).changes)

    assert after(state, page(change(2, "Tombstone", "a.example")).changes) == {}
    assert after({}, page(change(2, "Tombstone")).changes) == {}


def test_what_is_older_than_what_holds_does_not_count() -> None:
    state = after({}, page(advise(5, "a.example", "drop")).changes)

    again = after(state, page(advise(4, "a.example", "accept")).changes)

    assert actions(again) == {"a.example": Action.DROP}


def test_without_a_time_the_later_one_counts() -> None:
    first, second = advise(1, "a.example", "drop"), advise(2, "a.example", "reject")
    del first["published"], second["published"]

    assert actions(after({}, page(first, second).changes)) == {"a.example": Action.REJECT}


@pytest.mark.parametrize(
    ("advice", "entry"),
    [
        (("accept",), Entry("a.example", Action.ACCEPT)),
        (("drop", "reject-media"), Entry("a.example", Action.DROP)),
        (
            ("filter", "urn:x:reject-media", "https://x.example/f#roadblock-links"),
            Entry("a.example", show=frozenset({Effect.STRIP_MEDIA, Effect.DISABLE_LINKS})),
        ),
        (("filter", "require-follow-requests"), Entry("a.example", Action.REQUEST)),
        (
            ("filter", "require-follow-requests", "reject-non-public", "reject-reports"),
            Entry("a.example", Action.REJECT, drops_reports=True),
        ),
        (
            ("filter", "auto-cw", "reject-media"),
            Entry(
                "a.example",
                show=frozenset({Effect.STRIP_MEDIA}),
                unclear="of its filters are not known here: auto-cw",
            ),
        ),
        (("filter",), Entry("a.example", unclear="of its filters are not known here: none")),
        (("mute",), Entry("a.example", unclear="the policy 'mute' is not known here")),
    ],
)
def test_a_recommendation_is_what_the_table_says(advice: tuple[str, ...], entry: Entry) -> None:
    state = after({}, page(advise(1, "a.example", *advice)).changes)

    assert recommended(state).entries == (entry,)


def test_labels_comments_and_people_come_along() -> None:
    label = {"id": f"{AT}/l/2"}
    person = advise(1, "x", "reject", labels=[f"{AT}/l/1", label, 3], comment="c" * 600)
    person |= {"entityKind": "actor", "entityKey": "https://a.example/u/x"}
    single = advise(2, "example", "filter", labels=f"{AT}/l/1")
    single["recommendedFilters"] = "reject-media"

    read = recommended(after({}, page(person, single).changes))

    (entry, other) = read.entries
    assert (entry.subject, entry.labels) == (Subject.ACTOR, (f"{AT}/l/1", f"{AT}/l/2"))
    assert (len(entry.public_reason), read.cut) == (500, 1)
    assert other.show == {Effect.STRIP_MEDIA}
    assert other.unclear == "example is a whole top-level domain"


def test_what_nobody_knows_here_is_skipped_and_counted() -> None:
    other = {**advise(1, "x", "drop"), "entityKind": "hashtag"}

    read = page(other, {"id": "x", "type": "Note"}, advise(2, "a.example", "drop"))

    assert (len(read.changes), read.skipped) == (1, 2)


def test_where_it_goes_on_is_read() -> None:
    assert page(next=f"{AT}/changes?since=3").following == f"{AT}/changes?since=3"
    assert page(changes=f"{AT}/changes").following == f"{AT}/changes"
    assert page(next="x" * 3_000).following == ""


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (3, "is no object"),
        ({"type": "Advisory"}, "has no id"),
        ({"id": "x", "type": "Advisory"}, "does not say what kind of entity it is about"),
        (change(1, "Advisory", "a b"), "is about 'a b', which is no domain like example.org"),
        (
            {**change(1, "Advisory", "@*@x"), "entityKind": "actor"},
            "is about '@*@x', which is no actor's id",
        ),
        (
            {**change(1, "Advisory", "a.example"), "published": "soon"},
            "has published, which is no time like 2026-12-01T00:00:00Z",
        ),
    ],
)
def test_a_malformed_change_is_told_and_nothing_is_taken(item: object, said: str) -> None:
    data = json.dumps({"items": [advise(1, "a.example", "drop"), item]}).encode()

    assert mistakes(read_fires("p", data)) == [f"p: change 2 {said}"]


@pytest.mark.parametrize("text", ["[]", "3", '{"orderedItems": {}}'])
def test_what_is_no_collection_is_told(text: str) -> None:
    assert mistakes(read_page("p", text.encode())) == [
        "p: is no collection of at most 200,000 changes"
    ]


def test_a_dataset_says_where_it_is_read() -> None:
    document = {"name": "DNI", "endpoints": {"changes": f"{AT}/c", "snapshot": f"{AT}/s"}}

    assert read_dataset("d", json.dumps(document).encode()) == Dataset("DNI", f"{AT}/s", f"{AT}/c")
    assert mistakes(read_dataset("d", b"{")) == ["d: is no JSON: Input data was truncated"]
    assert mistakes(read_dataset("d", b"{}")) == ["d: is no FIRES dataset: it has no endpoints"]
    assert mistakes(read_dataset("d", b"[]")) == ["d: is no FIRES dataset: it has no endpoints"]
    assert mistakes(read_dataset("d", b'{"endpoints":{"changes":3}}')) == [
        "d: is no FIRES dataset: it names neither snapshot nor changes"
    ]


def test_what_we_publish_is_read_as_we_mean_it() -> None:
    rules = (
        rule('stage = "domain"\nwhen.domain = "a.example"\naction = "reject"\npublic_reason = "x"')
        + rule('stage = "domain"\nwhen.domain = "f.example"\naction = "accept"', "f")
        + rule(
            'stage = "domain"\nwhen.domain = "q.example"\naction = "request"\n'
            'show = ["strip_media", "disable_links"]',
            "q",
        )
        + rule('stage = "domain"\nwhen.domain = "s.example"\nshow = ["strip_media"]', "s")
        + rule(
            'stage = "behaviour"\nwhen.domain = "g.example"\nwhen.type = "Flag"\naction = "drop"',
            "g",
        )
    )
    said = said_by(policy(rules).rules, NOW)

    document = write_snapshot(said, at=AT, published="2026-12-01T00:00:00.000Z")
    read = page(*document["orderedItems"])

    assert recommended(after({}, read.changes)).entries == tuple(
        each.entry for each in said.entries
    )
    assert document["totalItems"] == 5
