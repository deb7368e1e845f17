from datetime import timedelta

import pytest

from federation.activities import answer_invite
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation, KnownInvitation
from federation.groups import chain
from federation.groups.state import MODERATOR
from federation.protocol import strict_json
from federation.protocol.activity import Activity
from federation.protocol.build import answer as build
from federation.protocol.parse import parse_activity
from federation.protocol.verdict import Allowed, Refused
from storage.changes import (
    Change,
    KeepActivity,
    OpenLog,
    OpenSpan,
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
    GROUP,
    NOW,
    group,
    invitation,
    log_of,
    of,
    owed,
    situation,
    state,
)

HOME = state(ALICE, BOB)
ASKED = invitation(ALICE, CAROL)


def yes(to: KnownInvitation = ASKED, *, by: str = "", **other: object) -> Activity:
    person = by or to.invitee
    document = build.accept(
        strict_json.loads(to.document.encode()),
        answer_id=f"{person}/a/yes",
        chat_log=log_of(person),
        published=NOW,
    )
    return parse_activity({**document, "actor": person, **other})


def no(to: KnownInvitation = ASKED) -> Activity:
    invite = strict_json.loads(to.document.encode())
    document = build.reject(invite, answer_id=f"{to.invitee}/a/no", published=NOW)
    return parse_activity(document)


def judged(
    said: Activity,
    conversation: KnownConversation | None,
    held: KnownInvitation | None = ASKED,
    **other: object,
) -> Allowed | Refused | Waiting:
    place = situation(said.actor, conversation, invitation=held, **other)
    return answer_invite.authorize(answer_invite.read(said), place)


def applied(
    said: Activity,
    conversation: KnownConversation | None,
    held: KnownInvitation | None = ASKED,
    **other: object,
) -> list[Change]:
    place = situation(said.actor, conversation, invitation=held, **other)
    return list(answer_invite.apply(answer_invite.read(said), place))


def test_an_open_invitation_may_be_answered():
    assert judged(yes(), group(HOME)) == Allowed()
    assert judged(no(), group(HOME)) == Allowed()


def test_home_waits_for_an_invite_that_it_has_not_got():
    assert judged(yes(), group(HOME), None) == Waiting("invitation", ASKED.id)


def test_nobody_else_waits_for_it():
    assert isinstance(judged(yes(), None, None), Refused)


def test_an_invitation_to_one_group_opens_no_other():
    """The answer embeds another conversation than the stored Invite names."""
    elsewhere = "https://home.test/c/01K4H000000000000000000000"
    held = invitation(ALICE, CAROL, uri=elsewhere)

    verdict = judged(yes(), group(HOME), held)

    assert verdict == Refused("that invitation is to another conversation")


LOST = chain.with_role(state(BOB, ALICE), BOB, "admin")
NOTICES = [
    ("not-allowed", yes(by=BOB), group(HOME), ASKED),
    ("no-change", yes(), group(HOME), invitation(ALICE, CAROL, state="spent")),
    ("no-change", yes(), group(HOME), invitation(ALICE, CAROL, state="accepted")),
    ("expired", yes(), group(HOME), invitation(ALICE, CAROL, state="expired")),
    ("withdrawn", yes(), group(HOME), invitation(ALICE, CAROL, state="withdrawn")),
    ("withdrawn", yes(), group(HOME), invitation(ALICE, CAROL, state="void")),
    (
        "expired",
        yes(),
        group(HOME),
        invitation(ALICE, CAROL, ends_at=NOW - timedelta(seconds=1)),
    ),
    ("withdrawn", yes(), group(state(BOB, ALICE)), ASKED),
    ("withdrawn", yes(), group(state(BOB)), ASKED),
    ("no-change", yes(), group(state(ALICE, CAROL)), ASKED),
    ("banned", yes(), group(chain.with_role(HOME, CAROL, "outcast")), ASKED),
    ("closed", yes(), group(HOME, closed=True), ASKED),
]


@pytest.mark.parametrize(("notice", "said", "conversation", "held"), NOTICES)
def test_home_says_why_an_answer_has_no_effect(
    notice: str, said: Activity, conversation: KnownConversation, held: KnownInvitation
):
    verdict = judged(said, conversation, held)

    assert isinstance(verdict, Refused)
    assert verdict.notice == notice


def test_a_yes_at_home_makes_a_member():
    changes = applied(yes(), group(HOME))

    assert of(KeepActivity, changes)[0].id == yes().id
    (entered,) = of(SetState, changes)
    assert entered.epoch == 3
    assert of(OpenSpan, changes) == [OpenSpan(group(HOME).id, CAROL, 3)]
    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(CAROL, "joined")]
    assert of(SetInvitation, changes) == [SetInvitation(ASKED.id, "spent", NOW, GROUP)]
    assert [(log.uri, log.author) for log in of(OpenLog, changes)] == [(log_of(CAROL), CAROL)]
    assert owed(changes) == {"bob.test": (BOB,), "carol.test": (CAROL,)}
    assert [one.person for one in of(Tell, changes)] == [ALICE]


def test_a_yes_of_somebody_here_makes_a_member_where_home_is_here_too():
    held = invitation(ALICE, ANNA)
    conversation = group(HOME, standings={ANNA: "invited"})

    changes = applied(yes(held), conversation, held, by_us=True)

    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(ANNA, "joined")]
    assert sorted(one.person for one in of(Tell, changes)) == [ALICE, ANNA]
    assert owed(changes) == {"bob.test": (BOB,)}


def test_a_yes_without_a_log_opens_none():
    assert of(OpenLog, applied(yes(chatLog=None), group(HOME))) == []


def test_our_yes_travels_to_home_and_the_inviter():
    held = invitation(BOB, ANNA, uri=AWAY)
    conversation = group(None, standings={ANNA: "invited", BOB: "joined"})

    changes = applied(yes(held), conversation, held, by_us=True)

    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(ANNA, "joining")]
    assert of(SetInvitation, changes) == [SetInvitation(held.id, "accepted", NOW)]
    assert owed(changes) == {"bob.test": (AWAY, BOB)}


def test_the_inviters_node_notes_a_yes():
    held = invitation(ALICE, CAROL, uri=AWAY)
    conversation = group(state(BOB, ALICE, uri=AWAY), standings={CAROL: "invited"})

    changes = applied(yes(held), conversation, held)

    assert of(SetInvitation, changes) == [SetInvitation(held.id, "accepted", NOW)]
    assert of(PutMembership, changes) == []


def test_a_no_ends_the_invitation():
    changes = applied(no(), group(HOME, standings={CAROL: "invited"}))

    assert of(SetInvitation, changes) == [SetInvitation(ASKED.id, "rejected", NOW)]
    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(CAROL, "refused")]
    assert [one.person for one in of(Tell, changes)] == [ALICE]
    assert of(SetState, changes) == []


def test_a_no_of_a_member_ends_no_membership():
    changes = applied(no(), group(state(ALICE, CAROL)))

    assert of(PutMembership, changes) == []


def test_without_a_conversation_nothing_happens():
    assert applied(yes(), None) == []


def test_without_an_invitation_nobody_comes_in():
    changes = applied(yes(), group(HOME), None)

    assert [type(one) for one in changes] == [KeepActivity]
    assert of(PutMembership, applied(no(), group(HOME), None)) == []


def test_whoever_may_invite_is_asked_by_role():
    moderated = chain.with_role(state(ALICE, BOB), BOB, MODERATOR)
    held = invitation(BOB, CAROL)

    assert judged(yes(held), group(moderated), held) == Allowed()
    assert moderated.conversation == GROUP
