"""Who moderates the node decides about what rules hold, and never reads it."""

import pytest

from tests.support.console import Console
from tests.support.live_node import LiveNode
from tests.support.network import Network

HOLD = """
[[rule]]
id = "strangers"
stage = "behaviour"
when.relation = "stranger"
action = "hold"
hold = { auto_release = "72h" }
"""
SECRET = "private words of a stranger"


@pytest.fixture
async def held(network: Network, node: LiveNode) -> LiveNode:
    """A message of dana waits because of a rule."""
    al, dana = node.person("al"), network.legacy_peer()
    await al.arrive()
    await node.rules(HOLD)
    await dana.write_to(al.uri, SECRET)
    await network.settle()
    return node


async def test_it_is_shown_from_whom_for_whom_and_why_and_never_what_it_says(
    held: LiveNode, moderator: Console
) -> None:
    page = await moderator.get("/admin/held")

    assert page.status == 200
    for words in ("1 item is held", "gts.test", "by the rule strangers", "gets free", "relation"):
        assert page.says(words), page.words
    assert f"for {held.person('al').uri}" in page.words
    assert SECRET not in page.text
    assert not page.says("Rule for this server")


async def test_what_is_let_go_reaches_its_person(
    network: Network, held: LiveNode, moderator: Console
) -> None:
    (row,) = await held.rows("SELECT id, activity_id FROM policy_held")

    page = await moderator.post("/admin/held/release", id=row["id"])
    again = await moderator.post("/admin/held/release", id=row["id"])
    await network.settle()

    assert page.says("1 item goes on its way as a request.")
    assert (again.status, again.says("That is not held any more.")) == (409, True)
    assert len(await held.person("al").rooms("requests")) == 1
    assert await moderator.deeds() == [("held.released", row["activity_id"], "", "web")]


async def test_all_of_a_server_is_dropped(
    network: Network, held: LiveNode, moderator: Console
) -> None:
    page = await moderator.post("/admin/held/drop", host="gts.test")
    nothing = await moderator.post("/admin/held/drop", host="")
    await network.settle()

    assert page.says("1 item is dropped.")
    assert page.says("Nothing is held.")
    assert nothing.status == 409
    assert await held.person("al").rooms("requests") == []


async def test_an_operator_goes_on_to_a_rule_for_the_server(held: LiveNode, owner: Console) -> None:
    page = await owner.get("/admin/held")

    assert 'href="/admin/policy/new?domains=gts.test"' in page.text
    assert held.is_running
