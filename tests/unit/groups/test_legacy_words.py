"""What unaware people say in words, and what does not count as such."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.groups.legacy import (
    ACCEPTING,
    DECLINING,
    LEAVING,
    Answer,
    read_answer,
    wants_to_leave,
)


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "@al @c-k4b07q2m9x5rt8vw@home.example yes please",
        "@alice: Yes!",
        "OK 👍",
        "“Join”",
        "Ja, gern",
        "oui merci",
        "¡Sí!",
        "S\u0069\u0301",
        "はい、参加します",
        "हाँ जी",
        "\u200b@a\u200b ok",
    ],
)
def test_a_yes_is_understood(text: str):
    assert read_answer(text) is Answer.YES


@pytest.mark.parametrize("text", ["No thanks", "@al nein", "non", "いいえ。", "Não, obrigado"])
def test_a_no_is_understood(text: str):
    assert read_answer(text) is Answer.NO


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@al",
        "Who is there?",
        "yesterday",
        "maybe yes",
        "ja nie chcę",
        "si no puedo",
        "tak, men nej",
        "ya veremos",
        "好像不行",
    ],
)
def test_anything_else_is_no_answer(text: str):
    assert read_answer(text) is Answer.OTHER


@pytest.mark.parametrize(
    "text", ["LEAVE", "@al @bo leave", "Stop.", "«verlassen»", "退出。", "sair!"]
)
def test_a_farewell_is_understood(text: str):
    assert wants_to_leave(text)


@pytest.mark.parametrize("text", ["leave it", "I want to leave", "stop 😂", "", "@leave", "yes"])
def test_anything_else_is_no_farewell(text: str):
    assert not wants_to_leave(text)


def test_the_words_are_written_as_they_are_compared():
    for word in ACCEPTING | DECLINING | LEAVING:
        assert unicodedata.normalize("NFKC", word).casefold() == word
    assert not ACCEPTING & DECLINING


@given(st.text())
def test_no_text_is_too_strange(text: str):
    assert isinstance(read_answer(text), Answer)
    assert isinstance(wants_to_leave(text), bool)
