"""One visible character is a reaction, whatever it is made of; anything else is none."""

import pytest

from federation.content.emoji import HEART, as_grapheme

ONE = [
    "🔥",
    "👍🏽",
    "🇩🇪",
    "👩‍👩‍👧‍👦",
    "1️⃣",
    "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
    "☕️",
    "x",
    "é",
    "क",
]


@pytest.mark.parametrize("text", ONE)
def test_one_character_as_people_count(text: str):
    assert as_grapheme(text) == text


NONE = ["", " ", "ab", "🔥🔥", "🇩🇪🇫🇷", "🇩", "\u200d", "🔥\u200d", "\x07", "x" * 40]


@pytest.mark.parametrize("text", NONE)
def test_anything_else_is_none(text: str):
    assert as_grapheme(text) is None


@pytest.mark.parametrize("text", ["❤", "❤️", " ❤️ "])
def test_a_heart_has_one_spelling(text: str):
    assert as_grapheme(text) == HEART


def test_equal_texts_have_one_spelling():
    assert as_grapheme("e\u0301") == as_grapheme("\u00e9")
