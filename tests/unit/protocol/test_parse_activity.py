from datetime import UTC, datetime
from typing import Any

import pytest

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.parse import MAX_HEADS, MAX_RECIPIENTS, MAX_STRING_CHARS, parse_activity
from federation.protocol.vocabulary import PUBLIC
from tests.support.examples import examples, group_message

ALICE = "https://home.example/u/alice"
BOB = "https://bob.example/u/bob"
GROUP = "https://home.example/c/01K4B0"
NOTE = "https://bob.example/u/bob/n/01K4C2"


def with_changes(changes: dict[str, Any]) -> dict[str, Any]:
    """The group message with properties replaced; None takes one away; `object.x` goes deeper."""
    document = group_message()
    for name, value in changes.items():
        outer, dot, inner = name.partition(".")
        place, key = (document[outer], inner) if dot else (document, name)
        place[key] = value
        if value is None:
            del place[key]
    return document


def test_a_group_message_is_read_whole():
    document = group_message()

    message = parse_activity(document)

    assert message.id == f"{NOTE}/create"
    assert (message.type, message.actor) == ("Create", BOB)
    assert (message.object_id, message.object_type) == (NOTE, "Note")
    assert message.object is document["object"]
    assert message.to == tuple(document["to"])
    assert message.cc == ()
    assert message.published == datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
    assert message.context == f"{GROUP}/context"
    assert message.log is not None
    assert (message.log.log, message.log.seq) == ("https://bob.example/u/bob/log/7QK2", 42)
    assert message.log.prev == "https://bob.example/u/bob/n/01K4BZ/create"
    assert message.log.heads == {"https://home.example/u/alice/log/3F9D": 17}
    assert message.epoch == 5
    assert message.state.startswith("zQmbPd")
    assert message.prev_state == ""
    assert not message.has_proof
    assert not message.is_void
    assert message.document is document


@pytest.mark.parametrize("name", [name for name, found in examples().items() if "actor" in found])
def test_every_example_is_an_activity(name: str):
    document = examples()[name]

    activity = parse_activity(document)

    assert activity.type == document["type"]
    assert activity.has_proof is ("proof" in document)


@pytest.mark.parametrize(
    "change",
    [
        {"type": None},
        {"type": ""},
        {"type": 5},
        {"type": {}},
        {"type": ["Create", "Delete"]},
        {"actor": None},
        {"actor": [BOB]},
        {"actor": {"id": 7}},
        {"actor": "acct:bob@bob.example"},
        {"object": None},
        {"object": [NOTE]},
        {"object": 7},
        {"object.id": None},
        {"object.id": "urn:uuid:1"},
        {"object.attributedTo": [BOB]},
        {"object.attributedTo": None},
        {"id": None},
        {"id": "create"},
        {"id": "javascript:alert(1)"},
        {"id": "http://bob.example/1"},
        {"@graph": []},
        {"object.tag": [{"@reverse": {}}]},
        {"to": [f"https://a.example/{n}" for n in range(MAX_RECIPIENTS + 1)], "cc": []},
        {"object.to": [f"https://a.example/{n}" for n in range(MAX_RECIPIENTS + 1)]},
        {"object.content": "x" * (MAX_STRING_CHARS + 1)},
        {"chatSeq": -1},
        {"chatSeq": 0},
        {"chatSeq": 2**53},
        {"chatSeq": 1.0},
        {"chatSeq": True},
        {"chatSeq": "42"},
        {"chatSeq": None},
        {"chatLog": None},
        {"chatLog": 7},
        {"chatPrev": "before"},
        {"chatHeads": []},
        {"chatHeads": {"https://a.example/log/1": -1}},
        {"chatHeads": {"https://a.example/log/1": "1"}},
        {"chatHeads": {"log": 1}},
        {"chatHeads": {f"https://a.example/log/{n}": 1 for n in range(MAX_HEADS + 1)}},
        {"chatEpoch": "5"},
        {"chatEpoch": -1},
        {"chatEpoch": 2**31},
        {"chatState": 7},
        {"chatPrevState": ""},
        {"published": None},
        {"published": "yesterday"},
    ],
)
def test_a_malformed_activity_is_answered_400(change: dict[str, Any]):
    with pytest.raises(RemoteProtocolError) as caught:
        parse_activity(with_changes(change))

    assert caught.value.status == 400


@pytest.mark.parametrize(
    "change",
    [
        {"id": "https://evil.example/1"},
        {"actor": "https://evil.example/u/eve"},
        {"object.id": "https://victim.example/n/1"},
        {"object": "https://victim.example/n/1"},
        {"object.attributedTo": "https://bob.example/u/mallory"},
        {"object.attributedTo": "https://victim.example/u/vic"},
        {"type": "Delete", "object.attributedTo": "https://bob.example/u/mallory"},
        {"chatLog": "https://evil.example/log/1"},
        {"type": "Update", "object.id": "https://victim.example/n/1"},
        {"type": "Delete", "object": "https://victim.example/n/1"},
        {"type": "Update", "object.id": GROUP},
        {"type": "Update", "object.id": GROUP, "to": [ALICE]},
    ],
)
def test_origins_that_do_not_match_are_answered_422(change: dict[str, Any]):
    with pytest.raises(RemoteProtocolError) as caught:
        parse_activity(with_changes(change))

    assert caught.value.status == 422


