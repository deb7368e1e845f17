from datetime import UTC, datetime

import pytest

from federation.activities.direct import people_hash
from federation.pipeline.item import (
    AnswerInvitation,
    Draft,
    FollowPerson,
    InvitePerson,
    LeaveConversation,
    PostMessage,
    Received,
    StartDirect,
    StartGroup,
)
from federation.pipeline.needs import Needs, needs_of
from federation.protocol.activity import Activity
from tests.support.situations import (
    ALICE,
    AWAY,
    BOB,
    CAROL,
    GROUP_ID,
    activity,
    create,
    entry,
    invite,
    state,
)

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
PAIR = people_hash(frozenset({ALICE, BOB}))
FOLLOW = {"id": f"{BOB}/a/follow", "type": "Follow", "actor": BOB, "object": ALICE}


def of(said: Activity) -> Needs:
    return needs_of(Received(said, "", "", NOW))


def test_a_groups_message_is_about_its_context():
    needs = of(entry(BOB, state(BOB, ALICE, uri=AWAY)))

    assert needs.subject == f"{AWAY}/context"
    assert needs.contexts == {f"{AWAY}/context"}
    assert needs.people == frozenset()
    assert needs.strangers_to == frozenset()


def test_a_direct_message_is_about_its_people():
    needs = of(create(BOB, [ALICE], said={"inReplyTo": f"{ALICE}/n/9"}))

    assert needs.subject == PAIR
    assert needs.people == {PAIR}
    assert needs.messages == {f"{BOB}/n/1", f"{ALICE}/n/9"}
    assert needs.strangers_to == {ALICE, BOB}


SUBJECTS = [
    (activity("Follow", BOB, ALICE), PAIR),
    (activity("Undo", BOB, FOLLOW), PAIR),
    (activity("Accept", ALICE, FOLLOW), PAIR),
    (activity("Reject", ALICE, FOLLOW), PAIR),
    (activity("Accept", ALICE, FOLLOW["id"]), f"Accept {FOLLOW['id']}"),
    (invite(BOB, ALICE, uri=AWAY), AWAY),
    (activity("Accept", ALICE, {"id": f"{BOB}/i", "type": "Invite", "object": AWAY}), AWAY),
    (activity("Leave", BOB, AWAY), AWAY),
    (activity("Add", AWAY, {"type": "Relationship"}), AWAY),
]


@pytest.mark.parametrize(("said", "subject"), SUBJECTS)
def test_what_goes_together_has_one_subject(said: Activity, subject: str):
    assert of(said).subject == subject


def test_no_subject_is_longer_than_its_column():
    inner = {"id": f"{BOB}/i", "type": "Invite", "object": "https://bob.test/" + "x" * 5000}

    assert len(of(activity("Accept", ALICE, inner)).subject) == 512


def test_an_invite_names_itself_and_its_person():
    needs = of(invite(BOB, ALICE, uri=AWAY))

    assert needs.invitations == {invite(BOB, ALICE, uri=AWAY).id}
    assert needs.strangers_to == {ALICE}
    assert needs.conversation_uris >= {AWAY}


FOLLOWED = [
    (activity("Follow", BOB, ALICE), ALICE),
    (activity("Undo", BOB, FOLLOW), ALICE),
    (activity("Accept", ALICE, FOLLOW["id"]), ALICE),
    (activity("Leave", BOB, AWAY), ""),
]


@pytest.mark.parametrize(("said", "followed"), FOLLOWED)
def test_the_follow_that_is_meant(said: Activity, followed: str):
    assert of(said).follow_of == followed


DRAFTS: list[tuple[Draft, str, frozenset[str]]] = [
    (StartGroup(ALICE, GROUP_ID, "c-1", (), "", (BOB,)), GROUP_ID, frozenset({ALICE, BOB})),
    (StartDirect(ALICE, (BOB,)), PAIR, frozenset({ALICE, BOB})),
    (FollowPerson(ALICE, BOB), PAIR, frozenset({ALICE, BOB})),
    (InvitePerson(ALICE, GROUP_ID, CAROL), GROUP_ID, frozenset({ALICE, CAROL})),
    (PostMessage(ALICE, GROUP_ID, "Hello"), GROUP_ID, frozenset({ALICE})),
    (AnswerInvitation(ALICE, GROUP_ID, accepts=True), GROUP_ID, frozenset({ALICE})),
    (LeaveConversation(ALICE, GROUP_ID), GROUP_ID, frozenset({ALICE})),
]


@pytest.mark.parametrize(("draft", "subject", "actors"), DRAFTS)
def test_what_a_wish_names(draft: Draft, subject: str, actors: frozenset[str]):
    needs = needs_of(draft)

    assert (needs.author, needs.subject, needs.actors) == (ALICE, subject, actors)
