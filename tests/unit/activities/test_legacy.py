"""What unaware people write to a group, judged and applied without a database."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from federation.activities import create_note, legacy_leave, message, readers
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.activities.roster import Span
from federation.groups import chain
from federation.groups.description import Description
from federation.groups.state import GroupState
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused
from federation.protocol.vocabulary import PUBLIC
from storage.changes import (
    AddMessage,
    AddRecipient,
    Change,
    PutMembership,
    SetInvitation,
    SetState,
    Touch,
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
    NOW,
    activity,
    create,
    direct,
    entry,
    group,
    invitation,
    of,
    owed,
    situation,
    state,
)

HELD = state(ALICE, BOB, ANNA, LOU)
ELSEWHERE = state(BOB, ALICE, ANNA, LOU, uri=AWAY)
TO_ALL = [ALICE, BOB, ANNA, GROUP]
INVITED = group(state(ALICE, BOB), standings={LOU: "invited"})


def judged(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> Allowed | Refused | Waiting:
    place = situation(said.actor, conversation, **other)
    return create_note.authorize(message.read(said), place)


def applied(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> list[Change]:
    place = situation(said.actor, conversation, **other)
    return list(create_note.apply(message.read(said), place))


def noted(changes: list[Change]) -> dict[str, Any]:
    (added,) = of(AddMessage, changes)
    return msgspec.json.decode(added.notices) if added.notices else {}


def test_a_member_writes_to_all():
    said = create(LOU, TO_ALL)

    changes = applied(said, group(HELD))

    assert judged(said, group(HELD)) == Allowed()
    assert {one.person for one in of(AddRecipient, changes)} == {ALICE, ANNA}
    assert noted(changes) == {}
    assert len(of(Touch, changes)) == 1


@pytest.mark.parametrize(
    ("held", "relay", "readers_here", "only_to"),
    [
        (HELD, True, {ALICE, ANNA}, None),
        (HELD, False, {ALICE}, [ALICE]),
        (ELSEWHERE, True, {ALICE}, None),
        (ELSEWHERE, False, {ALICE}, [ALICE]),
    ],
)
def test_who_sees_what_reaches_some_members_alone(
    held: GroupState, readers_here: set[str], only_to: list[str] | None, *, relay: bool
):
    settings = {**held.settings, "relay": relay}
    held = chain.described(held, Description(held.name, held.icon, settings, (), None))
    said = create(LOU, [ALICE, held.conversation])

    changes = applied(said, group(held))

    assert {one.person for one in of(AddRecipient, changes)} == readers_here
    assert noted(changes).get("only_to") == only_to


def test_what_is_also_public_is_for_those_it_addresses_and_says_so():
    said = create(LOU, [ALICE, GROUP, PUBLIC, f"{GROUP}/followers", CAROL, f"{GROUP}/x"])

    changes = applied(said, group(HELD))

    assert {one.person for one in of(AddRecipient, changes)} == {ALICE}
    assert noted(changes) == {"also": "public", "also_to": [CAROL], "only_to": [ALICE]}


@pytest.mark.parametrize(
    ("cc", "also"), [(f"{LOU}/followers", "followers"), (f"{GROUP}/followers", "")]
)
def test_followers_of_the_group_are_invented_and_others_are_not(cc: str, also: str):
    said = create(LOU, TO_ALL, cc=[cc], said={"cc": [cc]})

    assert noted(applied(said, group(HELD))).get("also", "") == also


def test_home_is_asked_before_a_stranger_is_believed_to_be_one():
    stranger = create(LOU, [ALICE, AWAY])
    old = group(state(BOB, ALICE, uri=AWAY))
    fresh = group(state(BOB, ALICE, uri=AWAY), checked_at=NOW - timedelta(minutes=9))
    left = group(state(BOB, ALICE, uri=AWAY), standings={ALICE: "left"})

    assert judged(stranger, old) == Waiting("look", AWAY)
    assert isinstance(judged(stranger, fresh), Refused)
    assert isinstance(judged(stranger, left), Refused)
    assert isinstance(judged(stranger, group(None)), Refused)


def test_whom_nobody_invited_home_tells_nothing():
    said = create(LOU, [ALICE, GROUP], said={"content": "yes"})

    assert isinstance(judged(said, group(state(ALICE, BOB))), Refused)


ANSWERS: list[tuple[dict[str, Any], dict[str, Any], bool]] = [
    ({"content": "<p>@alice yes</p>"}, {}, True),
    ({"content": "no"}, {}, True),
    ({"content": "perhaps"}, {}, False),
    ({"content": "yes"}, {"source": "origin"}, False),
    ({"content": "yes"}, {"invitation": invitation(ALICE, BOB)}, False),
    ({"content": "yes"}, {"invitation": invitation(ALICE, LOU, state="expired")}, True),
    ({"content": "no"}, {"invitation": invitation(ALICE, LOU, state="expired")}, False),
    ({"content": "yes"}, {"invitation": invitation(ALICE, LOU, state="rejected")}, False),
    ({"content": "yes", "cc": [PUBLIC]}, {}, False),
]


@pytest.mark.parametrize(("said", "more", "counts"), ANSWERS)
def test_what_counts_as_an_answer(said: dict[str, Any], more: dict[str, Any], *, counts: bool):
    answer = create(LOU, [ALICE, GROUP], said=said)
    place = {"invitation": invitation(ALICE, LOU), **more}

    verdict = judged(answer, INVITED, **place)

    assert isinstance(verdict, Allowed if counts else Refused)


def test_an_answer_waits_for_a_home_that_looks_for_what_it_has_lost():
    answer = create(LOU, [ALICE, GROUP], said={"content": "yes"})
    farewell = create(LOU, [ALICE, GROUP], said={"content": "stop"})
    lost = group(state(ALICE, BOB), standings={LOU: "invited"}, recovering=True)

    assert judged(answer, lost, invitation=invitation(ALICE, LOU)) == Waiting("recover", GROUP)
    assert judged(farewell, group(HELD, recovering=True)) == Waiting("recover", GROUP)


def test_a_yes_makes_a_member():
    answer = create(LOU, [ALICE, GROUP], said={"content": "yes"})

    changes = applied(answer, INVITED, invitation=invitation(ALICE, LOU))

    (entered,) = of(SetState, changes)
    assert f'"{LOU}":"member"' in entered.state
    assert of(AddMessage, changes) == []
    assert owed(changes) == {"bob.test": (BOB,)}


@pytest.mark.parametrize(
    ("word", "asked", "after"),
    [
        ("no", {}, "rejected"),
        ("yes", {"state": "withdrawn"}, "rejected"),
        ("yes", {"state": "expired"}, "void"),
        ("yes", {"ends_at": NOW - timedelta(days=1)}, "void"),
    ],
)
@pytest.mark.parametrize("inviter", [ALICE, BOB])
def test_what_comes_to_nothing_is_told_to_the_inviter(
    word: str, asked: dict[str, Any], after: str, inviter: str
):
    answer = create(LOU, [ALICE, GROUP], said={"content": word})

    changes = applied(answer, INVITED, invitation=invitation(inviter, LOU, **asked))

    assert [one.state for one in of(SetInvitation, changes)] == [after]
    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(LOU, "refused")]
    assert owed(changes) == ({} if inviter == ALICE else {"bob.test": (BOB,)})


def test_a_farewell_ends_a_membership_at_home_alone():
    said = create(LOU, TO_ALL, said={"content": "<p>@alice LEAVE</p>"})
    elsewhere = create(LOU, [ALICE, BOB, ANNA, AWAY], said={"content": "<p>LEAVE</p>"})

    at_home, away = applied(said, group(HELD)), applied(elsewhere, group(ELSEWHERE))

    (entered,) = of(SetState, at_home)
    assert LOU not in entered.state
    assert of(AddMessage, at_home) == away == []


def block(**other: object) -> Activity:
    return activity("Block", LOU, GROUP, to=[GROUP], **other)


def test_a_block_of_the_group_ends_a_membership_or_an_invitation():
    asked = invitation(ALICE, LOU)
    there = situation(LOU, group(HELD))
    invited = situation(LOU, INVITED, invitation=asked)

    left = legacy_leave.apply_block(block(), there)
    declined = legacy_leave.apply_block(block(), invited)

    assert legacy_leave.authorize_block(legacy_leave.read_block(block()), there) == Allowed()
    assert legacy_leave.authorize_block(block(), invited) == Allowed()
    assert len(of(SetState, left)) == 1
    assert [one.state for one in of(SetInvitation, declined)] == ["rejected"]


def test_what_is_no_block_of_a_group_by_its_member_does_nothing():
    over = invitation(ALICE, LOU, state="rejected")
    people = activity("Block", LOU, ALICE, to=[ALICE])
    by_bob = activity("Block", BOB, GROUP, to=[GROUP])

    for said, place in (
        (people, situation(LOU, None)),
        (people, situation(LOU, group(HELD))),
        (block(), situation(LOU, group(ELSEWHERE))),
        (block(), situation(LOU, group(state(ALICE, BOB)))),
        (block(), situation(LOU, INVITED, invitation=over)),
        (by_bob, situation(BOB, group(HELD))),
    ):
        assert isinstance(legacy_leave.authorize_block(said, place), Refused)
    assert legacy_leave.apply_block(block(), situation(LOU, INVITED)) == ()
    lost = group(HELD, recovering=True)
    assert legacy_leave.authorize_block(block(), situation(LOU, lost)) == Waiting("recover", GROUP)
    assert legacy_leave.removed(block(), "x", situation(LOU, group(ELSEWHERE))) == ()


def test_a_narrowed_message_bears_the_hint_and_invented_followers_do_not_widen_it():
    said = create(LOU, [ALICE, f"{GROUP}/followers"])
    aside = group(HELD)

    changes = applied(said, None, aside=aside)

    assert judged(said, None, aside=aside) == Allowed()
    assert isinstance(judged(said, None), Refused)
    assert noted(changes) == {"aside": GROUP_ID, "only_to": [ALICE]}


def test_an_answer_past_the_group_says_so():
    said = create(LOU, [ALICE], said={"content": "yes"})

    changes = applied(said, None, unheard_answer=invitation(ALICE, LOU))

    assert noted(changes) == {"unheard": GROUP}


def test_an_entry_names_whom_it_went_to_besides_as_far_as_that_is_known():
    said = entry(BOB, HELD)
    wider = create(
        BOB,
        [*said.to, CAROL],
        **{key: said.document[key] for key in said.document if key.startswith("chat")},
        context=f"{GROUP}/context",
    )
    late = group(HELD, spans=(Span(BOB, 9, None), Span(ALICE, 9, None)))

    assert noted(applied(wider, group(HELD))) == {"also_to": [CAROL]}
    assert noted(applied(wider, late, source="home")) == {}
    assert noted(applied(said, group(HELD))) == {}


def test_an_anchor_is_kept_and_shown_to_nobody_here():
    said = entry(BOB, HELD, said={"chatNotice": "joined"})
    direct_one = create(BOB, [ALICE], said={"chatNotice": "joined"})

    changes = applied(said, group(HELD))

    assert noted(changes) == {"anchor": "joined"}
    assert of(AddRecipient, changes) == of(Touch, changes) == []
    assert len(of(AddRecipient, applied(direct_one, direct(ALICE, BOB)))) == 1


def test_an_invitation_in_words_is_no_message():
    said = create(BOB, [ALICE, GROUP], said={"chatNotice": "invite"})

    assert judged(said, group(HELD)) == create_note.IN_WORDS


def test_whom_a_legacy_message_reaches_is_told_before_it_is_judged():
    said = message.read(create(LOU, [ALICE, GROUP]))

    assert readers.local_readers(said, situation(LOU, group(HELD))) == (ALICE, ANNA)
