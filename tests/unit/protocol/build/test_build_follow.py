from collections.abc import Callable
from typing import Any

import pytest

from federation.protocol.build.follow import accept_follow, follow, reject_follow, undo_follow
from federation.protocol.timestamps import parse_time
from federation.protocol.vocabulary import CONTEXT

ALICE = "https://home.example/u/alice"
CAROL = "https://masto.example/users/carol"
AT = parse_time("2026-09-01T09:00:00.000Z")
FOLLOW = follow(CAROL, ALICE, activity_id="https://masto.example/follows/1", published=AT)
ESSENCE = {
    "id": "https://masto.example/follows/1",
    "type": "Follow",
    "actor": CAROL,
    "object": ALICE,
}


def test_a_follow_goes_to_whom_it_follows():
    assert FOLLOW == {
        "@context": CONTEXT,
        **ESSENCE,
        "to": [ALICE],
        "published": "2026-09-01T09:00:00.000Z",
    }


def test_an_undo_is_by_the_follower_and_embeds_the_follow():
    document = undo_follow(FOLLOW, activity_id="https://masto.example/undo/1", published=AT)

    assert document == {
        "@context": CONTEXT,
        "id": "https://masto.example/undo/1",
        "type": "Undo",
        "actor": CAROL,
        "object": ESSENCE,
        "to": [ALICE],
        "published": "2026-09-01T09:00:00.000Z",
    }


@pytest.mark.parametrize(("build", "verb"), [(accept_follow, "Accept"), (reject_follow, "Reject")])
def test_an_answer_is_by_whom_the_follow_is_about(build: Callable[..., dict[str, Any]], verb: str):
    odd = {**FOLLOW, "@context": "https://odd.example/context", "object": {"id": ALICE}}

    document = build(odd, activity_id="https://home.example/u/alice/a/1", published=AT)

    assert document == {
        "@context": CONTEXT,
        "id": "https://home.example/u/alice/a/1",
        "type": verb,
        "actor": ALICE,
        "object": ESSENCE,
        "to": [CAROL],
        "published": "2026-09-01T09:00:00.000Z",
    }
