from dataclasses import replace
from datetime import timedelta

import pytest

from federation.activities import invite, inviting
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.groups import chain
from federation.groups.state import ADMIN, MEMBER, MODERATOR, OUTCAST
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, KeepActivity, PutInvitation, PutMembership, Tell
from tests.support.situations import (
    ACTORS,
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    DORA,
    GROUP,
    LOU,
    NOW,
    activity,
    group,
    invitation,
    of,
    owed,
    situation,
    state,
)
from tests.support.situations import invite as said

HOME = state(ALICE, BOB)
FOLLOWED = chain.with_role(state(BOB, ALICE, uri=AWAY), ALICE, MODERATOR)


def judged(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> Allowed | Refused | Waiting:
    return invite.authorize(invite.read(said), situation(said.actor, conversation, **other))


def applied(
    said: Activity, conversation: KnownConversation | None, **other: object
) -> list[Change]:
    place = situation(said.actor, conversation, **other)
    return list(invite.apply(invite.read(said), place))


UNREADABLE = {
    "no conversation": activity("Invite", BOB, {"type": "Group"}, target=ANNA),
    "no person": activity("Invite", BOB, GROUP, endTime=format_time(NOW)),
    "no date": said(BOB, ANNA, published=None),
    "no end": said(BOB, ANNA, endTime=None),
    "an end that is none": said(BOB, ANNA, endTime="soon"),
    "open too long": said(BOB, ANNA, endTime=format_time(NOW + timedelta(days=31))),
    "open for ever": said(BOB, ANNA, endTime="9999-12-31T23:59:59.999Z"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_an_invite_that_says_nothing_is_an_error(name: str):
    with pytest.raises(RemoteProtocolError):
        invite.read(UNREADABLE[name])


def test_home_lets_who_may_invite():
    assert judged(said(ALICE, CAROL), group(HOME)) == Allowed()


BANNED = chain.with_role(HOME, CAROL, OUTCAST)
NOTICES = {
    "expired": (said(ALICE, CAROL, endTime=format_time(NOW - timedelta(1))), group(HOME)),
    "closed": (said(ALICE, CAROL), group(HOME, closed=True)),
    "not-allowed": (said(BOB, CAROL), group(HOME)),
    "not-allowed ": (said(DORA, CAROL), group(HOME)),
    "banned": (said(ALICE, CAROL), group(BANNED)),
    "no-change": (said(ALICE, BOB), group(HOME)),
}


@pytest.mark.parametrize("notice", NOTICES)
def test_home_says_why_it_refuses(notice: str):
    invited, conversation = NOTICES[notice]

    verdict = judged(invited, conversation)

    assert isinstance(verdict, Refused)
    assert verdict.notice == notice.strip()


def test_home_keeps_the_cap_of_a_group_with_unaware_people():
    many = dict.fromkeys((f"https://many.test/u/{n}" for n in range(49)), MEMBER)
    full = replace(HOME, members={ALICE: ADMIN, **many})

    verdict = judged(said(ALICE, LOU), group(full))

    assert isinstance(verdict, Refused)
    assert verdict.notice == "unaware-limit"


def test_a_person_here_is_asked_once_the_group_has_been_seen():
    unseen = judged(said(BOB, ANNA, uri=AWAY), None)
    seen = judged(said(BOB, ANNA, uri=AWAY), group(None, standings={BOB: "joined"}))

    assert unseen == Waiting("conversation", AWAY)
    assert seen == Allowed()


def test_who_is_no_member_shows_nobody_the_group():
    """A group seen for one invited person is not shown to others on the word of a stranger."""
    conversation = group(None, standings={BOB: "joined", ALICE: "invited"})

    assert judged(said(CAROL, ANNA, uri=AWAY), conversation) == Waiting("conversation", AWAY)


def test_who_may_not_invite_asks_nobody_here():
    conversation = group(state(BOB, ALICE, CAROL, uri=AWAY))

    assert isinstance(judged(said(CAROL, ANNA, uri=AWAY), conversation), Refused)


def test_a_member_elsewhere_invites_somebody_here_to_a_group_that_is_followed():
    assert judged(said(BOB, ANNA, uri=AWAY), group(FOLLOWED)) == Allowed()


REFUSED = {
    "nobody here": (said(BOB, CAROL, uri=AWAY), group(None, standings={BOB: "joined"}), {}),
    "no person": (said(BOB, GROUP, uri=AWAY), group(None, standings={BOB: "joined"}), {}),
    "unknown person": (said(BOB, f"{ANNA}x", uri=AWAY), None, {}),
    "no group of ours": (said(BOB, ANNA), None, {}),
    "another group": (said(ALICE, CAROL, uri=AWAY), group(HOME), {}),
    "known already": (
        said(ALICE, CAROL),
        group(HOME),
        {"invitation": invitation(ALICE, CAROL, state="rejected")},
    ),
    "too many requests": (
        said(BOB, ANNA, uri=AWAY),
        group(None, standings={BOB: "joined"}),
        {"open_requests": 20},
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_an_invite_is_refused(name: str):
    invited, conversation, other = REFUSED[name]

    assert isinstance(judged(invited, conversation, **other), Refused)


def test_somebody_known_is_not_kept_out_by_strangers():
    conversation = group(None, standings={BOB: "joined"})
    known = frozenset({ANNA})

    verdict = judged(said(BOB, ANNA, uri=AWAY), conversation, open_requests=20, known_to=known)

    assert verdict == Allowed()


def test_home_records_the_invitation():
    changes = applied(said(BOB, CAROL), group(HOME))

    assert of(KeepActivity, changes)[0].id == said(BOB, CAROL).id
    (put,) = of(PutInvitation, changes)
    assert (put.inviter, put.invitee, put.state) == (BOB, CAROL, "open")
    assert [(one.person, one.state) for one in of(PutMembership, changes)] == [(CAROL, "invited")]
    assert of(Tell, changes) == []
    assert owed(changes) == {}


def test_our_invite_goes_to_the_person_and_to_home():
    changes = applied(said(ALICE, CAROL, uri=AWAY), group(FOLLOWED), by_us=True)

    assert owed(changes) == {"carol.test": (CAROL,), "bob.test": (AWAY,)}
    assert [one.person for one in of(Tell, changes)] == [ALICE]


STANDINGS = [
    (None, False, "requested"),
    (None, True, "invited"),
    ("requested", True, "invited"),
    ("invited", False, "invited"),
    ("refused", False, "requested"),
    ("left", True, "invited"),
    ("removed", True, "invited"),
    ("joining", True, None),
    ("joining", False, None),
    ("banned", True, "invited"),
    ("closed", True, None),
]


@pytest.mark.parametrize(("before", "known", "after"), STANDINGS)
def test_being_asked_moves_by_the_table(before: str | None, *, known: bool, after: str | None):
    """A second invitation takes back no yes."""
    standings = {BOB: "joined"} | ({ANNA: before} if before else {})
    known_to = frozenset({ANNA}) if known else frozenset()

    changes = applied(
        said(BOB, ANNA, uri=AWAY), group(None, standings=standings), known_to=known_to
    )

    assert [one.state for one in of(PutMembership, changes)] == ([after] if after else [])
    assert len(of(PutInvitation, changes)) == 1


@pytest.mark.parametrize(
    ("inviter", "uri", "by_us", "notice"),
    [(ALICE, AWAY, True, "contacts-only"), (BOB, GROUP, False, "not-allowed")],
)
def test_who_takes_invitations_of_contacts_alone_is_not_invited_from_here(
    inviter: str, uri: str, notice: str, *, by_us: bool
):
    conversation = group(HOME if uri == GROUP else FOLLOWED)

    verdict = judged(said(inviter, ANNA, uri=uri), conversation, by_us=by_us, closed_to={ANNA})

    assert isinstance(verdict, Refused)
    assert verdict.notice == notice
    assert "does not take invitations" in verdict.reason


def test_who_takes_invitations_of_contacts_alone_declines_those_from_elsewhere():
    conversation = group(None, standings={BOB: "joined"})
    invited = said(BOB, ANNA, uri=AWAY)

    verdict = judged(invited, conversation, open_requests=20, closed_to={ANNA})
    changes = applied(invited, conversation, closed_to={ANNA})

    assert verdict == Allowed()
    assert of(PutMembership, changes) == of(PutInvitation, changes) == []
    (kept,) = of(KeepActivity, changes)
    assert '"Reject"' in kept.document


def test_without_a_conversation_nothing_happens():
    assert applied(said(BOB, ANNA, uri=AWAY), None) == []


def test_the_unaware_are_those_known_as_such():
    strange = "https://new.test/u/n"

    found = inviting.unaware(state(ALICE, LOU, strange), CAROL, situation(ALICE, actors=ACTORS))

    assert found == {LOU}
