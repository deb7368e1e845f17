"""Lines of groups-protocol.md 15 that pure functions answer, each under its number."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from federation.groups import chain, clock, consent, order, parent, permissions, sequence, size
from federation.groups.departure import Close, Promote, after_removal
from federation.groups.judgement import BadHash, Contradiction, Gap, NextState
from federation.groups.membership import Event, Standing, move
from federation.groups.permissions import Action
from federation.groups.state import GroupState
from federation.protocol.build import state_change
from federation.protocol.build.note import (
    Addressee,
    GroupPlace,
    LogPlace,
    Message,
    create_note,
)
from federation.protocol.build.universal import require_universal
from federation.protocol.errors import LocalProtocolError
from federation.protocol.verdict import Refused
from tests.support import book_club as club

STATES = club.states()
CHANGES = club.changes()
HOME = Addressee(club.GROUP, "c-k4b07q2m9x5rt8vw@home.example")
ALICE = Addressee(club.ALICE, "alice@home.example")
CAROL = Addressee(club.CAROL, "carol@masto.example")
DAVE = Addressee(club.DAVE, "dave@gts.example")


@pytest.mark.parametrize("epoch", range(1, 8))
def test_conformance_2_the_state_of_each_epoch_has_the_hash_of_the_page(epoch: int):
    state = STATES[epoch - 1]
    turned = dict(reversed(state.to_json().items()))
    turned["members"] = dict(reversed(list(state.members.items())))

    assert state.epoch == epoch
    assert state.hash == club.HASHES[epoch - 1]
    assert GroupState.from_json(turned).hash == club.HASHES[epoch - 1]
    assert state_change.state_hash(turned) == club.HASHES[epoch - 1]


def test_conformance_62_a_change_with_a_wrong_past_is_not_applied():
    document = {**club.documents()[5], "chatPrevState": club.HASHES[6]}

    assert isinstance(chain.judge(club.read(document), STATES[4]), BadHash)


def test_conformance_63_epochs_that_were_missed_are_applied_in_order():
    assert chain.judge(CHANGES[6], STATES[4]) == Gap(have=5, need=7)

    sixth = chain.judge(CHANGES[5], STATES[4])
    assert isinstance(sixth, NextState)
    assert chain.judge(CHANGES[6], sixth.state) == NextState(STATES[6])


def test_conformance_64_of_two_states_of_one_epoch_the_first_is_kept():
    other = chain.with_role(STATES[4], club.DAVE, "admin")
    document = state_change.add(
        other.to_json(),
        subject=club.DAVE,
        change_id=f"{club.GROUP}/state/6b",
        basis=(),
        published=club.AT,
    )

    judged = chain.judge(club.read(document), STATES[5])

    assert judged == Contradiction(6, held=club.HASHES[5], claimed=other.hash)


def test_conformance_12_a_message_addresses_and_mentions_all_others_and_the_group():
    document = sent(people=(ALICE, CAROL, DAVE), members=4)
    note = document["object"]

    assert document["to"] == note["to"] == [ALICE.uri, CAROL.uri, DAVE.uri, HOME.uri]
    assert document["cc"] == note["cc"] == []
    assert [tag["href"] for tag in note["tag"]] == note["to"]
    assert [tag["name"] for tag in note["tag"]] == [
        "@alice@home.example",
        "@carol@masto.example",
        "@dave@gts.example",
        "@c-k4b07q2m9x5rt8vw@home.example",
    ]


def test_conformance_13_without_one_mention_nothing_leaves():
    document = sent(people=(ALICE, CAROL, DAVE), members=4)
    document["object"]["tag"].pop(1)

    with pytest.raises(LocalProtocolError):
        require_universal(document, is_compact=False)


def test_conformance_14_a_message_is_flagged_direct_and_public_nowhere():
    document = sent(people=(ALICE,), members=2)
    note = document["object"]

    assert note["directMessage"] is True
    assert "directMessage" not in document
    assert not {"bto", "bcc"} & {*document, *note}
    assert not [tag for tag in note["tag"] if tag["type"] == "Hashtag"]
    assert not [uri for uri in note["to"] if "Public" in uri or "followers" in uri]


def test_conformance_18_above_fifty_members_the_group_alone_is_addressed():
    others = tuple(
        Addressee(f"https://h{number}.example/u/x", f"x@h{number}.example") for number in range(50)
    )

    compact = sent(people=others, members=51)["object"]
    explicit = sent(people=others[:49], members=50)["object"]

    assert (compact["to"], compact["tag"]) == ([HOME.uri], [])
    assert len(explicit["to"]) == len(explicit["tag"]) == 50


@pytest.mark.parametrize("unaware", ["https://h0.example/u/x", club.CAROL])
def test_conformance_19_fifty_is_the_cap_with_an_unaware_person(unaware: str):
    members = {f"https://h{number}.example/u/x": "member" for number in range(50)}

    verdict = size.has_room(replace(STATES[0], members=members), club.CAROL, unaware={unaware})

    assert isinstance(verdict, Refused)
    assert verdict.notice == "unaware-limit"
    assert verdict.reason == "With somebody on other software a group has at most 50 people."


def test_conformance_20_a_thousand_is_the_cap():
    members = {f"https://h{number}.example/u/x": "member" for number in range(1000)}

    verdict = size.has_room(replace(STATES[0], members=members), club.BOB, unaware=())

    assert verdict == Refused("This group is full (1000 people).", notice="full")


def test_conformance_40_an_add_without_consent_makes_no_member():
    assert consent.find_entitling(CHANGES[1], accepted=()) is None
    assert isinstance(move(None, Event.CONFIRMED, local=True), Refused)


def test_conformance_43_a_leave_voids_consent_until_a_new_invitation():
    assert isinstance(move(Standing.LEFT, Event.ACCEPTED, local=True), Refused)
    assert move(Standing.LEFT, Event.INVITED, local=True) is Standing.INVITED


@pytest.mark.parametrize(("left_epoch", "counts"), [(5, False), (6, False), (4, True)])
def test_conformance_52_a_leaver_stays_out_until_a_later_add(left_epoch: int, *, counts: bool):
    assert consent.brings_back(CHANGES[4], left_epoch) is counts


def test_conformance_55_without_the_role_a_request_is_not_allowed():
    state = STATES[4]

    assert permissions.may(club.CAROL, Action.REMOVE, state, subject=club.DAVE) == Refused(
        "not allowed in this group", notice="not-allowed"
    )


@pytest.mark.parametrize(
    ("members", "aware", "outcome"),
    [
        ({club.CAROL: "member", club.BOB: "moderator"}, {club.BOB, club.CAROL}, Promote(club.BOB)),
        ({club.CAROL: "member", club.BOB: "member"}, {club.BOB, club.CAROL}, Promote(club.CAROL)),
        ({club.CAROL: "moderator", club.BOB: "member"}, {club.BOB}, Promote(club.BOB)),
        ({club.CAROL: "moderator", club.DAVE: "member"}, set[str](), Close()),
        ({}, {club.ALICE}, Close()),
    ],
)
def test_conformance_61_the_last_admins_leaving_promotes_somebody_or_closes(
    members: dict[str, str], aware: set[str], outcome: Promote | Close
):
    state = replace(STATES[4], members=members)
    since = {club.CAROL: 2, club.BOB: 3, club.DAVE: 4}

    assert after_removal(state, since=since, aware=aware) == outcome


def test_conformance_74_a_number_of_two_to_the_fiftieth_starts_no_search():
    held = sequence.Held(42)

    assert sequence.is_jump(held, 2**50)
    assert not sequence.is_jump(held, 45)


MASTODON_MEMBER = parent.Candidate(
    "https://masto.example/users/carol/statuses/9",
    CAROL.uri,
    frozenset({ALICE.uri, club.BOB}),
    author_aware=False,
)
AWARE_MEMBER = parent.Candidate(
    "https://bob.example/u/bob/n/8", club.BOB, frozenset({ALICE.uri, CAROL.uri}), author_aware=True
)


def test_conformance_87_the_misskey_family_gets_a_parent_it_can_have():
    newest = (MASTODON_MEMBER, AWARE_MEMBER)
    addressees = {club.BOB, CAROL.uri}

    assert (
        parent.choose(None, newest, addressees=addressees, software={"covey", "mastodon"})
        == MASTODON_MEMBER.uri
    )
    assert (
        parent.choose(None, newest, addressees=addressees, software={"covey", "misskey"})
        == AWARE_MEMBER.uri
    )
    assert (
        parent.choose(None, newest[:1], addressees=addressees, software={"covey", "misskey"}) == ""
    )


def test_conformance_88_who_just_joined_has_no_parent_in_common():
    newest = (MASTODON_MEMBER, AWARE_MEMBER)

    chosen = parent.choose(
        None, newest, addressees={club.BOB, CAROL.uri, DAVE.uri}, software={"mastodon"}
    )

    assert chosen == ""


def test_conformance_9_two_minutes_ahead_is_the_limit():
    assert clock.is_too_far_ahead(club.AT + timedelta(minutes=2, seconds=1), club.AT)
    assert not clock.is_too_far_ahead(club.AT + timedelta(minutes=1, seconds=59), club.AT)


def test_conformance_103_our_answer_to_the_future_is_capped_and_sorts_after_it():
    ahead = club.AT + timedelta(seconds=90)

    stamp = clock.stamp(club.AT, ahead)
    t = order.place(stamp, ahead, arrived_at=club.AT, aware=True)

    assert stamp == club.AT + timedelta(seconds=60)
    assert t > ahead


def sent(*, people: tuple[Addressee, ...], members: int) -> dict[str, Any]:
    message = Message(
        author=club.BOB,
        note_id=f"{club.BOB}/n/01K4C2",
        activity_id=f"{club.BOB}/n/01K4C2/create",
        page="https://bob.example/m/01K4C2",
        html="<p>Thursday works for me.</p>",
        source="Thursday works for me.",
        published=club.AT,
    )
    place = GroupPlace(HOME, f"{club.GROUP}/context", 5, club.HASHES[4], members)
    log = LogPlace(f"{club.BOB}/log/7QK2", 42, f"{club.BOB}/n/01K4BZ/create", {})
    return create_note(message=message, people=people, place=place, log=log)
