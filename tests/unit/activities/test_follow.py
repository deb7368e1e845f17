import pytest

from federation.activities import follow
from federation.activities.known import KnownFollow
from federation.pipeline.drafts import compose
from federation.pipeline.item import AnswerFollow
from federation.pipeline.outcome import Applied, KeptOut
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, DropFollow, KeepActivity, PutFollow, Tell
from tests.support.situations import ALICE, ANNA, BOB, CAROL, GROUP, NOW, activity, of, owed
from tests.support.situations import situation as place

ASKED = activity("Follow", BOB, ALICE)
OURS = activity("Follow", ALICE, BOB)
HELD = KnownFollow(BOB, ALICE, ASKED.id, "accepted")
PENDING = KnownFollow(ALICE, BOB, OURS.id, "pending")


def undo(by: str, of_: Activity) -> Activity:
    return activity("Undo", by, dict(of_.document))


def followed(said: Activity, **other: object) -> list[Change]:
    return list(follow.apply(follow.read(said), place(said.actor, **other)))


def test_nobody_follows_nobody_or_themselves():
    for said in (activity("Follow", BOB, {"type": "Person"}), activity("Follow", BOB, BOB)):
        with pytest.raises(RemoteProtocolError):
            follow.read(said)


def test_who_is_here_may_be_followed():
    strangers = activity("Follow", BOB, f"{ALICE}x"), activity("Follow", BOB, CAROL)

    assert follow.authorize(follow.read(ASKED), place(BOB)) == Allowed()
    assert follow.authorize(follow.read(OURS), place(ALICE, by_us=True)) == Allowed()
    for said in strangers:
        verdict = follow.authorize(follow.read(said), place(BOB))
        assert verdict == Refused("nobody here has that id", status=404)


def test_a_follow_of_one_of_ours_is_accepted_at_once():
    changes = followed(ASKED)

    assert of(PutFollow, changes) == [PutFollow(BOB, ALICE, ASKED.id, "accepted", NOW)]
    assert owed(changes) == {"bob.test": (BOB,)}
    assert '"type":"Accept"' in of(KeepActivity, changes)[-1].document


def test_a_follow_waits_where_somebody_answers_themselves():
    changes = followed(ASKED, approves_followers=True)

    assert [one.state for one in of(PutFollow, changes)] == ["pending"]
    assert [(one.person, one.type) for one in of(Tell, changes)] == [(ALICE, "me")]
    assert owed(changes) == {}


def test_who_follows_already_is_answered_at_once():
    changes = followed(ASKED, approves_followers=True, follow=HELD)

    assert [one.state for one in of(PutFollow, changes)] == ["accepted"]
    assert owed(changes) == {"bob.test": (BOB,)}


def test_so_many_wait_and_no_more():
    full = place(BOB, approves_followers=True, open_follows=follow.OPEN_FOLLOWS_MAX)

    verdict = follow.authorize(follow.read(ASKED), full)

    assert isinstance(verdict, Refused)
    assert verdict.status == 429


@pytest.mark.parametrize("accepts", [True, False])
def test_the_answer_of_our_people_goes_out(*, accepts: bool):
    held = KnownFollow(BOB, ALICE, ASKED.id, "pending")

    outcome = compose(AnswerFollow(ALICE, BOB, accepts), place(ALICE, by_us=True, follow=held))

    assert isinstance(outcome, Applied)
    assert owed(list(outcome.changes)) == {"bob.test": (BOB,)}
    assert len(of(PutFollow, outcome.changes)) == int(accepts)
    assert len(of(DropFollow, outcome.changes)) == int(not accepts)


@pytest.mark.parametrize("held", [None, HELD])
def test_nobody_is_answered_who_does_not_wait(held: KnownFollow | None):
    outcome = compose(AnswerFollow(ALICE, BOB, accepts=True), place(ALICE, by_us=True, follow=held))

    assert isinstance(outcome, KeptOut)
    assert outcome.refused.status == 404


