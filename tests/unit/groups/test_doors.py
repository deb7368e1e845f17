from itertools import product

import pytest

from federation.groups.doors import CHOICES, Door, entry, sentence

WRITTEN, FOLLOWED, MATE = "direct", "followed", "group"

# By what was chosen and what two people have to do with each other.
ENTRIES = [
    ("anyone", (), "open"),
    ("requests", (), "asks"),
    ("contacts", (), "closed"),
    ("requests", (MATE,), "open"),
    ("contacts", (MATE,), "closed"),
    ("requests", (FOLLOWED,), "open"),
    ("contacts", (FOLLOWED,), "open"),
    ("requests", (WRITTEN,), "open"),
    ("contacts", (WRITTEN,), "open"),
]


@pytest.mark.parametrize(("choice", "ties", "way"), ENTRIES)
@pytest.mark.parametrize("invites", [False, True])
def test_what_somebody_has_chosen_decides(
    choice: str, ties: tuple[str, ...], way: str, *, invites: bool
):
    door = Door(inviters=choice) if invites else Door(writers=choice)

    assert entry(door, ties, invites=invites) == way


@pytest.mark.parametrize(("choice", "way"), [("requests", "asks"), ("contacts", "closed")])
def test_whom_one_follows_may_be_a_stranger(choice: str, way: str):
    door = Door(writers=choice, trusts_followed=False)

    assert entry(door, {FOLLOWED}, invites=False) == way


def test_who_shares_a_group_alone_may_have_to_ask():
    door = Door(mates_ask=True)

    assert entry(door, {MATE}, invites=False) == "asks"
    assert entry(door, {MATE}, invites=True) == "open"
    assert entry(door, {MATE, WRITTEN}, invites=False) == "open"


def test_messages_and_invitations_are_chosen_apart():
    for writers, inviters in product(CHOICES, repeat=2):
        door = Door(writers, inviters)

        assert entry(door, (), invites=False) == entry(Door(writers), (), invites=False)
        assert entry(door, (), invites=True) == entry(Door(inviters=inviters), (), invites=True)


def test_the_author_is_told_who_takes_nothing():
    assert sentence("Ana", invites=False).startswith("Ana does not take messages")
    assert sentence("Ana", invites=True).startswith("Ana does not take invitations")
