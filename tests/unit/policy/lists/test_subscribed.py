"""What a list changes by itself is a function of what it says, what holds and what is wanted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from federation.policy.lists.entry import Entry, Subject
from federation.policy.lists.fires import after, read_page
from federation.policy.lists.packed import pack, pack_state, unpack, unpack_state
from federation.policy.lists.subscribed import (
    EVERY_MIN,
    Difference,
    Retraction,
    Subscription,
    by_itself,
    by_subject,
    decided,
    difference,
    is_too_much,
    subscription_of,
    wanted,
)
from federation.policy.problem import Unreadable
from federation.policy.rule import Action, Effect, RuleList

PLAIN = Subscription("partner", "plain")
BAD = Entry("bad.example", Action.REJECT, public_reason="spam")
MILD = Entry("bad.example", Action.REQUEST)
OTHER = Entry("other.example", Action.DROP)
ANA = Entry("https://bad.example/u/ana", Action.DROP, Subject.ACTOR)
SHOWN = Entry("pics.example", show=frozenset({Effect.STRIP_MEDIA}))
REPORTS = Entry("flags.example", Action.DROP, drops_reports=True)


def wants(*entries: Entry, wish: Subscription = PLAIN, touching: tuple[str, ...] = ()):
    return wanted(entries, wish, in_touch=touching, own_hosts=("alpha.test",))


def test_what_nobody_wrote_of_a_list_has_its_usual_value():
    read = subscription_of(RuleList("x", "plain", keys={"url": "https://a.example/x"}))

    assert read == Subscription("x", "plain", "https://a.example/x")
    assert (read.max_action, read.max_action_if_contacts) == (Action.DROP, Action.REQUEST)


def test_what_is_written_of_a_list_is_read():
    keys = {
        "every": timedelta(seconds=1),
        "priority": -3,
        "apply": "auto",
        "max_action": Action.HOLD,
        "max_action_if_contacts": Action.ACCEPT,
        "on_retraction": "keep",
        "exclude": ("a.example",),
        "threshold": 2,
        "auto_labels": ("spam",),
    }

    read = subscription_of(RuleList("x", "merge", file="x.csv", of=("a", "b"), keys=keys))

    assert read == Subscription(
        *("x", "merge", "x.csv", True, ("a", "b"), 2, EVERY_MIN, -3, True, ("spam",)),
        *(Action.HOLD, Action.ACCEPT, Retraction.KEEP, ("a.example",)),
    )


def test_another_place_is_another_source():
    assert PLAIN.source == replace(PLAIN, priority=3).source
    assert PLAIN.source != replace(PLAIN, place="https://a.example/x").source


@pytest.mark.parametrize(
    ("entry", "wish", "touching", "action"),
    [
        (BAD, PLAIN, (), Action.REJECT),
        (BAD, PLAIN, ("bad.example",), Action.REQUEST),
        (BAD, PLAIN, ("sub.bad.example:8443",), Action.REQUEST),
        (BAD, PLAIN, ("example",), Action.REJECT),
        (ANA, PLAIN, ("bad.example",), Action.REQUEST),
        (ANA, PLAIN, ("other.example",), Action.DROP),
        (replace(BAD, key="*.bad.example"), PLAIN, ("x.bad.example",), Action.REQUEST),
        (BAD, replace(PLAIN, max_action=Action.HOLD), (), Action.HOLD),
        (MILD, replace(PLAIN, max_action=Action.HOLD), (), Action.REQUEST),
    ],
)
def test_a_list_is_as_strict_as_it_may_be(
    entry: Entry, wish: Subscription, touching: tuple[str, ...], action: Action
):
    (found,) = wants(entry, wish=wish, touching=touching).values()

    assert found == replace(entry, action=action)


@pytest.mark.parametrize("key", ["alpha.test", "test", "*.test", "sub.alpha.test"])
def test_nothing_touches_this_node(key: str):
    assert wants(replace(BAD, key=key)) == {}


def test_nothing_touches_who_is_spared_and_what_may_do_nothing_says_nothing():
    spared = replace(PLAIN, exclude=("bad.example", "no domain"))
    mild = replace(PLAIN, max_action=Action.ACCEPT)

    assert list(wants(BAD, OTHER, wish=spared).values()) == [OTHER]
    assert list(wants(BAD, REPORTS, SHOWN, wish=mild).values()) == [
        replace(REPORTS, action=None),
        SHOWN,
    ]


def test_what_is_new_other_or_gone_waits():
    held = by_subject((MILD, OTHER))
    unclear = replace(SHOWN, unclear="who knows")

    told = difference(wants(BAD, ANA, unclear), held, {}, PLAIN)

    assert told == Difference((ANA,), ((MILD, BAD),), (OTHER,), (unclear,))
    assert (len(told), told.keys) == (4, {ANA.key, BAD.key, OTHER.key})
    assert len(Difference()) == 0


def test_what_holds_or_was_declined_does_not_wait_until_it_is_another():
    labelled = replace(BAD, labels=("spam",))

    assert len(difference(wants(labelled), by_subject((BAD,)), {}, PLAIN)) == 0
    assert len(difference(wants(BAD), {}, by_subject((BAD,)), PLAIN)) == 0
    assert len(difference(wants(MILD), {}, by_subject((BAD,)), PLAIN)) == 1


def test_what_is_kept_does_not_wait():
    kept = replace(PLAIN, on_retraction=Retraction.KEEP)

    assert len(difference({}, by_subject((BAD,)), {}, kept)) == 0


@pytest.mark.parametrize(
    ("held", "gone", "is_empty", "is_much"),
    [
        (20, 11, False, True),
        (20, 10, False, False),
        (10, 9, False, False),
        (1, 1, False, False),
        (1, 1, True, True),
        (0, 0, True, False),
    ],
)
def test_what_takes_back_most_is_not_believed(
    *, held: int, gone: int, is_empty: bool, is_much: bool
):
    entries = [Entry(f"{n}.example", Action.DROP) for n in range(held)]
    told = difference(by_subject(entries[gone:]), by_subject(entries), {}, PLAIN)

    assert is_too_much(told, by_subject(entries), is_empty=is_empty) is is_much


@pytest.mark.parametrize(
    ("wish", "after_it"),
    [
        (PLAIN, (MILD,)),
        (replace(PLAIN, on_retraction=Retraction.DRAFT), (MILD, OTHER)),
        (replace(PLAIN, is_auto=True), (BAD, ANA)),
        (replace(PLAIN, is_auto=True, on_retraction=Retraction.DRAFT), (BAD, OTHER, ANA)),
    ],
)
def test_what_holds_by_itself_is_what_the_subscription_says(
    wish: Subscription, after_it: tuple[Entry, ...]
):
    held = by_subject((MILD, OTHER))
    told = difference(wants(BAD, ANA), held, {}, wish)

    assert by_itself(told, held, wish) == by_subject(after_it)


def test_what_has_a_label_that_the_operator_trusts_holds_at_once():
    wish = replace(PLAIN, auto_labels=("spam", "abuse"))
    spam = replace(OTHER, labels=("odd", "spam"))
    told = difference(wants(replace(BAD, labels=("odd",)), spam, ANA), {}, {}, wish)

    assert by_itself(told, {}, wish) == by_subject((spam,))


def test_somebody_takes_all_of_it_or_a_part():
    held = by_subject((MILD, OTHER))
    told = difference(wants(BAD, ANA), held, {}, PLAIN)

    assert decided(told, held, None) == by_subject((BAD, ANA))
    assert decided(told, held, {OTHER.key}) == by_subject((MILD,))
    assert decided(told, held, {ANA.key, BAD.key}) == by_subject((BAD, OTHER, ANA))


def test_entries_and_changes_come_back_as_they_were_kept():
    entries = (BAD, MILD, OTHER, ANA, SHOWN, REPORTS)
    page = read_page(
        "x",
        b'{"items":[{"id":"https://f.example/1","type":"Recommendation","entityKind":"domain",'
        b'"entityKey":"bad.example","recommendedPolicy":"drop","published":"2026-12-01T00:00:00Z"}]}',
    )
    assert not isinstance(page, Unreadable)
    state = after({}, page.changes)

    assert unpack(pack(entries)) == entries
    assert unpack(None) == ()
    assert unpack_state(pack_state(state)) == state
    assert unpack_state(None) == {}
