import dataclasses
from typing import Any

import pytest

from federation.protocol.build.note import (
    Addressee,
    DirectPlace,
    GroupPlace,
    LogPlace,
    Message,
    create_note,
)
from federation.protocol.build.universal import require_universal
from federation.protocol.errors import LocalProtocolError
from federation.protocol.timestamps import parse_time
from federation.protocol.vocabulary import CONTEXT

HOME = Addressee("https://home.example/c/01K4B0", "c-k4b07q2m9x5rt8vw@home.example")
ALICE = Addressee("https://home.example/u/alice", "alice@home.example")
CAROL = Addressee("https://masto.example/users/carol", "carol@masto.example")
DAVE = Addressee("https://gts.example/users/dave", "dave@gts.example")

MESSAGE = Message(
    author="https://bob.example/u/bob",
    note_id="https://bob.example/u/bob/n/01K4C2",
    activity_id="https://bob.example/u/bob/n/01K4C2/create",
    page="https://bob.example/m/01K4C2",
    html="<p>Thursday works for me.</p>",
    source="Thursday works for me.",
    published=parse_time("2026-09-03T12:05:00.000Z"),
    in_reply_to="https://masto.example/users/carol/statuses/1151",
    reply_to="https://masto.example/users/carol/statuses/1151",
)
GROUP = GroupPlace(
    actor=HOME,
    context="https://home.example/c/01K4B0/context",
    epoch=5,
    state="zQmbPdmLG6ZuAGbWNrAFRwq6k9MaTKuHyviq1Eo4qaCPVbJ",
    members=4,
)
DIRECT = DirectPlace(
    context="https://bob.example/u/bob/d/77",
    conversation="tag:masto.example,2026-09-03:objectId=5:objectType=Conversation",
)
LOG = LogPlace(
    log="https://bob.example/u/bob/log/7QK2",
    seq=42,
    prev="https://bob.example/u/bob/n/01K4BZ/create",
    heads={"https://home.example/u/alice/log/3F9D": 17},
)
TO = [ALICE.uri, CAROL.uri, DAVE.uri, HOME.uri]


def group_note() -> dict[str, Any]:
    return create_note(message=MESSAGE, people=(ALICE, CAROL, DAVE), place=GROUP, log=LOG)


def test_a_group_message_has_exactly_the_shape_of_the_protocol_page():
    document = group_note()

    assert document == {
        "@context": CONTEXT,
        "id": "https://bob.example/u/bob/n/01K4C2/create",
        "type": "Create",
        "actor": "https://bob.example/u/bob",
        "to": TO,
        "cc": [],
        "published": "2026-09-03T12:05:00.000Z",
        "context": "https://home.example/c/01K4B0/context",
        "chatEpoch": 5,
        "chatState": "zQmbPdmLG6ZuAGbWNrAFRwq6k9MaTKuHyviq1Eo4qaCPVbJ",
        "chatLog": "https://bob.example/u/bob/log/7QK2",
        "chatSeq": 42,
        "chatPrev": "https://bob.example/u/bob/n/01K4BZ/create",
        "chatHeads": {"https://home.example/u/alice/log/3F9D": 17},
        "object": {
            "id": "https://bob.example/u/bob/n/01K4C2",
            "type": "Note",
            "attributedTo": "https://bob.example/u/bob",
            "to": TO,
            "cc": [],
            "tag": [
                {"type": "Mention", "href": ALICE.uri, "name": "@alice@home.example"},
                {"type": "Mention", "href": CAROL.uri, "name": "@carol@masto.example"},
                {"type": "Mention", "href": DAVE.uri, "name": "@dave@gts.example"},
                {
                    "type": "Mention",
                    "href": HOME.uri,
                    "name": "@c-k4b07q2m9x5rt8vw@home.example",
                },
            ],
            "directMessage": True,
            "conversation": "https://home.example/c/01K4B0/context",
            "context": "https://home.example/c/01K4B0/context",
            "inReplyTo": "https://masto.example/users/carol/statuses/1151",
            "chatReplyTo": "https://masto.example/users/carol/statuses/1151",
            "content": "<p>Thursday works for me.</p>",
            "source": {"content": "Thursday works for me.", "mediaType": "text/markdown"},
            "summary": None,
            "sensitive": False,
            "published": "2026-09-03T12:05:00.000Z",
            "url": "https://bob.example/m/01K4C2",
        },
    }


