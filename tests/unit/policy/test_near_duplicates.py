"""Texts with a few words changed are near; others are not, but for very few."""

from datetime import timedelta
from itertools import combinations
from random import Random
from statistics import quantiles
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from federation.policy.facts import Window
from federation.policy.near_duplicates import (
    SHORT_CHARS,
    Trace,
    compared,
    fingerprint,
    is_alike,
    is_near,
    like,
    sample_of,
    simhash,
)
from tests.support.rules import NOW

SYLLABLES = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
DISTANCE = 10
LONG = "this is a text that is long enough to be compared by its features"

SPACELESS = "日本語の文章はほとんど空白なしで書かれるので四文字ずつ比べるといつも考えている"


def vocabulary(chance: Random) -> list[str]:
    return ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(2_000)]


def texts(count: int, *, words: tuple[int, int]) -> list[list[str]]:
    """Texts in which, as in a language, few words are frequent."""
    chance = Random(7)
    known = vocabulary(chance)
    weights = [1 / rank for rank in range(1, len(known) + 1)]
    return [chance.choices(known, weights, k=chance.randint(*words)) for _ in range(count)]


def distance(one: str, other: str) -> int:
    return (simhash(one) ^ simhash(other)).bit_count()


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Hello <b>THERE</b></p>", "hello there"),
        ("\uff26\uff55\uff4c\uff4c \ufb01ne", "full fine"),
        ("@ana hi @bo@b.example!", "hi"),
        ("see https://shop.example/x?y=1 now", "see link shop example now"),
        ("win 12,500 €", "win 00 000"),
        ("a_b - c", "a b c"),
        ("Привет, мир", "привет мир"),
        ("", ""),
    ],
)
def test_a_text_is_compared_without_what_is_easily_changed(html: str, text: str) -> None:
    assert compared(html) == text


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (f"<p>{LONG}</p>", LONG.upper()),
        (LONG, f"@somebody@b.example {LONG}"),
        (f"{LONG} call 12", f"{LONG} call 98"),
        ("short", "SHORT!"),
        # Without spaces pieces of four characters are compared.
        (f"{SPACELESS}{SPACELESS[:20]}", f"{SPACELESS}{SPACELESS[:19]}x"),
    ],
)
def test_these_texts_are_near(one: str, other: str) -> None:
    assert is_near(fingerprint(one), fingerprint(other), DISTANCE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LONG, "what stands here has nothing at all to do with any of the words there"),
        ("short", "shorts"),
        (LONG, "short"),
        ("short", LONG),
    ],
)
def test_these_texts_are_not(one: str, other: str) -> None:
    assert not is_near(fingerprint(one), fingerprint(other), DISTANCE)


@pytest.mark.parametrize(("changed", "low", "high"), [(1, 4, 11), (3, 10, 18)])
def test_a_changed_word_moves_few_bits(changed: int, low: int, high: int) -> None:
    chance = Random(11)
    moved = []
    for words in texts(300, words=(16, 40)):
        others = words[:]
        for at in chance.sample(range(len(words)), changed):
            others[at] = f"other{at}word"
        moved.append(distance(" ".join(words), " ".join(others)))

    quarters = quantiles(moved, n=4)
    assert low <= quarters[0]
    assert quarters[2] <= high


def test_unrelated_texts_are_hardly_ever_near() -> None:
    joined = [text[:400] for text in map(" ".join, texts(500, words=(10, 70)))]
    hashes = [simhash(text) for text in joined if len(text) >= SHORT_CHARS]

    pairs = list(combinations(hashes, 2))
    near = sum((one ^ other).bit_count() <= DISTANCE for one, other in pairs)
    assert len(pairs) > 100_000
    assert near * 100_000 < 6 * len(pairs)


@settings(deadline=None)
@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_has_a_fingerprint_and_is_near_itself(one: str, other: str) -> None:
    mine, theirs = fingerprint(one), fingerprint(other)

    assert is_near(mine, mine, 0)
    assert is_near(mine, theirs, 3) == is_near(theirs, mine, 3)
    assert (mine.simhash is None) is (len(compared(one)) < SHORT_CHARS)


DIGEST, OTHER_DIGEST = "zQm" + "a" * 43, "zQm" + "b" * 43
CASINO = '<a href="https://casino.example/{}">x</a>'
OWN = '<a href="https://www.sender.example/{}">x</a>'
TAG = [{"type": "Mention", "href": "https://casino.example/1"}]


def note(content: object, digest: str = "", tag: object = None) -> dict[str, Any]:
    file = {"type": "Image", "url": "https://sender.example/1.png", "mediaType": "image/png"}
    files = [file | {"digestMultibase": digest}] if digest else []
    return {"content": content, "attachment": files, "tag": tag}


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        (note(LONG), note(LONG), True),
        (note(LONG), note("something else"), False),
        (note("one", DIGEST), note("two", DIGEST), True),
        (note("one", DIGEST), note("two", OTHER_DIGEST), False),
        (note(""), note(""), False),
        (note(None), note(3), False),
        (note("a " + CASINO.format(1)), note("bc " + CASINO.format(2)), True),
        (note("a " + OWN.format(1)), note("bc " + OWN.format(2)), False),
        (note("a " + CASINO.format(1), tag=TAG), note("bc " + CASINO.format(2)), False),
    ],
)
def test_what_is_alike(one: dict[str, Any], other: dict[str, Any], *, alike: bool) -> None:
    samples = sample_of(one, "sender.example"), sample_of(other, "sender.example")

    assert is_alike(*samples, DISTANCE) is alike


def test_only_what_came_within_the_window_counts() -> None:
    sample = sample_of(note(LONG), "sender.example")
    traces = [
        Trace(NOW - timedelta(minutes=age), f"p{age}", "a", "b", sample) for age in (20, 10, 9, 0)
    ]

    found = like(sample, traces, Window(timedelta(minutes=10), DISTANCE), NOW)

    assert [one.person for one in found] == ["p9", "p0"]
