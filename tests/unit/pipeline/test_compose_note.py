from dataclasses import replace

import pytest

from federation.activities.known import KnownConversation
from federation.groups.state import ADMIN, MEMBER
from federation.pipeline import compose
from federation.pipeline.item import PostMessage, StartDirect
from federation.protocol.activity import Activity
from federation.protocol.verdict import Refused
from storage.changes import AddConversation, PutMembership
from tests.support.situations import (
    ACTORS,
    ALICE,
    ANNA,
    AWAY,
    BOB,
    CAROL,
    DORA,
    GROUP,
    GROUP_ID,
    actor,
    direct,
    group,
    known_log,
    known_message,
    log_of,
    of,
    situation,
    state,
)

HELD = state(BOB, ALICE, CAROL, uri=AWAY)


def posted(
    conversation: KnownConversation | None, *, reply_to: str = "", **other: object
) -> Activity | Refused:
    place = situation(ALICE, conversation, by_us=True, **other)
    said = compose.post(PostMessage(ALICE, GROUP_ID, "Hello", reply_to), place)
    if isinstance(said, Refused):
        return said
    return said.steps[0].activity


def test_a_message_names_everybody_and_the_epoch():
    said = posted(group(HELD))

    assert isinstance(said, Activity)
    assert said.to == (BOB, CAROL, AWAY)
    assert (said.epoch, said.state) == (3, HELD.hash)
    assert [tag["name"] for tag in said.object["tag"]] == [
        "@bob@bob.test",
        "@carol@carol.test",
        "@away@bob.test",
    ]


def test_a_member_without_a_name_keeps_nobody_from_writing():
    """A handle that cannot be shown is empty, and a Mention needs one."""
    nameless = {**ACTORS, CAROL: actor(CAROL, username=""), AWAY: actor(AWAY, username="")}

    said = posted(group(HELD), actors=nameless)

    assert isinstance(said, Activity)
    assert said.object["tag"][1] == {
        "type": "Mention",
        "href": CAROL,
        "name": "@someone@carol.test",
    }


def test_a_large_group_is_addressed_as_one():
    many = {f"https://many.test/u/{n}": MEMBER for n in range(51)}
    large = replace(HELD, members={ALICE: ADMIN, **many})

    said = posted(group(large))

    assert isinstance(said, Activity)
    assert said.to == (AWAY,)
    assert said.object["tag"] == []


def test_in_a_large_group_a_message_has_the_parent_that_is_answered_and_no_other():
    many = {f"https://many.test/u/{n}": MEMBER for n in range(51)}
    large = replace(HELD, members={ALICE: ADMIN, **many})
    note = f"{BOB}/n/1"
    held = {note: known_message(note, BOB, addressed_to=(AWAY,))}

    said = [posted(group(large), reply_to=reply_to, messages=held) for reply_to in ("", note)]

    assert [one.object.get("inReplyTo") for one in said] == [None, note]


def test_entries_are_numbered_and_name_what_was_seen():
    logs = [
        known_log(ALICE, head=4, last_entry_id=f"{ALICE}/n/4/create"),
        known_log(BOB, head=7),
    ]

    said = posted(group(HELD, logs=logs))

    assert isinstance(said, Activity)
    assert said.log is not None
    assert (said.log.log, said.log.seq, said.log.prev) == (
        log_of(ALICE),
        5,
        f"{ALICE}/n/4/create",
    )
    assert said.log.heads == {log_of(BOB): 7}


def test_an_ended_log_is_followed_by_another():
    logs = [known_log(ALICE, head=4, final=4)]

    said = posted(group(HELD, logs=logs))

    assert isinstance(said, Activity)
    assert said.log is not None
    assert (said.log.seq, said.log.prev) == (1, "")
    assert said.log.log != log_of(ALICE)


def test_a_reply_names_what_it_answers():
    answered = known_message(f"{BOB}/n/1", BOB, addressed_to=(ALICE, CAROL, AWAY))

    said = posted(
        group(HELD),
        reply_to=answered.uri,
        newest=(answered,),
        messages={answered.uri: answered},
    )

    assert isinstance(said, Activity)
    assert said.object["inReplyTo"] == said.object["chatReplyTo"] == answered.uri


def test_a_direct_message_repeats_its_thread():
    fresh = posted(direct(ALICE, BOB))
    known = posted(direct(ALICE, BOB, context="https://bob.test/x", thread="tag:x"))

    assert isinstance(fresh, Activity)
    assert isinstance(known, Activity)
    assert fresh.object["conversation"] == fresh.context
    assert (known.context, known.object["conversation"]) == ("https://bob.test/x", "tag:x")
    assert known.epoch is None


MAY_NOT = [
    (None, 404),
    (direct(BOB, CAROL), 404),
    (group(HELD, closed=True), 409),
    (group(HELD, standings={ALICE: "left"}), 403),
    (group(None, standings={ALICE: "joining"}), 403),
    (group(HELD, standings={ALICE: "joining"}), 403),
]


@pytest.mark.parametrize(("conversation", "status"), MAY_NOT)
def test_who_may_not_write(conversation: KnownConversation | None, status: int):
    refused = posted(conversation)

    assert isinstance(refused, Refused)
    assert refused.status == status


@pytest.mark.parametrize(("before", "after"), [("requested", ["joined"]), ("joined", [])])
def test_writing_accepts_a_strangers_conversation(before: str, after: list[str]):
    place = situation(ALICE, direct(ALICE, BOB, standings={ALICE: before}), by_us=True)

    said = compose.post(PostMessage(ALICE, GROUP_ID, "Hello"), place)

    assert not isinstance(said, Refused)
    assert [one.state for one in of(PutMembership, said.changes)] == after


def test_a_direct_conversation_is_opened_once():
    opened = compose.start_direct(StartDirect(ALICE, (BOB,)), situation(ALICE, by_us=True))
    again = compose.start_direct(
        StartDirect(ALICE, (BOB,)), situation(ALICE, direct(ALICE, BOB), by_us=True)
    )

    assert not isinstance(opened, Refused)
    assert len(of(AddConversation, opened.changes)) == 1
    assert not isinstance(again, Refused)
    assert again.resource == direct(ALICE, BOB).id
    assert again.changes == ()


def test_who_opens_what_another_had_opened_sees_it():
    held = direct(ALICE, ANNA, standings={ALICE: "unheard"})

    opened = compose.start_direct(StartDirect(ALICE, (ANNA,)), situation(ALICE, held, by_us=True))

    assert not isinstance(opened, Refused)
    assert [(one.person, one.state) for one in of(PutMembership, opened.changes)] == [
        (ALICE, "joined")
    ]


@pytest.mark.parametrize("person", [ALICE, "https://nobody.test/u/n", GROUP])
def test_nobody_talks_to_themselves_or_to_no_person(person: str):
    refused = compose.start_direct(StartDirect(ALICE, (person,)), situation(ALICE, by_us=True))

    assert isinstance(refused, Refused)
    assert DORA in ACTORS
