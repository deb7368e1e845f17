from dataclasses import replace

import pytest

from federation.activities import state_change
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.activities.situation import Situation
from federation.groups import chain
from federation.groups.state import ADMIN, MEMBER, OUTCAST, GroupState
from federation.protocol.activity import Activity
from federation.protocol.build import state_change as build
from federation.protocol.build.state_change import Answered, Removed
from federation.protocol.parse import parse_activity
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    Ask,
    CancelSends,
    Change,
    CloseLog,
    CloseSpan,
    KeepActivity,
    MarkDisputed,
    OpenLog,
    OpenSpan,
    PutMembership,
    SetInvitation,
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
    NOW,
    group,
    log_of,
    of,
    owed,
    situation,
    state,
)

HELD = state(BOB, ALICE, CAROL, uri=AWAY)
LATER = chain.with_role(HELD, DORA, MEMBER)
INVITE = Answered(f"{BOB}/a/invite", "Invite", BOB)


def add(before: GroupState, person: str, role: str = MEMBER, **other: object) -> Activity:
    new = chain.with_role(before, person, role)
    document = build.add(
        new.to_json(),
        subject=person,
        change_id=f"{new.conversation}/state/{new.epoch}",
        basis=(INVITE,),
        published=NOW,
    )
    return parse_activity({**document, **other})


def remove(before: GroupState, person: str, heads: dict[str, int] | None = None) -> Activity:
    new = chain.without(before, person)
    document = build.remove(
        new.to_json(),
        removed=Removed(person, before.role_of(person), heads or {}),
        change_id=f"{new.conversation}/state/{new.epoch}",
        basis=(),
        published=NOW,
    )
    return parse_activity(document)


def close(before: GroupState) -> Activity:
    new = chain.closed(before)
    change_id = f"{new.conversation}/state/{new.epoch}"
    return parse_activity(build.delete(new.to_json(), change_id=change_id, basis=(), published=NOW))


