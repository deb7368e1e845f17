from dataclasses import replace
from typing import Any

import pytest

from federation.groups import chain
from federation.groups.judgement import (
    BadHash,
    Contradiction,
    Duplicate,
    Gap,
    Judgement,
    NextState,
    OtherEpoch,
    TooLarge,
)
from federation.groups.state import GroupState
from federation.protocol.build import conversation, state_change
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.parse import parse_activity
from federation.protocol.timestamps import parse_time
from tests.support import book_club as club

STATES = club.states()
CHANGES = club.changes()
OTHER_HASH = club.HASHES[6]


def test_a_state_survives_being_stored():
    state = STATES[5]

    stored = GroupState.from_json(state.to_json())

    assert stored == state
    assert stored.hash == club.HASHES[5]


def test_an_outcast_has_a_role_and_is_no_member():
    state = chain.with_role(STATES[5], club.DAVE, "outcast")

    assert state.role_of(club.DAVE) == "outcast"
    assert not state.is_member(club.DAVE)
    assert club.DAVE not in state.people
    assert set(state.people) == {club.ALICE, club.BOB, club.CAROL}


def test_a_ban_or_removal_ends_a_succession():
    assert STATES[5].successors == (club.BOB,)

    assert chain.with_role(STATES[5], club.BOB, "outcast").successors == ()
    assert chain.without(STATES[5], club.BOB).successors == ()
    assert chain.without(STATES[5], club.CAROL).successors == (club.BOB,)


def test_a_closed_group_has_no_members_and_no_successors():
    state = chain.closed(STATES[5])

    assert (dict(state.members), state.successors, state.epoch) == ({}, (), 7)
    assert state.prev == club.HASHES[5]


@pytest.mark.parametrize("epoch", range(1, 8))
def test_each_change_of_the_book_club_makes_its_state(epoch: int):
    known = STATES[epoch - 2] if epoch > 1 else None

    assert chain.judge(CHANGES[epoch - 1], known) == NextState(STATES[epoch - 1])


def test_a_close_is_judged_like_any_change():
    state = chain.closed(STATES[4])
    document = state_change.delete(
        state.to_json(), change_id=f"{club.GROUP}/state/6", basis=(), published=club.AT
    )

    change = club.read(document)

    assert (change.subject, change.role) == ("", "")
    assert chain.judge(change, STATES[4]) == NextState(state)


JUDGED: list[tuple[str, int, GroupState | None, str, str, Judgement]] = [
    ("same epoch, same hash", 5, STATES[4], club.HASHES[4], "", Duplicate()),
    ("the epoch before, same hash", 4, STATES[4], club.HASHES[3], "", Duplicate()),
    ("long before, same hash", 2, STATES[4], club.HASHES[1], club.HASHES[1], Duplicate()),
    ("before this node came", 2, STATES[4], OTHER_HASH, "", Duplicate()),
    (
        "same epoch, other hash",
        5,
        STATES[4],
        OTHER_HASH,
        "",
        Contradiction(5, club.HASHES[4], OTHER_HASH),
    ),
    (
        "the epoch before, other hash",
        4,
        STATES[4],
        OTHER_HASH,
        "",
        Contradiction(4, club.HASHES[3], OTHER_HASH),
    ),
    (
        "long before, other hash",
        2,
        STATES[4],
        OTHER_HASH,
        club.HASHES[1],
        Contradiction(2, club.HASHES[1], OTHER_HASH),
    ),
    ("one missing between", 7, STATES[4], club.HASHES[6], "", Gap(5, 7)),
    ("nothing held", 3, None, club.HASHES[2], "", Gap(0, 3)),
    (
        "a hash that does not fit",
        6,
        STATES[4],
        OTHER_HASH,
        "",
        BadHash(6, club.HASHES[5], OTHER_HASH),
    ),
]


@pytest.mark.parametrize(
    ("epoch", "known", "claimed", "held", "judgement"),
    [row[1:] for row in JUDGED],
    ids=[row[0] for row in JUDGED],
)
def test_a_change_is_judged_by_epoch_and_hash(
    epoch: int, known: GroupState | None, claimed: str, held: str, judgement: Judgement
):
    change = club.claiming(CHANGES[epoch - 1], claimed)

    assert chain.judge(change, known, held_hash=held) == judgement


