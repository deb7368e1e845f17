"""What a message shows, as a search asks for it."""

import pytest
from msgspec.structs import replace

from federation.queries.search import FILE, LINK, has_link, has_words, shows
from federation.queries.views import AttachmentView, CardView, MessageView
from tests.unit.queries.test_message_views import BO, accepted_by

CARD = CardView("https://a.example/", "A", "")
PICTURE = AttachmentView("image/png", "", None, None, "", 1, "https://a.example/p", "", "")


def saying(text: str, **shown: object) -> MessageView:
    view = accepted_by(BO).view("01M", BO)
    assert view is not None
    return replace(view, text=text, **shown)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see https://a.example", True),
        ("(HTTP://a.example)", True),
        ("[a](https://a.example)", True),
        ("https://", False),
        ("a.example", False),
        ("mailto:ana@a.example", False),
        ("", False),
    ],
)
def test_an_address_that_one_can_go_to_is_a_link(text: str, *, expected: bool) -> None:
    assert has_link(text) is expected


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        (saying("hi"), set()),
        (saying("see https://a.example"), {LINK}),
        (saying("hi", card=CARD), {LINK}),
        (saying("", attachments=(PICTURE,)), {FILE}),
        (saying("https://a.example", attachments=(PICTURE,)), {FILE, LINK}),
    ],
)
def test_all_that_is_asked_for_must_be_shown(view: MessageView, shown: set[str]) -> None:
    asked = [frozenset(), frozenset({FILE}), frozenset({LINK}), frozenset({FILE, LINK})]

    assert [shows(view, has) for has in asked] == [has <= shown for has in asked]


def test_every_text_has_no_words() -> None:
    assert has_words("", [])
    assert not has_words("", ["a"])
