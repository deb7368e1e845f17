import pytest

from federation.activities import leave
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.activities.roster import Span
from federation.groups import chain
from federation.groups.state import ADMIN, GroupState
from federation.protocol import strict_json
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    CancelSends,
    Change,
    CloseLog,
    CloseSpan,
    KeepActivity,
    NoteEntry,
    PutMembership,
    SetState,
    Tell,
)
from tests.support.situations import (
    ACTORS,
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    DORA,
    LOU,
    activity,
    actor,
    group,
    known_log,
    log_of,
    of,
    owed,
    situation,
    state,
)

HOME = state(ALICE, BOB, CAROL)


def goodbye(by: str, held: GroupState = HOME, *, seq: int = 5, **other: object) -> Activity:
    terms = {
        "context": f"{held.conversation}/context",
        "to": [held.conversation],
        "chatEpoch": held.epoch,
        "chatState": held.hash,
        "chatLog": log_of(by),
        "chatSeq": seq,
        **other,
    }
    return activity("Leave", by, held.conversation, **terms)


def judged(said: Activity, conversation: KnownConversation | None) -> Allowed | Refused | Waiting:
    return leave.authorize(leave.read(said), situation(said.actor, conversation))


def applied(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> list[Change]:
    return list(leave.apply(leave.read(said), situation(said.actor, conversation, **other)))


def standings(changes: list[Change]) -> dict[str, str]:
    return {one.person: one.state for one in of(PutMembership, changes)}


def test_a_leave_names_a_conversation():
    with pytest.raises(RemoteProtocolError):
        leave.read(activity("Leave", BOB, {"type": "Group"}))


def test_a_member_may_leave():
    assert judged(goodbye(BOB), group(HOME)) == Allowed()


def test_a_leave_of_an_epoch_ahead_waits_for_the_state():
    held = state(BOB, ALICE, CAROL, uri=AWAY)

    assert judged(goodbye(CAROL, held, chatEpoch=4), group(held)) == Waiting("state", AWAY)


RETURNED = group(HOME, spans=(Span(BOB, 1, 2), Span(BOB, 3, None)))
REFUSED = {
    "not followed": (goodbye(BOB), None),
    "no state": (goodbye(BOB, state(BOB, uri=AWAY)), group(None, standings={BOB: "joined"})),
    "no epoch": (goodbye(BOB, chatEpoch=None, chatState=None), group(HOME)),
    "another conversation": (goodbye(BOB, state(BOB, uri=AWAY)), group(HOME)),
    "never a member": (goodbye(DORA), group(HOME)),
    "left before": (goodbye(BOB), group(HOME, standings={BOB: "left"})),
    "an earlier membership": (goodbye(BOB, chatEpoch=1), RETURNED),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_leave_has_no_effect(name: str):
    said, conversation = REFUSED[name]

    assert isinstance(judged(said, conversation), Refused)


def test_a_leave_that_came_here_counts_at_once():
    held = state(BOB, ALICE, CAROL, uri=AWAY)
    conversation = group(held)

    changes = applied(goodbye(CAROL, held), conversation)

    assert standings(changes) == {CAROL: "left"}
    assert of(PutMembership, changes)[0].left_epoch == 3
    assert of(KeepActivity, changes)[0].id == goodbye(CAROL, held).id
    assert [(one.log, one.seq) for one in of(NoteEntry, changes)] == [(log_of(CAROL), 5)]
    assert of(CloseLog, changes) == [CloseLog(log_of(CAROL), conversation.id, CAROL, 5)]
    assert [one.person for one in of(CancelSends, changes)] == [CAROL]
    assert [one.person for one in of(Tell, changes)] == [ALICE]
    assert of(SetState, changes) == []
    assert owed(changes) == {}


def test_home_makes_a_remove_of_it():
    conversation = group(HOME, logs=[known_log(BOB, head=4)])

    changes = applied(goodbye(BOB), conversation)

    (entered,) = of(SetState, changes)
    assert entered.epoch == 4
    assert standings(changes) == {BOB: "left"}
    assert of(CloseSpan, changes) == [CloseSpan(conversation.id, BOB, 4)]
    assert {one.final for one in of(CloseLog, changes)} == {5}
    assert owed(changes) == {"bob.test": (BOB,), "carol.test": (CAROL,)}
    remove = strict_json.loads(of(KeepActivity, changes)[0].document.encode())
    assert remove["chatHeads"] == {log_of(BOB): 5}


def test_home_finds_another_admin():
    founded = state(BOB, ALICE, CAROL)
    held = chain.with_role(founded, CAROL, "moderator")
    from_home = group(held)

    changes = applied(goodbye(BOB, held), from_home)

    assert [one.epoch for one in of(SetState, changes)] == [5, 6]
    assert [one.role for one in of(PutMembership, changes) if one.person == CAROL] == [ADMIN]
    assert standings(changes)[BOB] == "left"


def test_home_closes_a_group_without_aware_members():
    held = state(BOB, LOU)

    changes = applied(goodbye(BOB, held), group(held))

    assert [one.closed for one in of(SetState, changes)] == [False, True]
    assert standings(changes) == {BOB: "left", LOU: "closed"}


def test_our_leave_goes_to_aware_members_and_home():
    held = state(BOB, ALICE, CAROL, LOU, uri=AWAY)

    changes = applied(goodbye(ALICE, held), group(held), by_us=True)

    assert owed(changes) == {"bob.test": (BOB, AWAY), "carol.test": (CAROL,)}
    assert of(CancelSends, changes) == []


def test_a_leave_of_an_unaware_member_has_no_number():
    held = state(BOB, ALICE, LOU, uri=AWAY)
    said = goodbye(LOU, held, chatLog=None, chatSeq=None)

    changes = applied(said, group(held))

    assert standings(changes) == {LOU: "left"}
    assert of(NoteEntry, changes) == []


def test_somebody_never_met_has_no_deliveries_to_cancel():
    actors = {uri: known for uri, known in ACTORS.items() if uri != CAROL}
    held = state(BOB, ALICE, CAROL, uri=AWAY)

    changes = applied(goodbye(CAROL, held), group(held), actors=actors)

    assert of(CancelSends, changes) == []
    assert actor(CAROL).host == "carol.test"


def test_without_a_conversation_nothing_happens():
    assert applied(goodbye(ANNA), None) == []