def test_a_change_that_continues_another_past_is_not_applied():
    change = replace(CHANGES[5], prev_state=OTHER_HASH)

    assert chain.judge(change, STATES[4]) == BadHash(6, club.HASHES[5], club.HASHES[5])


@pytest.mark.parametrize(("before", "too_large"), [(999, False), (1000, True)])
def test_a_group_beyond_a_thousand_members_is_not_applied(before: int, *, too_large: bool):
    crowd = {f"https://h{number}.example/u/x": "member" for number in range(before)}
    full = replace(STATES[0], members=crowd)
    after = chain.with_role(full, club.BOB, "member")
    document = state_change.add(
        after.to_json(),
        subject=club.BOB,
        change_id=f"{club.GROUP}/state/2",
        basis=(),
        published=club.AT,
    )
    change = club.read(document)
    listed = conversation.affiliations(after.to_json())

    assert chain.judge(change, full) == (TooLarge(1001) if too_large else NextState(after))
    assert chain.adopt(actor_of(after), listed, change) == (TooLarge(1001) if too_large else after)


def test_a_new_members_node_starts_from_homes_documents():
    state = STATES[4]

    adopted = chain.adopt(actor_of(state), conversation.affiliations(state.to_json()), CHANGES[4])

    assert adopted == state


def test_a_list_under_items_counts_as_well():
    listed = conversation.affiliations(STATES[4].to_json())
    listed["items"] = listed.pop("orderedItems")

    assert chain.adopt(actor_of(STATES[4]), listed, CHANGES[4]) == STATES[4]


def test_documents_that_do_not_make_the_hash_are_not_adopted():
    state = STATES[4]
    listed = conversation.affiliations(state.to_json())
    listed["orderedItems"].pop()

    adopted = chain.adopt(actor_of(state), listed, CHANGES[4])

    assert isinstance(adopted, BadHash)
    assert adopted.claimed == club.HASHES[4] != adopted.computed


def test_documents_of_different_epochs_are_fetched_again():
    listed = conversation.affiliations(STATES[3].to_json())

    assert chain.adopt(actor_of(STATES[4]), listed, CHANGES[4]) == OtherEpoch(5)


def test_another_groups_actor_is_not_adopted():
    actor = {**actor_of(STATES[4]), "id": "https://home.example/c/other"}

    with pytest.raises(RemoteProtocolError):
        chain.adopt(actor, conversation.affiliations(STATES[4].to_json()), CHANGES[4])


ADD = club.documents()[1]
CREATE = club.documents()[0]
UPDATE = club.documents()[5]
RELATIONSHIP = ADD["object"]