def judged(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> Allowed | Refused | Waiting:
    return state_change.authorize(state_change.read(said), place(said, conversation, **other))


def applied(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> list[Change]:
    return list(state_change.apply(state_change.read(said), place(said, conversation, **other)))


def place(said: Activity, conversation: KnownConversation | None, **other: object) -> Situation:
    return situation(said.actor, conversation, **other)


def standings(changes: list[Change]) -> dict[str, str]:
    return {change.person: change.state for change in of(PutMembership, changes)}


def test_a_change_that_follows_is_entered():
    said = add(HELD, DORA)

    verdict, changes = judged(said, group(HELD)), applied(said, group(HELD))

    assert verdict == Allowed()
    (entered,) = of(SetState, changes)
    assert (entered.epoch, entered.hash) == (4, said.state)
    assert of(KeepActivity, changes)[0].id == said.id
    assert of(OpenSpan, changes) == [OpenSpan(group(HELD).id, DORA, 4)]
    assert standings(changes) == {DORA: "joined"}
    assert [one.id for one in of(SetInvitation, changes)] == [INVITE.id]
    assert [one.person for one in of(Tell, changes)] == [ALICE]
    assert owed(changes) == {}


VERDICTS = {
    "unknown group": (add(HELD, DORA), None, "Refused"),
    "unknown group, one of ours": (add(HELD, ANNA), None, "Allowed"),
    "gap": (
        add(add_state := chain.with_role(HELD, DORA, MEMBER), BOB, ADMIN),
        group(HELD),
        "Waiting",
    ),
    "hash of another past": (add(state(BOB, CAROL, ALICE, uri=AWAY), DORA), group(HELD), "Waiting"),
    "known epoch": (add(state(BOB, ALICE, uri=AWAY), CAROL), group(HELD), "Allowed"),
    "disputed": (add(HELD, DORA), group(HELD, disputed=True), "Refused"),
    "home is here": (add(state(ALICE), DORA), group(state(ALICE)), "Refused"),
    "invited only": (add(HELD, DORA), group(None, standings={ALICE: "invited"}), "Refused"),
    "invited only, and added": (
        add(HELD, ANNA),
        group(None, standings={ANNA: "invited"}),
        "Allowed",
    ),
    "said yes": (add(HELD, DORA), group(None, standings={ALICE: "joining"}), "Waiting"),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_a_change_is_judged_by_the_chain(name: str):
    said, conversation, expected = VERDICTS[name]

    assert type(judged(said, conversation)).__name__ == expected


def test_a_group_beyond_the_cap_is_not_entered():
    members = dict.fromkeys((f"https://many.test/u/{n}" for n in range(1000)), MEMBER)
    full = replace(HELD, members=members)

    assert judged(add(full, DORA), group(full)) == Refused("the group is too large")


def test_a_duplicate_changes_nothing():
    said = add(state(BOB, ALICE, uri=AWAY), CAROL)

    assert applied(said, group(HELD)) == []


def test_two_changes_of_one_epoch_make_a_dispute():
    said = add(state(BOB, ALICE, uri=AWAY), DORA)

    changes = applied(said, group(HELD))

    assert judged(said, group(HELD)) == Allowed()
    assert of(MarkDisputed, changes) == [MarkDisputed(group(HELD).id)]
    assert of(KeepActivity, changes)[0].id == said.id
    assert of(SetState, changes) == []
    assert [one.person for one in of(Tell, changes)] == [ALICE]


@pytest.mark.parametrize("standing", [None, "invited", "requested", "left", "removed", "refused"])
def test_nobody_of_ours_becomes_a_member_without_a_yes(standing: str | None):
    said = add(HELD, ANNA)
    held = group(HELD, standings={ANNA: standing} if standing else {})

    changes = applied(said, held)

    assert ANNA not in standings(changes)
    assert owed(changes) == {"bob.test": (AWAY,)}
    assert '"type":"Reject"' in of(KeepActivity, changes)[-1].document


def test_somebody_of_ours_who_said_yes_becomes_a_member():
    changes = applied(add(HELD, ANNA), group(HELD, standings={ANNA: "joining"}))

    assert standings(changes) == {ANNA: "joined"}
    assert owed(changes) == {}


def test_who_never_said_yes_is_shown_no_message():
    changes = applied(add(HELD, ANNA), group(HELD))

    assert of(OpenSpan, changes) == []


def test_who_says_yes_later_is_shown_messages_from_then_on():
    with_anna = chain.with_role(HELD, ANNA, MEMBER)
    held = group(with_anna, spans=group(HELD).spans, standings={ANNA: "joining"})

    changes = applied(add(with_anna, ANNA), held)

    assert of(OpenSpan, changes) == [OpenSpan(held.id, ANNA, 5)]


def test_an_add_by_an_unknown_group_is_answered():
    said = add(HELD, ANNA)

    assert owed(applied(said, None)) == {"bob.test": (AWAY,)}


def test_a_ban_needs_no_yes():
    changes = applied(add(HELD, ANNA, OUTCAST), group(HELD))

    assert standings(changes) == {ANNA: "banned"}
    assert owed(changes) == {}


def test_a_removed_member_gets_nothing_more():
    said = remove(HELD, CAROL, {log_of(CAROL): 7})

    changes = applied(said, group(HELD))

    assert standings(changes) == {CAROL: "removed"}
    assert of(CloseSpan, changes) == [CloseSpan(group(HELD).id, CAROL, 4)]
    assert [(one.person, one.host) for one in of(CancelSends, changes)] == [(CAROL, "carol.test")]
    assert of(CloseLog, changes) == [CloseLog(log_of(CAROL), group(HELD).id, CAROL, 7)]
    assert len(of(OpenLog, changes)) == 1


def test_home_ends_no_log_of_anybody_else():
    said = remove(HELD, CAROL, {log_of(ALICE): 0, log_of(BOB): 0})

    changes = applied(said, group(HELD))

    assert of(CloseLog, changes) == []


def test_who_has_left_stays_out_when_home_says_so_too():
    changes = applied(remove(HELD, ALICE), group(HELD, standings={ALICE: "left"}))

    assert standings(changes) == {ALICE: "left"}


def test_a_closed_group_is_closed_for_everybody():
    changes = applied(close(HELD), group(HELD, standings={ANNA: "invited"}))

    assert of(SetState, changes)[0].closed
    assert standings(changes) == {BOB: "closed", ALICE: "closed", CAROL: "closed"}


def test_members_whom_nobody_has_met_are_asked_for():
    actors = {uri: known for uri, known in ACTORS.items() if uri != DORA}

    changes = applied(add(HELD, DORA), group(HELD), actors=actors)

    assert [(one.kind, one.subject) for one in of(Ask, changes)] == [("actor", DORA)]


@pytest.mark.parametrize("held", [HELD, state(ALICE, ANNA, BOB)], ids=["followed", "home here"])
def test_no_other_actor_changes_a_group(held: GroupState):
    """Whatever conversation an activity was found to name, its own actor alone decides it."""
    stranger = "https://zoe.test/c/z"
    member = next(person for person in held.people if person in {ALICE, ANNA})
    new = chain.with_role(held, member, ADMIN)
    document = build.add(
        {**new.to_json(), "conversation": stranger},
        subject=member,
        change_id=f"{stranger}/state/{new.epoch}",
        basis=(),
        published=NOW,
    )
    forged = {**document, "chatState": new.hash, "chatPrevState": held.hash}
    forged["object"] = {**document["object"], "id": held.conversation}
    said = parse_activity(forged)

    changes = applied(said, group(held))

    assert of(SetState, changes) == []
    assert of(PutMembership, changes) == []


def test_a_title_that_steers_the_display_is_cleaned():
    named = replace(state(BOB, ALICE, uri=AWAY), name="Book\u202e\n club " + "x" * 500)

    changes = applied(add(named, CAROL), group(named))

    (entered,) = of(SetState, changes)
    assert entered.title.startswith("Book club xxx")
    assert len(entered.title) <= 200
    assert "\u202e" in entered.state
