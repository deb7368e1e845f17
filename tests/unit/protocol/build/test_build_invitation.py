"""Invitations, their answers, and the Leave."""

from dataclasses import replace
from datetime import timedelta

import pytest

from federation.protocol.build import answer
from federation.protocol.build.invitation import Invitation, invite
from federation.protocol.build.leave import leave
from federation.protocol.build.note import Addressee, GroupPlace, LogPlace
from federation.protocol.errors import LocalProtocolError
from federation.protocol.timestamps import parse_time
from federation.protocol.vocabulary import CONTEXT

ALICE = "https://home.example/u/alice"
BOB = "https://bob.example/u/bob"
GROUP = "https://home.example/c/01K4B0"
AT = parse_time("2026-09-01T09:01:30.000Z")

INVITATION = Invitation(
    id="https://home.example/u/alice/a/inv-1",
    inviter=ALICE,
    conversation=GROUP,
    invitee=BOB,
    published=parse_time("2026-09-01T09:00:05.000Z"),
    ends_at=parse_time("2026-10-01T00:00:00.000Z"),
    text="Join us for the book club?",
)
INVITE = {**invite(INVITATION), "proof": {"type": "DataIntegrityProof"}}


def test_an_invite_has_the_shape_of_the_protocol_page():
    assert invite(INVITATION) == {
        "@context": CONTEXT,
        "id": "https://home.example/u/alice/a/inv-1",
        "type": "Invite",
        "actor": ALICE,
        "object": GROUP,
        "target": BOB,
        "to": [BOB, GROUP],
        "summary": "Join us for the book club?",
        "published": "2026-09-01T09:00:05.000Z",
        "endTime": "2026-10-01T00:00:00.000Z",
    }


def test_an_invite_without_a_text_has_no_summary():
    assert "summary" not in invite(replace(INVITATION, text=""))


@pytest.mark.parametrize(
    "span", [timedelta(days=30, milliseconds=1), timedelta(0), timedelta(days=-1)]
)
def test_an_invite_beyond_thirty_days_or_over_at_once_never_leaves(span: timedelta):
    with pytest.raises(LocalProtocolError):
        invite(replace(INVITATION, ends_at=INVITATION.published + span))


def test_an_accept_embeds_the_invite_whole_and_names_the_log():
    document = answer.accept(
        INVITE,
        answer_id="https://bob.example/u/bob/a/acc-1",
        chat_log="https://bob.example/u/bob/log/7QK2",
        published=AT,
    )

    assert document == {
        "@context": CONTEXT,
        "id": "https://bob.example/u/bob/a/acc-1",
        "type": "Accept",
        "actor": BOB,
        "object": INVITE,
        "to": [GROUP, ALICE],
        "published": "2026-09-01T09:01:30.000Z",
        "chatLog": "https://bob.example/u/bob/log/7QK2",
    }


def test_a_reject_has_the_same_form_without_a_log():
    document = answer.reject(INVITE, answer_id="https://bob.example/u/bob/a/rej-1", published=AT)

    assert document["type"] == "Reject"
    assert document["object"] == INVITE
    assert document["to"] == [GROUP, ALICE]
    assert "chatLog" not in document


def test_an_add_without_consent_is_rejected_whole_at_home():
    add = {"id": f"{GROUP}/state/2", "type": "Add", "actor": GROUP, "object": {"subject": BOB}}

    document = answer.reject_add(add, answer_id="https://bob.example/u/bob/a/rej-2", published=AT)

    assert (document["actor"], document["to"]) == (BOB, [GROUP])
    assert document["object"] == add


def test_home_refuses_a_request_by_its_id_and_says_why():
    request = {"id": "https://bob.example/u/bob/a/kick-9", "type": "Remove", "actor": BOB}

    document = answer.refuse(
        request,
        answer_id=f"{GROUP}/reject/12",
        conversation=GROUP,
        notice="not-allowed",
        published=AT,
    )

    assert document == {
        "@context": CONTEXT,
        "id": f"{GROUP}/reject/12",
        "type": "Reject",
        "actor": GROUP,
        "object": "https://bob.example/u/bob/a/kick-9",
        "chatNotice": "not-allowed",
        "to": [BOB],
        "published": "2026-09-01T09:01:30.000Z",
    }


@pytest.mark.parametrize("notice", ["", "because"])
def test_a_refusal_without_a_known_word_never_leaves(notice: str):
    with pytest.raises(LocalProtocolError):
        answer.refuse(
            INVITE,
            answer_id=f"{GROUP}/reject/12",
            conversation=GROUP,
            notice=notice,
            published=AT,
        )


def test_a_leave_has_the_shape_of_the_protocol_page():
    state = "zQmQfV9GjDx3irJU674np28CK8rFdEV4xcYU433CK4Pbxa2"
    actor = Addressee(GROUP, "c-k4b07q2m9x5rt8vw@home.example")

    document = leave(
        BOB,
        activity_id="https://bob.example/u/bob/a/leave-1",
        place=GroupPlace(actor, f"{GROUP}/context", 7, state, 3),
        log=LogPlace(
            "https://bob.example/u/bob/log/7QK2",
            45,
            "https://bob.example/u/bob/n/01K4C2/delete",
            {},
        ),
        published=parse_time("2026-09-05T08:00:00.000Z"),
    )

    assert document == {
        "@context": CONTEXT,
        "id": "https://bob.example/u/bob/a/leave-1",
        "type": "Leave",
        "actor": BOB,
        "object": GROUP,
        "to": [GROUP],
        "context": f"{GROUP}/context",
        "published": "2026-09-05T08:00:00.000Z",
        "chatEpoch": 7,
        "chatState": state,
        "chatLog": "https://bob.example/u/bob/log/7QK2",
        "chatSeq": 45,
        "chatPrev": "https://bob.example/u/bob/n/01K4C2/delete",
    }
