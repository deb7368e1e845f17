from datetime import timedelta
from typing import Any

import pytest

from federation.activities import create_note, direct
from federation.activities.known import KnownConversation
from federation.activities.message import read
from federation.pipeline import compose
from federation.pipeline.item import PostMessage, StartDirect
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Ask, HastenRepairs, PutMembership, SetThread
from tests.support.situations import (
    ACTORS,
    ALICE,
    ANNA,
    BOB,
    CAROL,
    NOW,
    actor,
    create,
    group,
    of,
    state,
)
from tests.support.situations import direct as set_of
from tests.support.situations import situation as place

CONTEXT, TAG = "https://bob.test/contexts/1", "tag:bob.test,2026:objectId=1"
EARLY, LATE = NOW - timedelta(minutes=2), NOW - timedelta(minutes=1)
STRANGER = "https://new.test/u/new"


def threads(held: KnownConversation | None, **said: object) -> list[tuple[str, str]]:
    message = read(create(BOB, [ALICE, CAROL], said=said))
    changes = direct.threaded(message, place(BOB, held), "id")
    return [(one.context, one.thread) for one in of(SetThread, changes)]


@pytest.mark.parametrize(
    ("held", "said", "kept"),
    [
        (None, {"context": CONTEXT, "conversation": TAG}, [(CONTEXT, TAG)]),
        (None, {"conversation": TAG}, [("", TAG)]),
        (None, {"context": TAG}, [("", "")]),
        (
            {"context": "https://x.test/1", "context_t": EARLY, "thread": "y", "thread_t": EARLY},
            {"context": CONTEXT, "conversation": TAG},
            [],
        ),
        (
            {"context": "https://x.test/1", "context_t": EARLY},
            {"context": CONTEXT, "conversation": TAG},
            [("https://x.test/1", TAG)],
        ),
    ],
)
def test_what_no_earlier_message_has_is_taken_over(
    held: dict[str, Any] | None, said: dict[str, str], kept: list[tuple[str, str]]
):
    known = set_of(ALICE, BOB, CAROL, **held) if held is not None else None

    assert threads(known, **said) == kept


def test_an_earlier_message_overtakes_a_later_one():
    held = set_of(
        *(ALICE, BOB, CAROL),
        context="https://x.test/1",
        context_t=NOW + timedelta(seconds=1),
        thread="y",
        thread_t=EARLY,
    )

    assert threads(held, context=CONTEXT, conversation=TAG) == [(CONTEXT, "y")]


def test_a_groups_messages_set_no_thread():
    message = read(create(BOB, [ALICE], said={"context": CONTEXT}))

    assert direct.threaded(message, place(BOB, group(state(ALICE, BOB))), "id") == []
    assert direct.first_heard(place(BOB, group(state(ALICE, BOB)))) == []
    assert direct.first_heard(place(BOB)) == []


@pytest.mark.parametrize(("known_to", "asked"), [((ALICE,), [STRANGER]), ((), [])])
def test_nobody_is_looked_up_for_a_strangers_message(known_to: tuple[str, ...], asked: list[str]):
    people = frozenset({ALICE, BOB, STRANGER})

    _, opening = direct.open_direct(people, place(BOB, known_to=frozenset(known_to)))

    assert [(one.kind, one.subject) for one in of(Ask, opening)] == [("actor", u) for u in asked]


def test_whoever_takes_nothing_of_strangers_hears_nothing():
    people = frozenset({ALICE, ANNA, BOB})

    _, opening = direct.open_direct(people, place(BOB, closed_to=frozenset({ALICE})))

    standings = {one.person: one.state for one in of(PutMembership, opening)}
    assert (standings[ALICE], standings[ANNA]) == ("unheard", "requested")


@pytest.mark.parametrize(
    ("people", "is_said"), [((ALICE, ANNA), True), ((ALICE, ANNA, BOB), False), ((ALICE,), False)]
)
def test_where_nobody_would_hear_of_it_that_is_said(people: tuple[str, ...], *, is_said: bool):
    refused = direct.closed(people, place(ALICE, by_us=True, closed_to=frozenset({ANNA})))

    assert (refused is not None) == is_said


def test_nothing_is_begun_with_who_takes_nothing_of_strangers():
    closed = place(ALICE, by_us=True, closed_to=frozenset({ANNA}))

    refused = compose.start_direct(StartDirect(ALICE, (ANNA,)), closed)

    assert isinstance(refused, Refused)
    assert refused.notice == "contacts-only"


def test_who_was_written_to_hears_once_they_may_be_reached():
    held = set_of(ALICE, ANNA, BOB, standings={ALICE: "unheard", ANNA: "unheard"})

    changes = direct.first_heard(place(BOB, held, closed_to=frozenset({ANNA})))

    assert [one.person for one in of(PutMembership, changes)] == [ALICE]


def test_a_yes_sets_going_what_had_waited_for_it():
    held = set_of(ALICE, BOB, STRANGER, standings={ALICE: "requested"})

    changes = direct.taken_up(held, place(ALICE, held, by_us=True))

    assert of(HastenRepairs, changes) == [HastenRepairs(held.id, NOW)]
    assert [one.subject for one in of(Ask, changes)] == [STRANGER]


def test_a_message_names_fifty_people_at_most():
    crowd = [f"https://c.test/u/{number}" for number in range(49)]

    fifty = read(create(BOB, [ALICE, *crowd[:48]]))
    more = read(create(BOB, [ALICE, *crowd]))

    assert create_note.authorize(fifty, place(BOB)) == Allowed()
    assert isinstance(create_note.authorize(more, place(BOB)), Refused)


def test_a_set_is_begun_with_people_who_are_known():
    begun = compose.start_direct(StartDirect(ALICE, (BOB, CAROL)), place(ALICE, by_us=True))
    unknown = compose.start_direct(StartDirect(ALICE, (BOB, STRANGER)), place(ALICE, by_us=True))
    crowd = {f"https://c.test/u/{number}": None for number in range(50)}
    actors = {**ACTORS, **{uri: actor(uri) for uri in crowd}}
    many = compose.start_direct(
        StartDirect(ALICE, tuple(crowd)), place(ALICE, by_us=True, actors=actors)
    )

    assert not isinstance(begun, Refused)
    assert isinstance(unknown, Refused)
    assert isinstance(many, Refused)
    assert (unknown.status, many.status) == (404, 422)


def test_nothing_is_said_before_everybody_can_be_named():
    held = set_of(ALICE, ANNA, STRANGER)

    refused = compose.post(PostMessage(ALICE, held.id, "hello"), place(ALICE, held, by_us=True))

    assert refused == compose.UNMET
