import pytest

from federation.groups import chain
from federation.protocol.build import state_change
from federation.protocol.timestamps import parse_time
from federation.protocol.vocabulary import CONTEXT
from tests.support import book_club as club

STATES = club.states()
ACCEPT = state_change.Answered("https://bob.example/u/bob/a/acc-1", "Accept", club.BOB)
AFFILIATIONS = "https://home.example/c/01K4B0/affiliations"


def test_epoch_1_has_the_shape_of_the_protocol_page():
    document = state_change.create(
        STATES[0].to_json(), change_id=f"{club.GROUP}/state/1", published=club.AT
    )

    assert document == {
        "@context": CONTEXT,
        "id": "https://home.example/c/01K4B0/state/1",
        "type": "Create",
        "actor": "https://home.example/c/01K4B0",
        "object": {
            "id": "https://home.example/c/01K4B0",
            "type": "Group",
            "name": "Book club ☕",
            "icon": {"type": "Image", "url": club.ICON},
            "chatSettings": club.SETTINGS,
            "chatSuccessors": [],
            "affiliations": {
                "type": "OrderedCollection",
                "orderedItems": [
                    {
                        "type": "Relationship",
                        "subject": "https://home.example/u/alice",
                        "relationship": "admin",
                        "object": "https://home.example/c/01K4B0",
                    }
                ],
            },
        },
        "to": [AFFILIATIONS],
        "chatEpoch": 1,
        "chatState": club.HASHES[0],
        "published": "2026-09-01T09:00:00.000Z",
    }


def test_a_member_joins_by_an_add_that_names_what_it_answers():
    document = state_change.add(
        STATES[1].to_json(),
        subject=club.BOB,
        change_id=f"{club.GROUP}/state/2",
        basis=(ACCEPT,),
        published=parse_time("2026-09-01T09:02:00.000Z"),
    )

    assert document["object"].pop("id").startswith(f"{AFFILIATIONS}/")
    assert document == {
        "@context": CONTEXT,
        "id": "https://home.example/c/01K4B0/state/2",
        "type": "Add",
        "actor": "https://home.example/c/01K4B0",
        "object": {
            "type": "Relationship",
            "subject": "https://bob.example/u/bob",
            "relationship": "member",
            "object": "https://home.example/c/01K4B0",
        },
        "target": AFFILIATIONS,
        "to": [AFFILIATIONS],
        "chatBasis": [
            {
                "id": "https://bob.example/u/bob/a/acc-1",
                "type": "Accept",
                "actor": "https://bob.example/u/bob",
            }
        ],
        "chatEpoch": 2,
        "chatPrevState": club.HASHES[0],
        "chatState": club.HASHES[1],
        "published": "2026-09-01T09:02:00.000Z",
    }


@pytest.mark.parametrize("heads", [{}, {"https://gts.example/log": 45}])
def test_a_removal_always_says_up_to_where_entries_count(heads: dict[str, int]):
    document = state_change.remove(
        STATES[6].to_json(),
        removed=state_change.Removed(club.DAVE, "member", heads),
        change_id=f"{club.GROUP}/state/7",
        basis=(),
        published=club.AT,
    )

    assert (document["type"], document["target"]) == ("Remove", AFFILIATIONS)
    assert document["object"]["subject"] == club.DAVE
    assert document["object"]["relationship"] == "member"
    assert document["chatHeads"] == heads
    assert "chatBasis" not in document
    assert (document["chatPrevState"], document["chatState"]) == club.HASHES[5:7]


def test_a_persons_relationship_keeps_its_id_through_roles():
    member, moderator = (
        state_change.add(
            state.to_json(), subject=club.BOB, change_id="x", basis=(), published=club.AT
        )["object"]
        for state in STATES[1:3]
    )

    assert (member["relationship"], moderator["relationship"]) == ("member", "moderator")
    assert member["id"] == moderator["id"]


def test_a_close_names_the_conversation():
    state = chain.closed(STATES[6])

    document = state_change.delete(
        state.to_json(), change_id=f"{club.GROUP}/state/8", basis=(ACCEPT,), published=club.AT
    )

    assert (document["type"], document["object"]) == ("Delete", club.GROUP)
    assert (document["chatEpoch"], document["chatState"]) == (8, state.hash)