@pytest.mark.parametrize(
    "change",
    [
        {"type": "Update", "object": {"id": GROUP, "name": "Book club II"}, "to": [GROUP]},
        {"type": "Delete", "object": GROUP, "to": GROUP},
    ],
)
def test_a_request_names_what_is_homes(change: dict[str, Any]):
    activity = parse_activity(with_changes(change))

    assert activity.object_id == GROUP


def test_a_message_is_no_request():
    change = {"type": "Update", "object.id": GROUP, "to": [GROUP]}

    with pytest.raises(RemoteProtocolError) as caught:
        parse_activity(with_changes(change))

    assert caught.value.status == 422


def test_a_create_is_no_request():
    change = {"object.id": GROUP, "to": [GROUP]}

    with pytest.raises(RemoteProtocolError):
        parse_activity(with_changes(change))


def test_a_conversations_own_document_may_be_attributed_to_its_founder():
    change = {"type": "Update", "object": {"id": BOB, "attributedTo": ALICE}}

    assert parse_activity(with_changes(change)).object_id == BOB


def test_a_delete_may_name_no_author():
    change = {"type": "Delete", "object": {"id": NOTE, "type": "Note"}}

    assert parse_activity(with_changes(change)).object_id == NOTE


def test_an_embedded_actor_gives_its_id_alone():
    change = {"actor": {"id": "https://Bob.example/u/bob#me", "inbox": "https://evil.example/"}}

    assert parse_activity(with_changes(change)).actor == BOB


def test_ids_that_differ_in_their_fragment_are_different_activities():
    change = {"id": f"{BOB}#likes/7", "type": "Like", "object": f"{ALICE}/n/1#x"}

    activity = parse_activity(with_changes(change))

    assert activity.id == f"{BOB}#likes/7"
    assert activity.object_id == f"{ALICE}/n/1#x"


def test_recipients_are_ids_once_each_and_public_in_one_spelling():
    change = {
        "to": [ALICE, {"id": ALICE}, "https://HOME.example/u/alice#x", "as:Public", 7, "nobody"],
        "cc": "Public",
    }

    activity = parse_activity(with_changes(change))

    assert activity.to == (ALICE, PUBLIC)
    assert activity.cc == (PUBLIC,)


def test_exactly_the_greatest_number_of_recipients_is_read():
    change = {"to": [f"https://a.example/{n}" for n in range(MAX_RECIPIENTS - 1)], "cc": [ALICE]}

    assert len(parse_activity(with_changes(change)).to) == MAX_RECIPIENTS - 1


def test_typing_has_no_id_and_no_object():
    typing = examples()["8 ChatTyping"]

    assert parse_activity(typing).id == ""
    assert parse_activity({**typing, "id": f"{BOB}/t/1"}).id == f"{BOB}/t/1"


def test_a_report_may_name_several_things():
    change = {"type": "Flag", "object": [ALICE, f"{ALICE}/n/1"]}

    assert parse_activity(with_changes(change)).object_id == ALICE
    assert parse_activity(with_changes({"type": "Flag", "object": []})).object_id == ""


def test_an_unknown_type_needs_no_object():
    activity = parse_activity(with_changes({"type": "Arrive", "object": None}))

    assert (activity.object, activity.object_id, activity.object_type) == (None, "", "")


def test_an_embedded_object_without_id_is_read_where_none_is_needed():
    change = {"type": "Add", "object": {"type": "Relationship"}, "target": f"{GROUP}/affiliations"}

    activity = parse_activity(with_changes(change))

    assert (activity.object_id, activity.object_type) == ("", "Relationship")
    assert activity.target == f"{GROUP}/affiliations"


LEGACY = {"chatLog": None, "chatSeq": None, "chatEpoch": None}


@pytest.mark.parametrize("value", [None, "yesterday", "99999-01-01T00:00:00Z", 7])
def test_an_impossible_date_counts_only_against_our_profile(value: object):
    assert parse_activity(with_changes({**LEGACY, "published": value})).published is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("https://Bob.example/c/1", "https://bob.example/c/1"),
        ("tag:bob.example,2026:1", "tag:bob.example,2026:1"),
        ({"id": "https://bob.example/c/1"}, "https://bob.example/c/1"),
        ("x" * 2049, ""),
        (7, ""),
    ],
)
def test_a_context_links_whatever_it_is(value: object, found: str):
    assert parse_activity(with_changes({"context": value})).context == found


def test_a_malformed_optional_part_is_left_out():
    activity = parse_activity(with_changes({"target": "nowhere", "object.tag": "", "cc": {}}))

    assert activity.target == ""
    assert activity.cc == ()


def test_an_accept_names_a_log_without_a_number():
    activity = parse_activity(examples()["5.2 Accept"])

    assert activity.log is not None
    assert (activity.log.log, activity.log.seq) == ("https://bob.example/u/bob/log/7QK2", 0)


def test_a_document_that_redefines_a_name_is_void():
    context = ["https://www.w3.org/ns/activitystreams", {"actor": "https://evil.example/actor"}]

    assert parse_activity(with_changes({"@context": context})).is_void


def test_plain_http_is_read_by_the_development_setting_alone():
    document = {
        "id": "http://a.example/1",
        "type": "Like",
        "actor": "http://a.example/u/bob",
        "object": "https://bob.example/n/1",
    }

    assert parse_activity(document, allow_http=True).actor == "http://a.example/u/bob"
    with pytest.raises(RemoteProtocolError):
        parse_activity(document)