def test_who_takes_it_back_is_waited_for_no_more():
    held = KnownFollow(BOB, ALICE, ASKED.id, "pending")

    changes = follow.apply_undo(follow.read_undo(undo(BOB, ASKED)), place(BOB, follow=held))

    assert of(DropFollow, changes) == [DropFollow(BOB, ALICE)]
    assert [(one.person, one.type) for one in of(Tell, changes)] == [(ALICE, "me")]


def test_a_conversation_is_not_followed():
    changes = followed(activity("Follow", BOB, GROUP))

    assert of(PutFollow, changes) == []
    assert '"type":"Reject"' in of(KeepActivity, changes)[-1].document


def test_our_follow_waits_for_an_answer():
    changes = followed(OURS, by_us=True)

    assert [one.state for one in of(PutFollow, changes)] == ["pending"]
    assert owed(changes) == {"bob.test": (BOB,)}


def test_a_follow_between_two_of_ours_needs_no_answer():
    changes = followed(activity("Follow", ALICE, ANNA), by_us=True)

    assert [one.state for one in of(PutFollow, changes)] == ["accepted"]
    assert owed(changes) == {}


@pytest.mark.parametrize("inner", [ASKED.id, {**ASKED.document, "actor": CAROL}])
def test_nobody_undoes_the_follow_of_another(inner: object):
    with pytest.raises(RemoteProtocolError):
        follow.read_undo(activity("Undo", BOB, inner))


@pytest.mark.parametrize("held", [None, KnownFollow(CAROL, ALICE, "x", "accepted")])
def test_what_is_not_there_is_not_undone(held: KnownFollow | None):
    wish = follow.read_undo(undo(BOB, ASKED))

    assert isinstance(follow.authorize_undo(wish, place(BOB, follow=held)), Refused)


def test_a_follow_ends_by_its_follower():
    theirs, ours = follow.read_undo(undo(BOB, ASKED)), follow.read_undo(undo(ALICE, OURS))

    assert follow.authorize_undo(theirs, place(BOB, follow=HELD)) == Allowed()
    assert follow.apply_undo(theirs, place(BOB, follow=HELD)) == [DropFollow(BOB, ALICE)]
    changes = follow.apply_undo(ours, place(ALICE, follow=PENDING, by_us=True))
    assert of(DropFollow, changes) == [DropFollow(ALICE, BOB)]
    assert owed(changes) == {"bob.test": (BOB,)}


ANSWERS = [
    ("Accept", PENDING, OURS.id, "accepted"),
    ("Reject", PENDING, OURS.id, "rejected"),
    ("Reject", KnownFollow(ALICE, BOB, OURS.id, "accepted"), OURS.id, "rejected"),
    ("Accept", KnownFollow(ALICE, BOB, OURS.id, "accepted"), OURS.id, None),
    ("Accept", PENDING, f"{ALICE}/a/other", None),
    ("Accept", KnownFollow(ALICE, CAROL, OURS.id, "pending"), OURS.id, None),
    ("Accept", None, OURS.id, None),
]


@pytest.mark.parametrize(("verb", "held", "object_id", "state"), ANSWERS)
def test_an_answer_counts_once_and_from_whom_it_was_asked(
    verb: str, held: KnownFollow | None, object_id: str, state: str | None
):
    said = follow.read_answer(activity(verb, BOB, object_id))
    verdict = follow.authorize_answer(said, place(BOB, follow=held))

    assert isinstance(verdict, Allowed) is (state is not None)
    if state is not None:
        (put,) = follow.apply_answer(said, place(BOB, follow=held))
        assert put == PutFollow(ALICE, BOB, OURS.id, state, NOW)


def test_without_a_follow_an_answer_changes_nothing():
    said = follow.read_answer(activity("Accept", BOB, OURS.id))

    assert follow.apply_answer(said, place(BOB)) == ()
