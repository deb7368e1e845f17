"""An answer embeds what it answers; what this node holds decides, and not what was embedded."""

from datetime import UTC, datetime, timedelta
from typing import Any

from federation.activities import answer_invite, follow
from federation.activities.known import KnownFollow, KnownInvitation
from federation.activities.roster import KnownActor
from federation.activities.situation import Situation
from federation.protocol.activity import Activity
from federation.protocol.namespace import Namespace
from federation.protocol.parse import parse_activity
from federation.protocol.verdict import Allowed, Refused

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
AL = "https://alpha.test/u/al"
BO = "https://beta.test/u/bo"
MALLORY = "https://mallory.test/u/mallory"
GROUP = "https://alpha.test/c/1"
INVITE = "https://alpha.test/u/al/a/1"
FOLLOW = "https://alpha.test/u/al/a/2"


def situation(
    speaker: str, *, follow: KnownFollow | None = None, invitation: KnownInvitation | None = None
) -> Situation:
    host = speaker.split("/")[2]
    return Situation(
        now=NOW,
        space=Namespace("https://alpha.test", "alpha.test", "alpha.test"),
        new_id=lambda: "ID",
        by_us=False,
        speaker=KnownActor(
            uri=speaker,
            host=host,
            local=False,
            kind="person",
            username="x",
            domain=host,
            name="",
            aware=True,
            shared_inbox=True,
        ),
        actors={},
        fresh=frozenset(),
        follow=follow,
        invitation=invitation,
    )


def accept(speaker: str, embedded: dict[str, Any]) -> Activity:
    document = {
        "id": f"{speaker}/a/9",
        "type": "Accept",
        "actor": speaker,
        "to": [AL],
        "object": embedded,
    }
    return parse_activity(document)


def follow_of(followed: str) -> dict[str, Any]:
    return {"id": FOLLOW, "type": "Follow", "actor": AL, "object": followed}


def invite_of(invitee: str) -> dict[str, Any]:
    return {"id": INVITE, "type": "Invite", "actor": AL, "object": GROUP, "target": invitee}


HELD_FOLLOW = KnownFollow(AL, BO, FOLLOW, "pending")
HELD_INVITE = KnownInvitation(INVITE, GROUP, AL, BO, "open", NOW + timedelta(days=1), "{}")


def test_a_follow_is_accepted_by_whom_it_went_to() -> None:
    said = follow.read_answer(accept(BO, follow_of(BO)))

    assert follow.authorize_answer(said, situation(BO, follow=HELD_FOLLOW)) == Allowed()


def test_a_follow_that_was_made_up_is_not_accepted() -> None:
    said = follow.read_answer(accept(MALLORY, follow_of(MALLORY)))

    for held in (HELD_FOLLOW, None):
        verdict = follow.authorize_answer(said, situation(MALLORY, follow=held))
        assert isinstance(verdict, Refused)


def test_an_invitation_is_accepted_by_whom_it_is_for() -> None:
    said = answer_invite.read(accept(BO, invite_of(BO)))

    assert answer_invite.authorize(said, situation(BO, invitation=HELD_INVITE)) == Allowed()


def test_an_invitation_that_was_made_up_is_not_accepted() -> None:
    said = answer_invite.read(accept(MALLORY, invite_of(MALLORY)))

    for held in (HELD_INVITE, None):
        verdict = answer_invite.authorize(said, situation(MALLORY, invitation=held))
        assert isinstance(verdict, Refused)
