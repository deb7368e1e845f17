"""Rules turn requests away by what they tell before anything of them is read."""

import pytest

from tests.support.live_node import LiveNode
from tests.support.network import Network

pytestmark = pytest.mark.network

DOOR = '[[rule]]\nid = "door"\nstage = "connection"\n'


async def behind_proxy(network: Network) -> LiveNode:
    (alpha,) = await network.start("alpha.test")
    await alpha.stop()
    text = alpha.config_file.read_text()
    trusting = text.replace("[server]\n", '[server]\ntrusted_proxies = ["127.0.0.0/8"]\n', 1)
    alpha.config_file.write_text(trusting)
    await alpha.start()
    return alpha


async def sign_in(node: LiveNode, address: str = "192.0.2.1", **headers: str) -> int:
    told = {"X-Forwarded-For": address, **headers}
    status, _ = await node.call("GET", "/sign-in", headers=told)
    return status


async def test_a_network_on_a_list_is_turned_away_from_a_path(network: Network):
    alpha = await behind_proxy(network)
    (alpha.config_file.parent / "exits.txt").write_text("192.0.2.0/24 # exits\n2001:db8::/32\n")
    await alpha.rules(
        '[[list]]\nid = "exits"\nformat = "cidr"\nfile = "exits.txt"\n'
        f'{DOOR}when.cidr_list = "exits"\nwhen.path = ["/sign-in"]\naction = "reject"\n'
        'category = "spam"\n'
    )

    assert await sign_in(alpha) == 403
    assert await sign_in(alpha, "2001:db8::7") == 403
    assert await sign_in(alpha, "198.51.100.1") == 200
    status, _ = await alpha.call("GET", "/livez", headers={"X-Forwarded-For": "192.0.2.1"})
    assert status == 200
    assert alpha.node.parts.tally.policy.by_name == {"connection reject enforce": 2}


@pytest.mark.parametrize(("action", "status"), [("accept", 202), ("reject", 403), ("drop", 202)])
async def test_a_server_is_turned_away_by_a_header_and_nothing_is_fetched(
    network: Network, action: str, status: int
):
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await alpha.rules(f'{DOOR}when.header.content-type = "activity"\naction = "{action}"\n')
    network.tape.clear()

    assert await dana.write_to(al.uri, "hello") == status
    await network.settle()

    assert (await al.rooms("requests") != []) is (action == "accept")
    assert (network.tape == []) is (action != "accept")


async def test_what_only_observes_turns_nobody_away(network: Network):
    (alpha,) = await network.start("alpha.test")
    await alpha.rules(f'{DOOR}when.path = "/sign-in"\naction = "reject"\nmode = "observe"\n')

    assert await sign_in(alpha) == 200
    assert alpha.node.parts.tally.policy.by_name == {"connection reject observe": 1}


async def test_an_address_that_asks_too_often_hears_when_it_may_come_again(network: Network):
    alpha = await behind_proxy(network)
    await alpha.rules(
        f'{DOOR}when.path = "/sign-in"\naction = "limit"\n'
        'limit = { key = "address", rate = "1/minute", burst = 2, over = "drop" }\n'
    )

    found = [await sign_in(alpha) for _ in range(3)]
    assert found == [200, 200, 429]
    assert await sign_in(alpha, "198.51.100.1") == 200
    network.advance(minutes=1)
    assert await sign_in(alpha) == 200


async def test_a_rule_that_fails_lets_nobody_in_for_now(network: Network):
    (alpha,) = await network.start("alpha.test")
    await alpha.rules(
        f'[policy]\nrule_timeout = "0ms"\n{DOOR}when.path = "/sign-in"\naction = "reject"\n'
    )

    assert await sign_in(alpha) == 503
