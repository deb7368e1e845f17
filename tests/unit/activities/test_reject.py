import pytest

from federation.activities import reject
from federation.activities.known import KnownConversation
from federation.activities.roster import Span
from federation.activities.situation import json_text
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    Change,
    CloseLog,
    KeepActivity,
    PutMembership,
    SetInvitation,
    SetState,
    Tell,
)
from tests.support.situations import (
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    DORA,
    GROUP,
    NOW,
    activity,
    group,
    invite,
    known_log,
    of,
    owed,
    situation,
    state,
)

INVITE = invite(ALICE, CAROL, uri=AWAY)
ACCEPT = activity("Accept", ANNA, f"{BOB}/a/invite", to=[AWAY, BOB])
FOLLOWED = group(state(BOB, ALICE, uri=AWAY), standings={CAROL: "invited", ANNA: "joining"})


def refusal(of_id: str, by: str = AWAY) -> Activity:
    return activity("Reject", by, of_id, chatNotice="full")


def judged(
    said: Activity, asked: Activity | None, conversation: KnownConversation | None = FOLLOWED
) -> Allowed | Refused:
    answered = {asked.id: json_text(asked.document)} if asked is not None else {}
    place = situation(said.actor, conversation, answered=answered)
    return reject.authorize(reject.read(said), place)


def applied(
    said: Activity, asked: Activity | None, conversation: KnownConversation | None = FOLLOWED
) -> list[Change]:
    answered = {asked.id: json_text(asked.document)} if asked is not None else {}
    place = situation(said.actor, conversation, answered=answered)
    return list(reject.apply(reject.read(said), place))


def test_home_may_refuse_what_we_asked():
    assert judged(refusal(INVITE.id), INVITE) == Allowed()
    assert judged(refusal(ACCEPT.id), ACCEPT) == Allowed()


THEIRS = invite(BOB, CAROL, uri=AWAY)
OTHER_HOME = "https://zoe.test/c/z"
REFUSED = {
    "never asked": (refusal(INVITE.id), None, FOLLOWED),
    "not by us": (refusal(THEIRS.id), THEIRS, FOLLOWED),
    "asked of another": (refusal(INVITE.id, OTHER_HOME), INVITE, FOLLOWED),
    "not followed": (refusal(INVITE.id), INVITE, None),
    "another conversation": (refusal(INVITE.id), INVITE, group(state(ALICE))),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nobody_else_may(name: str):
    said, asked, conversation = REFUSED[name]

    assert isinstance(judged(said, asked, conversation), Refused)


def test_a_refused_invitation_comes_to_nothing():
    changes = applied(refusal(INVITE.id), INVITE)

    assert of(SetInvitation, changes) == [SetInvitation(INVITE.id, "void", NOW)]
    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(CAROL, "refused")]
    assert [one.person for one in of(Tell, changes)] == [ALICE]


def test_a_refused_yes_is_void():
    changes = applied(refusal(ACCEPT.id), ACCEPT)

    assert of(SetInvitation, changes) == [SetInvitation(f"{BOB}/a/invite", "void", NOW)]
    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(ANNA, "refused")]
    assert [one.person for one in of(Tell, changes)] == [ANNA]


def test_who_came_in_meanwhile_stays():
    conversation = group(state(BOB, ALICE, CAROL, uri=AWAY))

    changes = applied(refusal(INVITE.id), INVITE, conversation)

    assert of(PutMembership, changes) == []


def test_without_a_request_nothing_happens():
    assert applied(refusal(INVITE.id), None) == []


HOME = state(ALICE, BOB, CAROL)


def never_agreed(by: str, epoch: object = 3) -> Activity:
    add = {"id": f"{GROUP}/state/3", "type": "Add", "actor": GROUP, "chatEpoch": epoch}
    return activity("Reject", by, add, to=[GROUP])


def judged_add(said: Activity, conversation: KnownConversation | None) -> Allowed | Refused:
    return reject.authorize_add(reject.read(said), situation(said.actor, conversation))


def test_home_takes_out_who_never_agreed():
    said = never_agreed(CAROL)

    changes = reject.apply_add(reject.read(said), situation(CAROL, group(HOME)))

    assert judged_add(said, group(HOME)) == Allowed()
    assert of(KeepActivity, changes)[0].id == said.id
    assert [one.epoch for one in of(SetState, changes)] == [4]
    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(CAROL, "removed")]
    assert owed(changes) == {"bob.test": (BOB,), "carol.test": (CAROL,)}


def test_what_somebody_said_before_they_refused_a_role_still_counts():
    said = never_agreed(CAROL)
    theirs = known_log(CAROL, head=7)

    changes = reject.apply_add(reject.read(said), situation(CAROL, group(HOME, logs=[theirs])))

    assert [one.final for one in of(CloseLog, changes)] == [7]


AGREED_SINCE = group(HOME, spans=(Span(CAROL, 1, 2), Span(CAROL, 3, None)))
NOT_TAKEN_OUT = {
    "home elsewhere": (never_agreed(ALICE), FOLLOWED),
    "no member": (never_agreed(DORA), group(HOME)),
    "agreed since": (never_agreed(CAROL, 1), AGREED_SINCE),
    "an Add without epoch": (never_agreed(CAROL, None), group(HOME)),
}


@pytest.mark.parametrize("name", NOT_TAKEN_OUT)
def test_home_takes_nobody_else_out(name: str):
    assert isinstance(judged_add(*NOT_TAKEN_OUT[name]), Refused)


def test_where_home_is_elsewhere_nothing_happens():
    said = never_agreed(ALICE)

    assert reject.apply_add(reject.read(said), situation(ALICE, FOLLOWED)) == ()
