"""Who explains a change of members, when, and in which words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from federation.groups import anchors, chain
from federation.groups.anchors import Altered, Anchor, NotYet
from federation.groups.chain import StateChange
from federation.groups.description import Description
from federation.groups.effect import Basis, Ended, Founded, RoleGiven, RoleTaken
from federation.groups.state import GroupState

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
AL, BO, CAROL, DAVE = (f"https://{name}.test/u/{name}" for name in ("al", "bo", "carol", "dave"))
AWARE = frozenset({AL, BO})
DESCRIPTION = Description("tea", None, {}, (), None)
NAMES = {AL: "al@al.test", BO: "bo@bo.test", CAROL: "carol@carol.test"}


def state(**roles: str) -> GroupState:
    first = chain.first_state("https://al.test/c/1", name="tea", icon=None, settings={}, founder=AL)
    for name, role in roles.items():
        first = chain.with_role(first, f"https://{name}.test/u/{name}", role)
    return first


def change(
    effect: Founded | RoleGiven | RoleTaken | Ended, *by: tuple[str, str], at: datetime = NOW
) -> StateChange:
    basis = tuple(Basis(f"{actor}/{kind}", kind, actor) for kind, actor in by)
    return StateChange(
        id=f"https://al.test/c/1/state/{at.isoformat()}",
        conversation="https://al.test/c/1",
        verb="Add",
        effect=effect,
        epoch=2,
        prev_state=None,
        state_hash="z",
        published=at,
        basis=basis,
        heads={},
        document={},
    )


def altered(
    word: str = "joined", *, subject: str = BO, by: Sequence[str] = (AL,), ago: float = 60
) -> Altered:
    at = NOW - timedelta(seconds=ago)
    return Altered(f"c{ago}", at, subject, word, tuple(by), ())


@pytest.mark.parametrize(
    ("effect", "by", "word"),
    [
        (RoleGiven(BO, "member"), (("Invite", AL), ("Accept", BO)), "joined"),
        (RoleGiven(BO, "member"), (("Join", BO),), "joined"),
        (RoleGiven(CAROL, "member"), (("Invite", AL), ("Note", CAROL)), "joined"),
        (RoleTaken(BO, "member"), (("Leave", BO),), "left"),
        (RoleTaken(CAROL, "member"), (("Note", CAROL),), "left"),
        (RoleTaken(BO, "member"), (("Remove", AL),), "removed"),
        (RoleTaken(BO, "member"), (), "removed"),
        (RoleGiven(BO, "outcast"), (("Add", AL),), "removed"),
    ],
)
def test_a_change_of_who_is_in_has_a_word(
    effect: RoleGiven | RoleTaken, by: tuple[tuple[str, str], ...], word: str
):
    assert [one.word for one in anchors.alterations([change(effect, *by)])] == [word]


@pytest.mark.parametrize(
    ("effect", "by"),
    [
        (RoleGiven(BO, "moderator"), (("Add", AL),)),
        (RoleGiven(AL, "member"), (("Add", AL),)),
        (RoleTaken(BO, "outcast"), (("Remove", AL),)),
        (Ended(), (("Delete", AL),)),
    ],
)
def test_anything_else_has_none(
    effect: RoleGiven | RoleTaken | Ended, by: tuple[tuple[str, str], ...]
):
    assert anchors.alterations([change(effect, *by)]) == []


def test_a_group_that_continues_another_is_explained_as_a_whole():
    founded = change(Founded(DESCRIPTION, {AL: "admin"}))
    whole = replace(DESCRIPTION, predecessor="https://bo.test/c/1")
    continued = change(Founded(whole, {AL: "admin"}))

    assert anchors.alterations([founded]) == []
    (altered,) = anchors.alterations([continued])
    anchor = anchors.plan([altered], state(), aware=AWARE, now=NOW + timedelta(minutes=1))
    assert isinstance(anchor, Anchor)
    assert anchors.text(anchor, state(), NAMES) == "The group goes on here. Members: al@al.test."


def test_who_is_in_does_not_come_in_again_and_who_is_banned_goes_once():
    joined = change(RoleGiven(BO, "member"), ("Accept", BO))
    banned = change(RoleGiven(BO, "outcast"), ("Add", AL))

    found = anchors.alterations([joined, joined, banned, banned, joined])

    assert [one.word for one in found] == ["joined", "removed", "joined"]


def test_it_waits_until_nothing_has_changed_for_thirty_seconds():
    plan = anchors.plan([altered(ago=29)], state(bo="member"), aware=AWARE, now=NOW)

    assert plan == NotYet(NOW + timedelta(seconds=1))
    assert isinstance(
        anchors.plan([altered(ago=30)], state(bo="member"), aware=AWARE, now=NOW), Anchor
    )


def test_it_covers_what_came_soon_one_after_the_other():
    some = [altered(ago=200), altered(ago=90), altered(ago=70), altered(ago=45)]

    plan = anchors.plan(some, state(bo="member"), aware=AWARE, now=NOW)

    assert isinstance(plan, Anchor)
    assert plan.changes == tuple(some[1:])


def test_it_waits_five_minutes_at_most():
    some = [altered(ago=ago) for ago in range(300, 0, -20)]

    assert isinstance(anchors.plan(some, state(bo="member"), aware=AWARE, now=NOW), Anchor)
    later = anchors.plan(some[1:], state(bo="member"), aware=AWARE, now=NOW)
    assert later == NotYet(NOW + timedelta(seconds=10))


@pytest.mark.parametrize("some", [[], [altered(ago=601)]])
def test_what_is_old_is_explained_no_more(some: list[Altered]):
    assert anchors.plan(some, state(bo="member"), aware=AWARE, now=NOW) is None


@pytest.mark.parametrize(
    ("by", "subject", "author"),
    [
        ((BO,), CAROL, BO),
        ((BO, AL), BO, AL),
        ((CAROL,), CAROL, AL),
        ((DAVE,), CAROL, AL),
        ((), BO, AL),
    ],
)
def test_its_author_is_who_asked_for_the_change_or_an_admin(
    by: tuple[str, ...], subject: str, author: str
):
    plan = anchors.plan(
        [altered(subject=subject, by=by)],
        state(bo="admin", carol="member"),
        aware=AWARE,
        now=NOW,
    )

    assert isinstance(plan, Anchor)
    assert plan.author == author


def test_without_an_aware_admin_nobody_explains():
    last = altered(subject=BO, by=())

    assert anchors.plan([last], state(bo="member"), aware={BO}, now=NOW) is None


def test_it_says_person_by_person_what_has_changed():
    anchor = Anchor(
        AL,
        (
            altered("joined", subject=BO),
            altered("joined", subject=CAROL, by=(CAROL,)),
            altered("left", subject=CAROL, by=(CAROL,)),
            altered("removed", subject=DAVE),
            altered("removed", subject=DAVE, by=()),
        ),
    )

    assert anchor.word == "removed"
    assert anchors.text(anchor, state(bo="member", dave="member"), NAMES) == (
        "al@al.test added bo@bo.test. carol@carol.test joined. carol@carol.test left. "
        "al@al.test removed Somebody. Somebody was removed. Members: al@al.test, bo@bo.test."
    )


def test_a_farewell_names_the_group_if_it_has_a_name():
    assert anchors.farewell("tea") == "You have been removed from the group “tea”."
    assert anchors.farewell("") == anchors.REMOVED
    assert anchors.closing("al@al.test").startswith("al@al.test closes this group.")
