import pytest

from federation.activities.known import KnownConversation
from federation.activities.situation import Situation
from federation.pipeline import compose_membership
from federation.pipeline.drafts import compose
from federation.pipeline.item import (
    AnswerInvitation,
    Draft,
    FollowPerson,
    InvitePerson,
    LeaveConversation,
    Once,
    PostMessage,
    StartGroup,
)
from federation.pipeline.outcome import Applied, KeptOut
from federation.protocol.verdict import Refused
from storage.changes import (
    AddConversation,
    AddLocalActor,
    AddMessage,
    OpenSpan,
    PutInvitation,
    PutMembership,
    RememberKey,
    SetState,
)
from tests.support.situations import (
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    GROUP,
    GROUP_ID,
    LOU,
    direct,
    group,
    invitation,
    of,
    owed,
    situation,
    state,
)

HOME = state(ALICE, BOB)
ASKED = invitation(BOB, ALICE, uri=AWAY)
ONE = {"lou.test": "lemmy"}
INVITED = group(None, standings={ALICE: "invited", BOB: "joined"})


def at(conversation: KnownConversation | None, **other: object) -> Situation:
    return situation(ALICE, conversation, by_us=True, **other)


def test_a_group_is_made_with_its_founder_its_invitations_and_a_first_message():
    wish = StartGroup(ALICE, GROUP_ID, "c-1", (), "Book club", (BOB, ANNA, BOB), "Hello")

    outcome = compose(wish, at(None))

    assert isinstance(outcome, Applied)
    assert outcome.resource == GROUP_ID
    changes = outcome.changes
    assert [one.uri for one in of(AddLocalActor, changes)] == [GROUP]
    assert [one.is_home for one in of(AddConversation, changes)] == [True]
    assert of(OpenSpan, changes) == [OpenSpan(GROUP_ID, ALICE, 1)]
    assert [one.epoch for one in of(SetState, changes)] == [1]
    assert [one.invitee for one in of(PutInvitation, changes)] == [BOB, ANNA]
    assert len(of(AddMessage, changes)) == 1
    assert owed(changes) == {"bob.test": (BOB,)}


WISHES: list[tuple[Draft, Situation, int]] = [
    (StartGroup(ALICE, GROUP_ID, "c-1", (), "", (LOU,)), at(None, software=ONE), 422),
    (StartGroup(ALICE, GROUP_ID, "c-1", (), "", (AWAY,)), at(None), 404),
    (InvitePerson(ALICE, GROUP_ID, CAROL), at(None), 404),
    (InvitePerson(ALICE, GROUP_ID, CAROL), at(direct(ALICE, BOB)), 409),
    (InvitePerson(ALICE, GROUP_ID, LOU), at(group(HOME), software=ONE), 422),
    (InvitePerson(ALICE, GROUP_ID, BOB), at(group(HOME)), 409),
    (AnswerInvitation(ALICE, GROUP_ID, accepts=True), at(None), 404),
    (AnswerInvitation(ALICE, GROUP_ID, accepts=True), at(group(HOME)), 409),
    (AnswerInvitation(ALICE, GROUP_ID, accepts=True), at(INVITED), 409),
    (LeaveConversation(ALICE, GROUP_ID), at(None), 404),
    (LeaveConversation(ALICE, GROUP_ID), at(direct(ALICE, BOB)), 409),
    (LeaveConversation(ALICE, GROUP_ID), at(group(HOME, standings={ALICE: "left"})), 409),
    (FollowPerson(ALICE, ALICE), at(None), 404),
    (PostMessage(ALICE, GROUP_ID, "Hello"), at(None), 404),
]


@pytest.mark.parametrize(("wish", "place", "status"), WISHES)
def test_what_cannot_be_wished(wish: Draft, place: Situation, status: int):
    outcome = compose(wish, place)

    assert isinstance(outcome, KeptOut)
    assert outcome.refused.status == status


def standings(outcome: object) -> dict[str, str]:
    assert isinstance(outcome, Applied)
    return {one.person: one.state for one in of(PutMembership, outcome.changes)}


def test_somebody_is_invited_answers_and_leaves():
    invited = compose(InvitePerson(ALICE, GROUP_ID, CAROL), at(group(HOME)))
    yes = AnswerInvitation(ALICE, GROUP_ID, accepts=True)
    no = AnswerInvitation(ALICE, GROUP_ID, accepts=False)
    left = compose(LeaveConversation(ALICE, GROUP_ID), at(group(state(BOB, ALICE, uri=AWAY))))

    assert standings(invited) == {CAROL: "invited"}
    assert standings(compose(yes, at(INVITED, invitation=ASKED))) == {ALICE: "joining"}
    assert standings(compose(no, at(INVITED, invitation=ASKED))) == {ALICE: "refused"}
    assert standings(left) == {ALICE: "left"}


@pytest.mark.parametrize(("accepts", "after"), [(True, "joined"), (False, "refused")])
def test_a_strangers_conversation_is_answered_in_silence(*, accepts: bool, after: str):
    held = direct(ALICE, BOB, standings={ALICE: "requested"})

    outcome = compose(AnswerInvitation(ALICE, GROUP_ID, accepts=accepts), at(held))

    assert standings(outcome) == {ALICE: after}
    assert isinstance(outcome, Applied)
    assert owed(outcome.changes) == {}


def test_a_key_is_remembered_with_what_was_made():
    once = Once("alice", "key", "hash")

    outcome = compose(InvitePerson(ALICE, GROUP_ID, CAROL, once=once), at(group(HOME)))

    assert isinstance(outcome, Applied)
    assert [one.resource for one in of(RememberKey, outcome.changes)] == [GROUP_ID]


def test_nobody_known_is_nobody_to_invite():
    refused = compose_membership.invitee_refused("https://new.test/u/n", at(None))

    assert isinstance(refused, Refused)
