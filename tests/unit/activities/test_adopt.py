from federation.activities import adopt
from federation.activities.adopt import Adoption, Glimpse
from federation.groups import chain
from federation.groups.chain import StateChange
from federation.groups.state import ADMIN, MODERATOR, OUTCAST, GroupState
from federation.protocol.build import state_change as build
from federation.protocol.build.state_change import Answered, Removed
from federation.protocol.parse import parse_activity
from storage.changes import (
    AddConversation,
    CloseSpan,
    OpenSpan,
    PutMembership,
    SetInvitation,
    SetState,
)
from tests.support.situations import (
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    DORA,
    LOU,
    NOW,
    group,
    of,
    situation,
    state,
)

SEEN = Glimpse(AWAY, "Choir\u202e", f"{AWAY}/context", {BOB: ADMIN, ALICE: "member", LOU: OUTCAST})
ONE = state(BOB, uri=AWAY)
TWO = chain.with_role(ONE, CAROL, "member")
THREE = chain.with_role(TWO, DORA, "member")
FOUR = chain.with_role(THREE, CAROL, MODERATOR)
FIVE = chain.without(FOUR, DORA)
SIX = chain.with_role(FIVE, ALICE, "member")


def change(new: GroupState, subject: str, *, joins: bool = True) -> StateChange:
    yes = Answered(f"{subject}/a/yes", "Accept", subject)
    asked = Answered(f"{BOB}/a/{new.epoch}", "Invite" if joins else "Add", BOB)
    document = build.add(
        new.to_json(),
        subject=subject,
        change_id=f"{AWAY}/state/{new.epoch}",
        basis=(asked, yes) if joins else (asked,),
        published=NOW,
    )
    return chain.read_change(parse_activity(document))


def removal(new: GroupState, subject: str) -> StateChange:
    document = build.remove(
        new.to_json(),
        removed=Removed(subject, "member", {}),
        change_id=f"{AWAY}/state/{new.epoch}",
        basis=(),
        published=NOW,
    )
    return chain.read_change(parse_activity(document))


LOG = (
    change(TWO, CAROL),
    change(THREE, DORA),
    change(FOUR, CAROL, joins=False),
    removal(FIVE, DORA),
    change(SIX, ALICE),
)


def test_what_an_invited_person_sees_is_kept():
    changes = adopt.glimpse(SEEN, situation(AWAY))

    (added,) = of(AddConversation, changes)
    assert (added.uri, added.title, added.home_host) == (AWAY, "Choir", "bob.test")
    assert [(one.person, one.role) for one in of(PutMembership, changes)] == [(BOB, ADMIN)]


def test_a_second_look_adds_who_has_come():
    changes = adopt.glimpse(SEEN, situation(AWAY, group(None)))

    assert of(AddConversation, changes) == []
    assert [one.person for one in of(PutMembership, changes)] == [BOB]


def test_a_verified_state_is_not_replaced_by_a_look():
    assert adopt.glimpse(SEEN, situation(AWAY, group(ONE))) == []


def test_a_new_members_node_begins_with_the_present_epoch():
    conversation = group(None, standings={ALICE: "joining"})

    changes = adopt.adopt(Adoption(SIX, LOG), situation(AWAY, conversation))

    assert of(SetState, changes)[0].epoch == 6
    spans = {one.person: one.from_epoch for one in of(OpenSpan, changes)}
    assert spans == {BOB: 0, CAROL: 2, ALICE: 6, DORA: 3}
    assert [one.person for one in of(CloseSpan, changes)] == [DORA]
    assert {one.person: one.state for one in of(PutMembership, changes)}[ALICE] == "joined"
    assert len(of(SetInvitation, changes)) == 3


def test_nobody_else_of_ours_is_made_a_member_by_it():
    listed = chain.with_role(SIX, ANNA, "member")
    conversation = group(None, standings={ALICE: "joining", ANNA: "invited"})

    changes = adopt.adopt(
        Adoption(listed, (*LOG, change(listed, ANNA))), situation(AWAY, conversation)
    )

    assert ANNA not in {one.person for one in of(OpenSpan, changes)}
    assert ANNA not in {one.person for one in of(PutMembership, changes)}


def test_who_came_back_is_a_member_from_then_on():
    back = chain.with_role(FIVE, DORA, "member")
    log = (*LOG[:4], change(back, DORA))
    conversation = group(None, standings={ALICE: "joining"})

    changes = adopt.adopt(Adoption(back, log), situation(AWAY, conversation))

    assert {one.person: one.from_epoch for one in of(OpenSpan, changes)}[DORA] == 6


def test_what_is_known_or_ours_is_not_adopted():
    adoption = Adoption(ONE, LOG[:1])

    assert adopt.adopt(adoption, situation(AWAY)) == []
    assert adopt.adopt(adoption, situation(AWAY, group(ONE))) == []
    assert adopt.adopt(adoption, situation(AWAY, group(None, is_home=True))) == []