def test_a_direct_message_names_no_conversation_actor_and_no_epoch():
    document = create_note(message=MESSAGE, people=(CAROL,), place=DIRECT, log=LOG)

    assert document["to"] == [CAROL.uri]
    assert "chatEpoch" not in document
    assert "chatState" not in document
    assert document["chatSeq"] == 42
    assert document["context"] == document["object"]["context"] == DIRECT.context
    assert document["object"]["conversation"] == DIRECT.conversation


def test_what_is_not_there_is_left_out():
    first = dataclasses.replace(LOG, seq=1, prev="", heads={})
    alone = dataclasses.replace(MESSAGE, in_reply_to="", reply_to="")

    document = create_note(message=alone, people=(ALICE,), place=GROUP, log=first)

    assert not {"chatPrev", "chatHeads"} & set(document)
    assert not {"inReplyTo", "chatReplyTo"} & set(document["object"])


@pytest.mark.parametrize(
    "people",
    [
        pytest.param((Addressee(ALICE.uri, ""),), id="no handle"),
        pytest.param((Addressee(ALICE.uri, "alice"),), id="handle without host"),
        pytest.param((Addressee(f"{ALICE.uri}/followers", ""),), id="followers"),
        pytest.param((Addressee("https://www.w3.org/ns/activitystreams#Public", "p@w3.org"),)),
        pytest.param((ALICE, ALICE), id="twice"),
        pytest.param((Addressee(MESSAGE.author, "bob@bob.example"),), id="the author"),
    ],
)
def test_a_message_to_somebody_it_may_not_address_never_leaves(people: tuple[Addressee, ...]):
    with pytest.raises(LocalProtocolError):
        create_note(message=MESSAGE, people=people, place=GROUP, log=LOG)


def test_a_direct_message_to_nobody_never_leaves():
    with pytest.raises(LocalProtocolError):
        create_note(message=MESSAGE, people=(), place=DIRECT, log=LOG)


@pytest.mark.parametrize(
    "changed",
    [
        {"note_id": "https://other.example/n/1"},
        {"activity_id": "https://bob.example:8443/a/1"},
        {"page": "http://bob.example/m/1"},
        {"html": f"<p>{'x' * 10_001}</p>"},
    ],
)
def test_a_message_of_another_origin_or_beyond_the_limit_never_leaves(changed: dict[str, str]):
    message = dataclasses.replace(MESSAGE, **changed)

    with pytest.raises(LocalProtocolError):
        create_note(message=message, people=(ALICE,), place=GROUP, log=LOG)


def test_markup_does_not_count_as_text():
    message = dataclasses.replace(MESSAGE, html=f"<p>{'&lt;' * 10_000}</p>")

    document = create_note(message=message, people=(ALICE,), place=GROUP, log=LOG)

    assert document["object"]["content"] == message.html


@pytest.mark.parametrize(
    ("on_create", "on_note"),
    [
        ({}, {"type": ["Note"]}),
        ({}, {"attributedTo": ALICE.uri}),
        ({}, {"to": [ALICE.uri]}),
        ({}, {"cc": [ALICE.uri]}),
        ({"cc": [ALICE.uri]}, {}),
        ({"bto": [ALICE.uri]}, {}),
        ({}, {"bcc": [ALICE.uri]}),
        ({}, {"tag": []}),
        ({}, {"directMessage": False}),
        ({"directMessage": True}, {}),
    ],
)
def test_each_fault_in_a_finished_note_is_seen(on_create: dict[str, Any], on_note: dict[str, Any]):
    document = group_note()
    faulty = {**document, **on_create, "object": {**document["object"], **on_note}}

    with pytest.raises(LocalProtocolError):
        require_universal(faulty, is_compact=False)


def test_a_hashtag_is_refused():
    document = group_note()
    document["object"]["tag"].append({"type": "Hashtag", "name": "#books"})

    with pytest.raises(LocalProtocolError):
        require_universal(document, is_compact=False)
