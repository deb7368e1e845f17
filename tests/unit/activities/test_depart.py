from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from federation.activities import depart
from federation.activities.known import ReadMessage, Shared
from federation.activities.registry import find_kind
from federation.activities.sending import sends
from federation.activities.situation import Situation
from federation.pipeline.outcome import Ignored
from federation.pipeline.perform import perform
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.uri import ID_CHARS_MAX
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Ask, DeleteActor, Tell
from tests.support.situations import (
    ACTORS,
    ALICE,
    ANNA,
    BOB,
    CAROL,
    GROUP_ID,
    LOU,
    NOW,
    activity,
    actor,
    create,
    of,
)
from tests.support.situations import situation as place

ELSEWHERE = "01K4E000000000000000000000"
DELETED = activity("Delete", BOB, BOB)
MOVED = activity("Move", BOB, BOB, target=CAROL)
SHARES = (
    Shared(GROUP_ID, is_home=True, people=(ALICE, ANNA)),
    Shared(ELSEWHERE, is_home=False, people=(ALICE,)),
)


def spoken(by: str = BOB, **other: object) -> Situation:
    return place(by, **{"shares": SHARES, **other})


def test_both_are_found_by_what_they_are_about():
    assert find_kind(DELETED, place(BOB)) is depart.DELETE
    assert find_kind(MOVED, place(BOB)) is depart.MOVE
    assert find_kind(activity("Delete", BOB, f"{BOB}/n/1"), place(BOB)) is not depart.DELETE


@pytest.mark.parametrize(
    ("said", "by", "verdict"),
    [
        (DELETED, BOB, Allowed),
        (activity("Delete", BOB, f"{BOB}2"), BOB, Refused),
        (activity("Delete", ALICE, ALICE), ALICE, Refused),
    ],
)
def test_nobody_but_oneself_ends_an_account_elsewhere(said: Activity, by: str, verdict: type):
    assert isinstance(depart.authorize(depart.read(said), place(by)), verdict)


def test_the_end_of_an_account_is_told_once_and_groups_here_remove_it():
    message = ReadMessage("01K4M000000000000000000001", GROUP_ID, ALICE)

    changes = depart.apply(DELETED, spoken(read_of=(message, message)))

    assert of(DeleteActor, changes) == [DeleteActor(BOB, "bob.test", NOW)]
    assert [(one.person, one.type, one.conversation_id) for one in of(Tell, changes)] == [
        (ALICE, "message.deleted", GROUP_ID),
        (ALICE, "conversation", GROUP_ID),
        (ANNA, "conversation", GROUP_ID),
        (ALICE, "conversation", ELSEWHERE),
    ]
    assert [(one.kind, one.subject) for one in of(Ask, changes)] == [
        ("expel", f"{GROUP_ID} {BOB} {DELETED.id}")
    ]


def test_a_delete_with_a_long_id_is_not_named():
    long = activity("Delete", BOB, BOB, id=f"{BOB}#{'x' * (ID_CHARS_MAX - 40)}")

    changes = depart.apply(long, spoken())

    assert [one.subject for one in of(Ask, changes)] == [f"{GROUP_ID} {BOB}"]


@pytest.mark.parametrize("target", [None, BOB])
def test_a_move_names_another_account(target: str | None):
    with pytest.raises(RemoteProtocolError):
        depart.read_move(activity("Move", BOB, BOB, target=target))


@pytest.mark.parametrize(
    ("said", "moved_at", "verdict"),
    [
        (MOVED, None, Allowed),
        (MOVED, NOW - timedelta(days=7), Allowed),
        (MOVED, NOW - timedelta(days=6, hours=23), Refused),
        (activity("Move", BOB, CAROL, target=LOU), None, Refused),
    ],
)
def test_ones_own_account_moves_once_in_seven_days(
    said: Activity, moved_at: datetime | None, verdict: type
):
    assert isinstance(depart.authorize_move(said, spoken(moved_at=moved_at)), verdict)


def test_the_new_account_is_asked_where_the_old_one_is_known():
    long = f"https://carol.test/{'x' * (ID_CHARS_MAX - 40)}"

    asked = depart.apply_move(MOVED, spoken())

    assert [(one.kind, one.subject) for one in of(Ask, asked)] == [("moved", f"{BOB} {CAROL}")]
    assert depart.apply_move(MOVED, spoken(shares=())) == ()
    assert depart.apply_move(activity("Move", BOB, BOB, target=long), spoken()) == ()
    assert [one.person for one in of(Tell, depart.moved(spoken()))] == [ALICE, ANNA, ALICE]


def test_a_deleted_account_says_nothing_and_is_sent_nothing():
    gone = replace(actor(BOB), is_deleted=True)
    actors = {**ACTORS, BOB: gone}

    outcome = perform(create(BOB, [ALICE]), place(BOB, actors=actors))
    owed = sends(create(ALICE, [BOB, CAROL]).document, [BOB, CAROL], place(ALICE, actors=actors))

    assert outcome == Ignored("a deleted account")
    assert [one.recipients for one in owed] == [(CAROL,)]
