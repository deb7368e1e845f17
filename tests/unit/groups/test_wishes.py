"""What home does with a wish is a table, walked here for every role."""

import pytest

from federation.groups import chain, wishes
from federation.groups.settings import DEFAULTS
from federation.groups.state import GroupState
from federation.groups.wishes import Describe, End, GiveRole, Relocate, TakeRole, Wish
from federation.protocol.verdict import Allowed, Refused

HOME = "https://home.example"
GROUP = f"{HOME}/c/1"
ADMIN, SECOND, MODERATOR, MEMBER, OUTCAST = (
    f"https://{name}.example/u/{name}" for name in ("ann", "ben", "cat", "dan", "eve")
)
STRANGER = "https://fay.example/u/fay"
STATE = GroupState(
    GROUP,
    7,
    {
        ADMIN: "admin",
        SECOND: "admin",
        MODERATOR: "moderator",
        MEMBER: "member",
        OUTCAST: "outcast",
    },
    "tea",
    None,
    {**DEFAULTS, "x": [1]},
    (),
    None,
    "zPrev",
)
ALONE = chain.without(STATE, SECOND)


def notice(actor: str, wish: Wish, state: GroupState = STATE) -> str:
    """Why home refuses, "" where it does not."""
    verdict = wishes.judge(actor, wish, state, eligible=lambda person: person == MEMBER)
    assert isinstance(verdict, Allowed | Refused)
    return "" if isinstance(verdict, Allowed) else verdict.notice


@pytest.mark.parametrize(
    ("wish", "lowest"),
    [
        (TakeRole(MEMBER), MODERATOR),
        (TakeRole(MODERATOR), ADMIN),
        (TakeRole(SECOND), ADMIN),
        (TakeRole(OUTCAST), MODERATOR),
        (GiveRole(MEMBER, "outcast"), MODERATOR),
        (GiveRole(STRANGER, "outcast"), MODERATOR),
        (GiveRole(SECOND, "outcast"), ADMIN),
        (GiveRole(MEMBER, "admin"), ADMIN),
        (GiveRole(SECOND, "member"), ADMIN),
        (Describe(name="coffee"), ADMIN),
        (Describe(settings={"history": "shared"}), ADMIN),
        (Describe(successors=(MEMBER,)), ADMIN),
        (End(), ADMIN),
        (Relocate("https://ben.example/c/2"), ADMIN),
    ],
)
def test_conformance_55_each_wish_takes_a_role(wish: Wish, lowest: str):
    ranked = (OUTCAST, STRANGER, MEMBER, MODERATOR, ADMIN)
    may = ranked[ranked.index(lowest) :]

    assert [notice(actor, wish) == "" for actor in ranked] == [actor in may for actor in ranked]


@pytest.mark.parametrize(
    ("wish", "word"),
    [
        (TakeRole(STRANGER), "no-change"),
        (GiveRole(MEMBER, "member"), "no-change"),
        (GiveRole(OUTCAST, "outcast"), "no-change"),
        (GiveRole(STRANGER, "member"), "not-allowed"),
        (GiveRole(OUTCAST, "member"), "not-allowed"),
        (Describe(), "no-change"),
        (Describe(name="tea", settings={"invite": "moderator"}), "no-change"),
        (Describe(name="n" * 501), "not-allowed"),
        (Describe(settings={"history": "forever"}), "not-allowed"),
        (Describe(settings={"invite": "outcast"}), "not-allowed"),
        (Describe(settings={"relay": 1}), "not-allowed"),
        (Describe(settings={"x": "y" * 5000}), "not-allowed"),
        (Describe(successors=(MODERATOR,)), "not-allowed"),
        (Describe(successors=(MEMBER, MEMBER)), "not-allowed"),
        (Describe(successors=(STRANGER,)), "not-allowed"),
        (Describe(icon="https://home.example/i.png", settings={"unknown": {"a": 1}}), ""),
    ],
)
def test_an_admin_may_wish_for_what_makes_sense(wish: Wish, word: str):
    assert notice(ADMIN, wish) == word


@pytest.mark.parametrize(
    "wish", [TakeRole(ADMIN), GiveRole(ADMIN, "member"), GiveRole(ADMIN, "outcast")]
)
def test_the_last_admin_stays_one(wish: Wish):
    assert notice(ADMIN, wish, ALONE) == "not-allowed"
    assert notice(ADMIN, wish) == ""


def test_conformance_53_who_was_removed_first_removes_nobody():
    after = wishes.carried_out(TakeRole(SECOND), STATE)

    assert notice(SECOND, TakeRole(ADMIN), after) == "not-allowed"


def test_nothing_is_wished_of_a_closed_group():
    closed = wishes.carried_out(End(), STATE)

    assert closed.people == ()
    assert notice(ADMIN, Describe(name="again"), closed) == "closed"


def test_a_wish_that_is_carried_out_is_true():
    assert wishes.carried_out(GiveRole(MEMBER, "outcast"), STATE).role_of(MEMBER) == "outcast"
    assert wishes.carried_out(Relocate("https://ben.example/c/2"), STATE).people == ()
    told = wishes.carried_out(Describe(name="", icon="", settings={"relay": False}), STATE)
    assert (told.name, told.icon, told.settings) == (
        "",
        None,
        {**DEFAULTS, "relay": False, "x": [1]},
    )
    assert told.prev == STATE.hash


def test_every_wish_has_a_word():
    words = [wishes.word_of(one) for one in (TakeRole(MEMBER), End(), Relocate(GROUP), Describe())]

    assert words == ["remove", "close", "move", "describe"]
    assert wishes.word_of(GiveRole(MEMBER, "outcast")) == "ban"
    assert wishes.word_of(GiveRole(MEMBER, "admin")) == "role"
    assert (wishes.subject_of(GiveRole(MEMBER, "admin")), wishes.subject_of(End())) == (MEMBER, "")
