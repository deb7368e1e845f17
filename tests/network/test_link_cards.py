"""A card travels with its message, and what arrives is as bounded as what is made here."""

import pytest

from federation.protocol.card import parse_card
from tests.network.stories import together
from tests.support.network import Network

URL = "https://tea.example/a"
TEA = {"url": URL, "title": "Tea", "description": "Hot & sweet"}


@pytest.mark.network
async def test_a_card_arrives_with_its_message(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    place = f"{await al._path(room)}/messages"
    await al.must("POST", place, {"text": f"Look: {URL}", "preview": TEA})
    await network.settle()

    assert [one["preview"] for one in await bo.messages(room)] == [TEA]


@pytest.mark.parametrize(
    "value",
    [
        None,
        "https://tea.example/a",
        [],
        {},
        {"type": "Page"},
        {"type": "Page", "url": URL},
        {"type": "Page", "url": URL, "name": ""},
        {"type": "Page", "url": URL, "name": ["Tea"]},
        {"type": "Page", "url": "javascript:alert(1)", "name": "Tea"},
        {"type": "Page", "url": {"href": URL}, "name": "Tea"},
        {"type": "Note", "url": URL, "name": "Tea"},
    ],
)
def test_what_is_no_card_is_passed_over(value: object):
    assert parse_card(value) is None


def test_a_card_that_says_too_much_is_cut():
    card = parse_card({"type": "Page", "url": URL, "name": "t" * 9999, "summary": "s" * 9999})

    assert card is not None
    assert (len(card.title), len(card.description)) == (200, 400)
