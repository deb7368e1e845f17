"""What many people here get alike from strangers is held, and what came before it as well."""

import pytest

from tests.network.test_judging import STRANGER, release, requests, rule, waiting
from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network

THREE = 'when.similar = { window = "10m", local_recipients = 3 }\n'
EARLIER = "then = { hold_earlier = true }"
TEXT = "Hello {name}, I am Nicole and I am looking for friends in your area, write to me"
NAMES = ("al", "am", "an", "ao")


async def wave(network: Network, node: LiveNode, more: str = EARLIER) -> None:
    """The same words with another name go to four people, one after the other."""
    dana = network.legacy_peer()
    for name in NAMES:
        await node.person(name).arrive()
    await node.rules(rule(STRANGER + THREE, "hold", more))
    for name in NAMES:
        assert await dana.write_to(node.person(name).uri, TEXT.format(name=name.title())) == 202
        await network.settle()


async def test_from_the_third_on_it_is_held_and_what_nobody_has_opened_comes_back(
    network: Network,
):
    (alpha,) = await network.start("alpha.test")

    await wave(network, alpha)

    assert [await requests(alpha, name) for name in NAMES] == [[], [], [], []]
    assert sorted(one.person for one in await waiting(alpha)) == sorted(
        alpha.person(name).uri for name in NAMES
    )
    decided = await alpha.rows("SELECT action, rule_id FROM policy_decision")
    assert {(one["action"], one["rule_id"]) for one in decided} == {("hold", "r")}

    assert await release(alpha) == 4
    await network.settle()
    assert [await requests(alpha, name) for name in NAMES] == [
        [TEXT.format(name=name.title())] for name in NAMES
    ]
    assert await waiting(alpha) == []


async def test_without_hold_earlier_the_first_stay_where_they_are(network: Network):
    (alpha,) = await network.start("alpha.test")

    await wave(network, alpha, "")

    assert [len(await requests(alpha, name)) for name in NAMES] == [1, 1, 0, 0]
    assert len(await waiting(alpha)) == 2


async def test_what_was_accepted_or_read_is_never_touched(network: Network):
    (alpha,) = await network.start("alpha.test")
    dana = network.legacy_peer()
    for name in NAMES:
        await alpha.person(name).arrive()
    await alpha.rules(rule(STRANGER + THREE, "hold", EARLIER))
    al, am = alpha.person("al"), alpha.person("am")
    await dana.write_to(al.uri, TEXT.format(name="Al"))
    await dana.write_to(am.uri, TEXT.format(name="Am"))
    await network.settle()
    (asked,) = await al.rooms("requests")
    await al.must("POST", f"/conversations/{asked['id']}/accept")
    await network.settle()

    await dana.write_to(alpha.person("an").uri, TEXT.format(name="An"))
    await network.settle()

    assert len(await al.rooms("joined")) == 1
    assert await am.rooms("requests") == []
    assert len(await waiting(alpha)) == 2


async def test_other_words_are_no_campaign_and_an_old_one_is_over(network: Network):
    (alpha,) = await network.start("alpha.test")
    dana = network.legacy_peer()
    for name in NAMES:
        await alpha.person(name).arrive()
    await alpha.rules(rule(STRANGER + THREE, "hold", EARLIER))
    texts = [
        "Do you know when the library opens on the day after the holidays?",
        "Your photo of the harbour is lovely, may I print it for my mother?",
        "We met at the workshop on bees last week and you had a question",
    ]
    for name, text in zip(NAMES, texts, strict=False):
        await dana.write_to(alpha.person(name).uri, text)
        await network.settle()
    assert await waiting(alpha) == []

    for name in NAMES[:2]:
        await dana.write_to(alpha.person(name).uri, TEXT.format(name="you"))
    await network.settle()
    network.advance(minutes=11)
    await dana.write_to(alpha.person("ao").uri, TEXT.format(name="you"))
    await network.settle()
    assert await waiting(alpha) == []


async def test_the_same_links_are_alike_whatever_the_words(network: Network):
    (alpha,) = await network.start("alpha.test")
    dana = network.legacy_peer()
    for name in NAMES:
        await alpha.person(name).arrive()
    await alpha.rules(rule(STRANGER + THREE, "hold", EARLIER))
    for name, words in zip(NAMES, ("look", "this one", "see"), strict=False):
        link = f'<a href="https://casino.example/{name}">here</a>'
        await dana.write_to(alpha.person(name).uri, f"{words} {link}")
        await network.settle()

    assert len(await waiting(alpha)) == 3


async def test_fingerprints_are_forgotten_after_a_day_and_known_after_a_restart(network: Network):
    (alpha,) = await network.start("alpha.test")
    await wave(network, alpha, "")
    assert len(await alpha.rows("SELECT id FROM policy_text")) == 4
    stored = str(await alpha.rows("SELECT * FROM policy_text"))
    assert "Nicole" not in stored

    await alpha.stop()
    await alpha.start()
    await alpha.person("ap").arrive()
    await network.legacy_peer().write_to(alpha.person("ap").uri, TEXT.format(name="Ap"))
    await network.settle()
    assert len(await waiting(alpha)) == 3

    network.advance(hours=25)
    await alpha.tidy()
    assert await alpha.rows("SELECT id FROM policy_text") == []
