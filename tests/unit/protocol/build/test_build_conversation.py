from dataclasses import replace

import pytest

from federation.protocol.build import conversation
from federation.protocol.build.conversation import Identity, Slice
from federation.protocol.timestamps import parse_time
from federation.protocol.vocabulary import CONTEXT, PROFILE
from tests.support import book_club as club

STATE = club.states()[4].to_json()
GROUP = "https://home.example/c/01K4B0"
IDENTITY = Identity(
    username="c-k4b07q2m9x5rt8vw",
    domain="home.example",
    founder=club.ALICE,
    shared_inbox="https://home.example/inbox",
    keys=club.KEYS,
    created_at=club.AT,
)
UPDATED = parse_time("2026-09-02T10:00:00.000Z")


def test_the_actor_has_the_shape_of_the_protocol_page():
    document = conversation.actor(STATE, identity=IDENTITY, updated_at=UPDATED)

    assert document == {
        "@context": CONTEXT,
        "id": GROUP,
        "type": "Group",
        "chatProfile": PROFILE,
        "preferredUsername": "c-k4b07q2m9x5rt8vw",
        "webfinger": "c-k4b07q2m9x5rt8vw@home.example",
        "name": "Book club ☕",
        "summary": (
            "<p>Private group conversation. Reply to all to take part. Write LEAVE to leave.</p>"
        ),
        "icon": {"type": "Image", "url": club.ICON},
        "url": GROUP,
        "inbox": f"{GROUP}/inbox",
        "outbox": f"{GROUP}/state",
        "endpoints": {"sharedInbox": "https://home.example/inbox"},
        "manuallyApprovesFollowers": True,
        "discoverable": False,
        "indexable": False,
        "attributedTo": "https://home.example/u/alice",
        "affiliations": f"{GROUP}/affiliations",
        "context": f"{GROUP}/context",
        "contextHistory": f"{GROUP}/history",
        "chatEpoch": 5,
        "chatState": club.HASHES[4],
        "chatSettings": {"history": "invited", "invite": "moderator", "relay": True},
        "chatSuccessors": [],
        "publicKey": {
            "id": f"{GROUP}#main-key",
            "owner": GROUP,
            "publicKeyPem": "-----BEGIN PUBLIC KEY-----...",
        },
        "assertionMethod": [
            {
                "id": f"{GROUP}#ed25519-key",
                "type": "Multikey",
                "controller": GROUP,
                "publicKeyMultibase": "z6Mk...",
            }
        ],
        "published": "2026-09-01T09:00:00.000Z",
        "updated": "2026-09-02T10:00:00.000Z",
    }


def test_conformance_35_a_conversation_actor_has_no_followers():
    document = conversation.actor(STATE, identity=IDENTITY, updated_at=UPDATED)

    assert not {"followers", "following"} & set(document)


def test_a_group_without_picture_has_no_icon():
    bare = replace(club.states()[0], icon=None).to_json()

    assert "icon" not in conversation.actor(bare, identity=IDENTITY, updated_at=UPDATED)


def test_affiliations_list_every_role_on_one_page():
    document = conversation.affiliations(STATE)

    assert document["totalItems"] == len(document["orderedItems"]) == 4
    assert (document["chatEpoch"], document["chatState"]) == (5, club.HASHES[4])
    assert {item["subject"]: item["relationship"] for item in document["orderedItems"]} == STATE[
        "members"
    ]
    for item in document["orderedItems"]:
        assert item["type"] == "Relationship"
        assert item["object"] == item["attributedTo"] == document["attributedTo"] == GROUP


def test_the_context_leads_to_its_first_page_and_to_the_history():
    assert conversation.context(GROUP, total=310) == {
        "@context": CONTEXT,
        "id": f"{GROUP}/context",
        "type": "OrderedCollection",
        "attributedTo": GROUP,
        "contextHistory": f"{GROUP}/history",
        "totalItems": 310,
        "first": f"{GROUP}/context?after=0",
    }


def test_history_and_state_log_lead_to_their_first_pages():
    assert conversation.history(GROUP, total=3)["first"] == f"{GROUP}/history?after=0"
    assert conversation.state_log(GROUP, total=3)["first"] == f"{GROUP}/state?after=0"


def test_a_page_says_where_it_stands_and_what_follows():
    part = Slice(after="r7.1100", items=[{"id": "one"}, {"id": "two"}], next_after="r7.1103")

    assert conversation.history_page(GROUP, part) == {
        "@context": CONTEXT,
        "id": f"{GROUP}/history?after=r7.1100",
        "type": "OrderedCollectionPage",
        "attributedTo": GROUP,
        "partOf": f"{GROUP}/history",
        "orderedItems": [{"id": "one"}, {"id": "two"}],
        "next": f"{GROUP}/history?after=r7.1103",
    }
    assert conversation.context_page(GROUP, part)["partOf"] == f"{GROUP}/context"


@pytest.mark.parametrize("following", ["", "7"])
def test_the_last_page_of_the_state_log_has_no_next(following: str):
    page = conversation.state_log_page(GROUP, Slice("5", [], following))

    assert page["id"] == f"{GROUP}/state?after=5"
    assert ("next" in page) is bool(following)
