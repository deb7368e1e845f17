"""What our builders make of the people in FEDERATION.md, beside the examples of the profile."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from federation.groups import chain
from federation.protocol.build import (
    answer,
    follow,
    invitation,
    life,
    note,
    relay,
    request,
    state_change,
)
from federation.protocol.build.invitation import InvitationInWords
from federation.protocol.build.keys import ActorKeys
from federation.protocol.build.note import Addressee, DirectPlace, GroupPlace, LogPlace, Message
from federation.protocol.build.person import Said, person
from federation.protocol.build.request import Asking
from federation.protocol.build.state_change import Answered, Removed
from federation.protocol.namespace import Namespace
from federation.protocol.timestamps import parse_time
from tests.support.book_club import ALICE, BOB, CAROL, GROUP, NAME, states

CLUB: Final = Addressee(GROUP, "c-k4b07q2m9x5rt8vw@home.example")
CONTEXT: Final = f"{GROUP}/context"
BOBS_LOG: Final = f"{BOB}/log/7QK2"
NOTE: Final = f"{BOB}/n/01K4C2"


def at(text: str) -> datetime:
    """A moment of September 2026, as in "03T12:30:00"."""
    return parse_time(f"2026-09-{text}.000Z")


def built() -> Iterator[Mapping[str, Any]]:
    """Each as it goes out, but for its proof."""
    yield _bob()
    yield from _follows()
    yield _direct()
    yield from _changes()
    yield from _answers()
    yield _invitation_in_words()
    yield request.take_role(
        Asking(f"{BOB}/a/kick-9", BOB, GROUP, at("04T07:59:58")), "https://gts.example/users/dave"
    )
    yield _deletion()
    yield _passed_on()


def _bob() -> Mapping[str, Any]:
    return person(
        namespace=Namespace("https://bob.example", "bob.example", "bob.example"),
        name="bob",
        said=Said("Bob"),
        keys=ActorKeys(
            (f"{BOB}#main-key", "-----BEGIN PUBLIC KEY-----..."),
            ((f"{BOB}#ed25519-key", "z6Mk..."),),
        ),
        created_at=parse_time("2026-08-30T10:00:00.000Z"),
    )


def _follows() -> Iterator[Mapping[str, Any]]:
    of_bob = follow.follow(ALICE, BOB, activity_id=f"{ALICE}/a/01K4A1", published=at("01T08:00:00"))
    yield of_bob
    yield follow.accept_follow(of_bob, activity_id=f"{BOB}/a/01K4A2", published=at("01T08:00:01"))
    yield follow.undo_follow(of_bob, activity_id=f"{ALICE}/a/01K4A3", published=at("01T08:30:00"))
    of_group = follow.follow(
        ALICE, GROUP, activity_id=f"{ALICE}/a/01K4A4", published=at("01T08:30:59")
    )
    yield follow.reject_follow(
        of_group, activity_id=f"{GROUP}/a/01K4A5", published=at("01T08:31:00")
    )


def _direct() -> Mapping[str, Any]:
    context = f"{BOB}/d/01K4D1"
    return note.create_note(
        message=Message(
            author=BOB,
            note_id=f"{BOB}/n/01K4D1",
            activity_id=f"{BOB}/n/01K4D1/create",
            page="https://bob.example/m/01K4D1",
            html="<p>Shall we meet at six?</p>",
            source="Shall we meet at six?",
            published=at("03T12:30:00"),
        ),
        people=[Addressee(CAROL, "carol@masto.example")],
        place=DirectPlace(context, context),
        log=LogPlace(f"{BOB}/log/8RM3", 1, "", {}),
    )


def _changes() -> Iterator[Mapping[str, Any]]:
    two = states()[1]
    gone = chain.without(two, BOB).to_json()
    yield state_change.remove(
        gone,
        removed=Removed(BOB, "member", {BOBS_LOG: 45}),
        change_id=f"{GROUP}/state/3",
        basis=[Answered(f"{BOB}/a/leave-1", "Leave", BOB)],
        published=at("05T08:00:01"),
    )
    yield state_change.delete(
        chain.closed(two).to_json(),
        change_id=f"{GROUP}/state/3",
        basis=(),
        published=parse_time("2026-09-05T08:00:01.001Z"),
    )


def _answers() -> Iterator[Mapping[str, Any]]:
    two = states()[1].to_json()
    add = state_change.add(
        two, subject=BOB, change_id=f"{GROUP}/state/2", basis=(), published=at("01T09:02:00")
    )
    yield answer.reject_add(add, answer_id=f"{BOB}/a/01K4A9", published=at("01T09:02:01"))


def _invitation_in_words() -> Mapping[str, Any]:
    note_id = f"{ALICE}/n/inv-carol"
    return invitation.in_words(
        InvitationInWords(
            inviter=ALICE,
            name="Alice",
            note_id=note_id,
            page="https://home.example/m/inv-carol",
            thread=f"{ALICE}/d/inv-carol",
            title=NAME,
            others=("bob@bob.example", "dave@gts.example"),
            people=(Addressee(CAROL, "carol@masto.example"), CLUB),
            published=at("01T09:00:06"),
        )
    )


def _deletion() -> Mapping[str, Any]:
    said = life.Said(
        author=BOB,
        activity_id=f"{NOTE}/delete",
        to=(ALICE, GROUP),
        context=CONTEXT,
        published=at("03T13:00:00"),
        place=GroupPlace(CLUB, CONTEXT, 5, states()[4].hash, 4),
        log=LogPlace(BOBS_LOG, 44, f"{NOTE}/update/1", {}),
    )
    return life.delete(said, NOTE)


def _passed_on() -> Mapping[str, Any]:
    said = f"{CAROL}/statuses/1160"
    activity = {
        "id": f"{said}/activity",
        "type": "Create",
        "actor": CAROL,
        "to": [ALICE, GROUP],
        "object": {
            "id": said,
            "type": "Note",
            "attributedTo": CAROL,
            "content": "<p>Me too.</p>",
        },
    }
    return relay.wrap(
        GROUP,
        activity,
        relay_id=f"{GROUP}/relay/01K4C9V0000000000000000000",
        to=[BOB],
        signed_by=f"{CAROL}#main-key",
        received_at=at("03T12:30:02"),
    )
