from dataclasses import replace

import pytest

from federation.groups import consent
from federation.groups.effect import Basis
from federation.groups.membership import MOVES, REMOTE_MOVES, Event, Standing, move
from federation.protocol.verdict import Refused
from tests.support import book_club as club

INVITE = "https://home.example/u/alice/a/inv-1"
ACCEPT = "https://bob.example/u/bob/a/acc-1"


def walk(*events: Event, local: bool = True) -> Standing | Refused | None:
    standing: Standing | None = None
    for event in events:
        following = move(standing, event, local=local)
        if isinstance(following, Refused):
            return following
        standing = following
    return standing


@pytest.mark.parametrize(
    ("events", "standing"),
    [
        ((Event.FOUNDED,), Standing.JOINED),
        ((Event.INVITED, Event.ACCEPTED), Standing.JOINING),
        ((Event.INVITED, Event.ACCEPTED, Event.CONFIRMED), Standing.JOINED),
        ((Event.INVITED_BY_STRANGER,), Standing.REQUESTED),
        ((Event.INVITED_BY_STRANGER, Event.DECLINED), Standing.REFUSED),
        ((Event.INVITED, Event.WITHDRAWN), Standing.REMOVED),
        ((Event.FOUNDED, Event.LEFT, Event.REMOVED), Standing.LEFT),
        ((Event.FOUNDED, Event.LEFT, Event.INVITED), Standing.INVITED),
        ((Event.FOUNDED, Event.REMOVED, Event.INVITED_BY_STRANGER), Standing.REQUESTED),
        ((Event.FOUNDED, Event.BANNED, Event.REMOVED, Event.INVITED), Standing.INVITED),
        ((Event.FOUNDED, Event.CLOSED), Standing.CLOSED),
    ],
)
def test_a_person_comes_and_goes(events: tuple[Event, ...], standing: Standing):
    assert walk(*events) is standing


@pytest.mark.parametrize(
    "events",
    [
        (Event.CONFIRMED,),
        (Event.INVITED, Event.CONFIRMED),
        (Event.INVITED, Event.DECLINED, Event.CONFIRMED),
        (Event.FOUNDED, Event.LEFT, Event.CONFIRMED),
        (Event.FOUNDED, Event.REMOVED, Event.CONFIRMED),
    ],
)
def test_only_people_elsewhere_are_confirmed_without_a_word_of_theirs(events: tuple[Event, ...]):
    assert isinstance(walk(*events), Refused)
    assert walk(*events, local=False) is Standing.JOINED


@pytest.mark.parametrize("event", [Event.CONFIRMED, Event.ACCEPTED, Event.LEFT])
def test_an_outcast_can_do_nothing(event: Event):
    assert isinstance(move(Standing.BANNED, event, local=True), Refused)


@pytest.mark.parametrize("event", Event)
@pytest.mark.parametrize("local", [True, False])
def test_nothing_follows_a_close(event: Event, *, local: bool):
    assert isinstance(move(Standing.CLOSED, event, local=local), Refused)


@pytest.mark.parametrize("standing", [Standing.JOINING, Standing.JOINED, Standing.LEFT])
def test_leaving_is_never_refused_to_a_member(standing: Standing):
    assert move(standing, Event.LEFT, local=True) is Standing.LEFT


@pytest.mark.parametrize("table", [MOVES, REMOTE_MOVES])
def test_every_standing_can_be_reached(table: dict[tuple[Standing | None, Event], Standing]):
    assert set(table.values()) == set(Standing)


def test_consent_is_the_accepted_invitation_that_the_add_names():
    add = replace(
        club.changes()[1],
        basis=(Basis(INVITE, "Invite", club.ALICE), Basis(ACCEPT, "Accept", club.BOB)),
    )

    assert consent.find_entitling(add, {INVITE, "https://x.example/other"}) == INVITE
    assert consent.find_entitling(add, set()) is None
    assert consent.find_entitling(replace(add, basis=()), {INVITE}) is None
