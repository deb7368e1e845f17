from typing import Any

import pytest

from federation.activities import message
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.parse import parse_activity
from tests.support.situations import ALICE, BOB, NOW, activity, create, note


@pytest.mark.parametrize("object_", [f"{BOB}/n/1", {**note(BOB, []), "attributedTo": [BOB, ALICE]}])
def test_a_message_that_is_nobodys_is_none(object_: object):
    with pytest.raises(RemoteProtocolError):
        message.read(
            parse_activity({**activity("Create", BOB, note(BOB, [])).document, "object": object_})
        )


SAID = [
    ({"inReplyTo": "https://x.test/" + "x" * 3000}, "in_reply_to", ""),
    ({"conversation": 7}, "thread", ""),
    ({"content": ["x"]}, "content", ""),
    ({"summary": ""}, "summary", None),
    ({"source": {"content": "*x*", "mediaType": "text/markdown"}}, "source", "*x*"),
    ({"source": {"content": "x", "mediaType": "text/bbcode"}}, "source", None),
    ({"published": "yesterday"}, "published", NOW),
    ({"published": None}, "published", NOW),
    ({"to": [ALICE, 7, "no id", f"{BOB}/followers"]}, "people", (ALICE,)),
]


@pytest.mark.parametrize(("said", "name", "value"), SAID)
def test_what_is_malformed_is_left_out(said: dict[str, Any], name: str, value: object):
    document = {**note(BOB, [ALICE]), **said}

    read = message.read(activity("Create", BOB, document, to=[ALICE]))

    assert getattr(read, name) == value


def test_the_set_of_people_includes_the_author():
    assert message.people_of(message.read(create(BOB, [ALICE]))) == {ALICE, BOB}


CONTEXTS = [
    ("https://Bob.TEST:443/c", "https://bob.test/c"),
    ("tag:bob.test,2026:1", "tag:bob.test,2026:1"),
    ("https://bob.test/../c", ""),
    ("https://bob.test/" + "x" * 600, ""),
    ("tag:bob.test," + "ä" * 300, ""),
]


@pytest.mark.parametrize(("context", "kept"), CONTEXTS)
def test_the_context_of_a_note_has_one_spelling(context: str, kept: str):
    said = message.read(create(BOB, [ALICE], said={"context": context}))

    assert said.context == kept