@pytest.mark.parametrize(
    ("document", "changed"),
    [
        pytest.param(ADD, {"type": "Announce"}, id="verb"),
        pytest.param(ADD, {"chatEpoch": None}, id="no epoch"),
        pytest.param(ADD, {"chatEpoch": 0}, id="epoch 0"),
        pytest.param(ADD, {"chatState": None}, id="no state"),
        pytest.param(ADD, {"chatPrevState": None}, id="no previous state"),
        pytest.param(ADD, {"published": None}, id="no time"),
        pytest.param(ADD, {"chatEpoch": 1, "chatPrevState": None}, id="add at epoch 1"),
        pytest.param(CREATE, {"chatEpoch": 2, "chatPrevState": OTHER_HASH}, id="late create"),
        pytest.param(CREATE, {"chatPrevState": OTHER_HASH}, id="create with a past"),
        pytest.param(ADD, {"target": "https://bob.example/c/1/affiliations"}, id="target"),
        pytest.param(ADD, {"object": club.BOB}, id="bare object"),
        pytest.param(ADD, {"object": {**RELATIONSHIP, "type": "Note"}}, id="no relationship"),
        pytest.param(ADD, {"object": {**RELATIONSHIP, "object": club.BOB}}, id="other group"),
        pytest.param(ADD, {"object": {**RELATIONSHIP, "relationship": "king"}}, id="role"),
        pytest.param(ADD, {"object": {**RELATIONSHIP, "relationship": 7}}, id="role as number"),
        pytest.param(ADD, {"object": {**RELATIONSHIP, "subject": None}}, id="no subject"),
        pytest.param(
            ADD, {"object": {**RELATIONSHIP, "subject": "HTTPS://B.example/u"}}, id="case"
        ),
        pytest.param(UPDATE, {"object": club.GROUP}, id="bare update"),
        pytest.param(UPDATE, {"type": "Delete", "object": f"{club.GROUP}x"}, id="other's end"),
        pytest.param(UPDATE, {"object": {"id": f"{club.GROUP}x", "type": "Group"}}, id="not self"),
        pytest.param(CREATE, {"object": {**CREATE["object"], "affiliations": None}}, id="nobody"),
        pytest.param(
            CREATE, {"object": {**CREATE["object"], "affiliations": {}}}, id="no list of members"
        ),
    ],
)
def test_what_is_no_state_change_is_refused(document: dict[str, Any], changed: dict[str, Any]):
    faulty = {**document, **changed}

    with pytest.raises(RemoteProtocolError):
        chain.read_change(parse_activity(faulty))


def test_a_member_named_twice_is_refused():
    listed = conversation.affiliations(STATES[4].to_json())
    listed["orderedItems"].append(listed["orderedItems"][0])

    with pytest.raises(RemoteProtocolError):
        chain.adopt(actor_of(STATES[4]), listed, CHANGES[4])


@pytest.mark.parametrize(
    "changed",
    [
        {"name": None},
        {"name": ["Book club"]},
        {"chatSettings": None},
        {"icon": "https://media.home.example/icon.png"},
        {"icon": {"type": "Image"}},
        {"chatSuccessors": [f"https://h{number}.example/u/x" for number in range(6)]},
        {"chatSuccessors": [7]},
        {"chatPredecessor": 7},
    ],
)
def test_a_description_of_another_shape_is_refused(changed: dict[str, Any]):
    document = {**UPDATE, "object": {**UPDATE["object"], **changed}}

    with pytest.raises(RemoteProtocolError):
        chain.read_change(parse_activity(document))


def test_a_group_may_have_no_icon_and_continue_another():
    old = "https://old.example/c/1"
    state = replace(STATES[0], icon=None, predecessor=old)
    document = state_change.create(
        state.to_json(), change_id=f"{club.GROUP}/state/1", published=club.AT
    )

    assert document["object"]["chatPredecessor"] == old
    assert chain.judge(club.read(document), None) == NextState(state)


def test_what_a_change_answers_and_cuts_off_is_read():
    log = "https://bob.example/u/bob/log/7QK2"
    answered = state_change.Answered("https://bob.example/u/bob/a/leave-1", "Leave", club.BOB)
    document = state_change.remove(
        chain.without(STATES[4], club.BOB).to_json(),
        removed=state_change.Removed(club.BOB, "moderator", {log: 45}),
        change_id=f"{club.GROUP}/state/6",
        basis=(answered,),
        published=parse_time("2026-09-05T08:00:01.000Z"),
    )
    document["chatBasis"] += ["https://bob.example/a/bare", {"type": "Like"}]

    change = club.read(document)

    assert (change.verb, change.subject, change.role) == ("Remove", club.BOB, "moderator")
    assert change.heads == {log: 45}
    assert [(item.id, item.type, item.actor) for item in change.basis] == [
        ("https://bob.example/u/bob/a/leave-1", "Leave", club.BOB)
    ]


def actor_of(state: GroupState) -> dict[str, Any]:
    identity = conversation.Identity(
        username="c-k4b07q2m9x5rt8vw",
        domain="home.example",
        founder=club.ALICE,
        shared_inbox="https://home.example/inbox",
        keys=club.KEYS,
        created_at=club.AT,
    )
    return conversation.actor(state.to_json(), identity=identity, updated_at=club.AT)
