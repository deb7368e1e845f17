from dataclasses import replace
from typing import Any

import pytest

from federation.groups import chain
from federation.groups.departure import Close, NothingToDo, Promote, after_removal
from federation.groups.permissions import Action, may
from federation.groups.settings import DEFAULTS, Settings, read_settings
from federation.groups.size import has_room
from federation.groups.state import GroupState
from federation.protocol.verdict import Allowed, Refused
from tests.support import book_club as club

ADMIN, MODERATOR, MEMBER = club.ALICE, club.BOB, club.CAROL
OTHER_ADMIN = "https://x.example/u/ada"
OTHER_MODERATOR = "https://x.example/u/mo"
OTHER_MEMBER = club.DAVE
OUTCAST = "https://x.example/u/out"
STRANGER = "https://x.example/u/erin"

ROLES = {
    ADMIN: "admin",
    MODERATOR: "moderator",
    MEMBER: "member",
    OTHER_ADMIN: "admin",
    OTHER_MODERATOR: "moderator",
    OTHER_MEMBER: "member",
    OUTCAST: "outcast",
}
STATE = replace(club.states()[0], members=ROLES)
EVERYBODY = frozenset({*ROLES, STRANGER})
MEMBERS = EVERYBODY - {OUTCAST, STRANGER}
ADMINS = frozenset({ADMIN, OTHER_ADMIN})
MODERATORS = ADMINS | {MODERATOR, OTHER_MODERATOR}


def allowed(action: Action, state: GroupState, subject: str) -> frozenset[str]:
    return frozenset(
        actor
        for actor in EVERYBODY
        if isinstance(may(actor, action, state, subject=subject), Allowed)
    )


@pytest.mark.parametrize(
    ("action", "subject", "who"),
    [
        (Action.POST, "", MEMBERS),
        (Action.LEAVE, "", EVERYBODY),
        (Action.INVITE, STRANGER, MODERATORS),
        (Action.INVITE, OUTCAST, frozenset()),
        (Action.WITHDRAW, MODERATOR, MODERATORS),
        (Action.WITHDRAW, MEMBER, MODERATORS | {MEMBER}),
        (Action.WITHDRAW, STRANGER, MODERATORS),
        (Action.REMOVE, MEMBER, MODERATORS),
        (Action.REMOVE, OUTCAST, MODERATORS),
        (Action.REMOVE, OTHER_MODERATOR, ADMINS),
        (Action.REMOVE, OTHER_ADMIN, ADMINS),
    ],
)
def test_who_may_do_what(action: Action, subject: str, who: frozenset[str]):
    assert allowed(action, STATE, subject) == who


@pytest.mark.parametrize(
    ("setting", "who"),
    [("member", MEMBERS), ("moderator", MODERATORS), ("admin", ADMINS), ("anyone", ADMINS)],
)
def test_the_setting_says_who_may_invite(setting: str, who: frozenset[str]):
    state = replace(STATE, settings={"invite": setting})

    assert allowed(Action.INVITE, state, STRANGER) == who


def test_a_refusal_has_the_word_for_its_reject():
    assert may(STRANGER, Action.INVITE, STATE, subject=STRANGER) == Refused(
        "not allowed in this group", notice="not-allowed"
    )
    assert may(ADMIN, Action.INVITE, STATE, subject=OUTCAST) == Refused(
        "that person is banned", notice="banned"
    )


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({}, Settings("invited", "moderator", relay=True)),
        (DEFAULTS, Settings("invited", "moderator", relay=True)),
        (
            {"history": "shared", "invite": "member", "relay": False, "colour": "red"},
            Settings("shared", "member", relay=False),
        ),
        (
            {"history": ["shared"], "invite": "outcast", "relay": "yes"},
            Settings("joined", "admin", relay=False),
        ),
    ],
)
def test_settings_are_read_with_defaults_and_the_unknown_is_tight(
    sent: dict[str, Any], read: Settings
):
    assert read_settings(sent) == read


def test_unknown_settings_stay_in_the_state_and_in_its_hash():
    odd = {**club.SETTINGS, "colour": "red"}
    state = chain.first_state(
        club.GROUP, name=club.NAME, icon=None, settings=odd, founder=club.ALICE
    )

    assert state.to_json()["settings"] == odd
    assert state.hash != replace(state, settings=club.SETTINGS).hash


def crowd(number: int) -> GroupState:
    members = {f"https://h{index}.example/u/x": "member" for index in range(number)}
    return replace(STATE, members={**members, OUTCAST: "outcast"})


FIRST = "https://h0.example/u/x"


@pytest.mark.parametrize(
    ("members", "unaware", "notice"),
    [
        (49, frozenset({STRANGER}), ""),
        (50, frozenset(), ""),
        (50, frozenset({STRANGER}), "unaware-limit"),
        (50, frozenset({FIRST}), "unaware-limit"),
        (999, frozenset(), ""),
        (1000, frozenset(), "full"),
    ],
)
def test_a_group_grows_to_its_cap(members: int, unaware: frozenset[str], notice: str):
    verdict = has_room(crowd(members), STRANGER, unaware=unaware)

    assert (verdict.notice if isinstance(verdict, Refused) else "") == notice


def test_a_member_of_a_full_group_needs_no_room():
    assert has_room(crowd(1000), FIRST, unaware=frozenset()) == Allowed()


def test_a_group_with_an_admin_goes_on():
    state = replace(STATE, members={ADMIN: "admin", MEMBER: "member"})

    assert after_removal(state, since={}, aware={ADMIN}) == NothingToDo()


def test_equals_are_told_apart_by_their_id():
    state = replace(STATE, members={OTHER_MEMBER: "member", MEMBER: "member"})
    aware = {OTHER_MEMBER, MEMBER}

    heir = after_removal(state, since=dict.fromkeys(aware, 4), aware=aware)

    assert heir == Promote(min(aware))


def test_a_group_of_unaware_people_alone_closes():
    state = replace(STATE, members={ADMIN: "admin", MEMBER: "member"})

    assert after_removal(state, since={ADMIN: 1, MEMBER: 2}, aware=()) == Close()
