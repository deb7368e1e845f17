import pytest

from federation.activities import message, registry
from federation.activities.kind import Shape, Waiting
from federation.activities.known import KnownFollow
from federation.activities.registry import find_kind
from federation.pipeline.outcome import Applied, Ignored, KeptOut
from federation.pipeline.perform import perform
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from storage.changes import KeepActivity
from tests.support.situations import (
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    DORA,
    LOU,
    activity,
    create,
    entry,
    group,
    invitation,
    invite,
    of,
    owed,
    situation,
    state,
)

HOME = state(ALICE, BOB)
FOLLOWED = state(BOB, ALICE, uri=AWAY)


def test_what_has_no_kind_has_no_effect():
    assert perform(activity("Announce", BOB, ALICE), situation(BOB)) == Ignored("Announce")


def test_what_is_allowed_is_applied():
    outcome = perform(create(BOB, [ALICE]), situation(BOB))

    assert isinstance(outcome, Applied)
    assert outcome.changes != ()


def test_a_meaning_that_was_read_before_is_not_read_again():
    said = create(BOB, [ALICE])

    outcome = perform(said, situation(BOB), meaning=message.read(said))

    assert isinstance(outcome, Applied)


def test_what_waits_says_for_what():
    outcome = perform(entry(BOB, FOLLOWED, epoch=9), situation(BOB, group(FOLLOWED)))

    assert outcome == Waiting("state", AWAY)


def test_home_answers_a_request_that_it_refuses():
    outcome = perform(invite(DORA, CAROL), situation(DORA, group(HOME)))

    assert isinstance(outcome, KeptOut)
    assert owed(outcome.changes) == {"dora.test": (DORA,)}
    assert '"chatNotice":"not-allowed"' in of(KeepActivity, outcome.changes)[0].document


SILENT = [
    (invite(LOU, CAROL), situation(LOU, group(HOME))),
    (invite(ANNA, CAROL), situation(ANNA, group(HOME), by_us=True)),
    (invite(CAROL, ALICE, uri=AWAY), situation(CAROL, group(FOLLOWED))),
    (entry(DORA, HOME), situation(DORA, group(HOME))),
]


@pytest.mark.parametrize(("said", "place"), SILENT)
def test_nobody_else_is_answered(said: Activity, place: object):
    outcome = perform(said, place)

    assert isinstance(outcome, KeptOut)
    assert outcome.changes == ()


def test_what_says_nothing_is_an_error():
    with pytest.raises(RemoteProtocolError):
        perform(activity("Invite", BOB, AWAY), situation(BOB))


def test_no_two_kinds_have_one_shape():
    assert len(registry.BY_SHAPE) == len(registry.KINDS)


FOLLOW = KnownFollow(ALICE, BOB, f"{ALICE}/a/follow", "pending")
ASKED = invitation(ALICE, BOB)
BY_ID = [
    (FOLLOW.activity_id, Shape("Accept", "Follow", "person")),
    (ASKED.id, Shape("Accept", "Invite", "person")),
]


@pytest.mark.parametrize(("object_id", "shape"), BY_ID)
def test_an_answer_is_of_the_kind_of_what_is_held_under_its_id(object_id: str, shape: Shape):
    place = situation(BOB, follow=FOLLOW, invitation=ASKED)

    kind = find_kind(activity("Accept", BOB, object_id), place)

    assert kind is not None
    assert kind.shape == shape
    assert find_kind(activity("Accept", BOB, f"{ALICE}/a/9"), place) is None
