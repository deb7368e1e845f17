"""Of the hosts below one domain only so many are asked for the first time within an hour."""

from federation.remote.allowance import DOMAINS_REMEMBERED, NEW_HOSTS_MAX
from federation.remote.key_memory import KeyFound
from federation.remote.keys import KeyUnknownNow
from federation.remote.objects import Away
from tests.support.remote_node import RemoteNode, actor_document, serve_document
from tests.support.signing import rsa_key
from tests.support.tls_peer import TlsPeer

HOUR_S = 3600
BOB, ANN = "https://beta.test/u/bob", "https://social.beta.test/u/ann"
KEYS = {uri: f"{uri}#main-key" for uri in (BOB, ANN)}


def serve_people(beta: TlsPeer) -> None:
    for uri in KEYS:
        serve_document(beta, f"/u/{uri[-3:]}", actor_document(uri, rsa_key()))


async def fill(node: RemoteNode, domain: str = "beta.test") -> None:
    """Ask as many new hosts of a domain as may be."""
    waits = [await node.client.wait_s(f"h{number}.{domain}") for number in range(NEW_HOSTS_MAX)]
    assert waits == [0] * NEW_HOSTS_MAX


async def test_only_so_many_new_hosts_of_a_domain_are_asked_within_the_hour(node: RemoteNode):
    await fill(node)

    assert await node.client.wait_s("one-more.beta.test") == HOUR_S
    assert await node.client.wait_s("h7.beta.test") == 0, "it is none of the new ones"
    assert await node.client.wait_s("one-more.other.test") == 0

    node.clock.advance(seconds=HOUR_S - 1)
    assert await node.client.wait_s("one-more.beta.test") == 1

    node.clock.advance(seconds=1)
    assert await node.client.wait_s("one-more.beta.test") == 0


async def test_a_host_whose_people_are_known_here_is_none_of_the_new_ones(
    node: RemoteNode, beta: TlsPeer
):
    serve_people(beta)
    assert isinstance(await node.keys.find(KEYS[BOB]), KeyFound)
    node.clock.advance(hours=2)
    assert await node.client.wait_s("beta.test") == 0
    await fill(node)

    assert await node.client.wait_s("beta.test") == 0


async def test_a_key_on_a_host_too_many_is_asked_for_later(node: RemoteNode, beta: TlsPeer):
    serve_people(beta)
    await fill(node)

    assert await node.keys.find(KEYS[ANN]) == KeyUnknownNow(HOUR_S, is_over_limit=True)
    assert beta.requests == []

    node.clock.advance(seconds=HOUR_S)
    assert isinstance(await node.keys.find(KEYS[ANN]), KeyFound)


async def test_an_actor_on_a_host_too_many_is_away(node: RemoteNode, beta: TlsPeer):
    serve_people(beta)
    await fill(node)

    assert isinstance(await node.directory.get(ANN), Away)
    assert isinstance(await node.handles.resolve("ann@social.beta.test"), Away)
    assert beta.requests == []


async def test_a_redirect_leads_to_no_host_too_many(node: RemoteNode, beta: TlsPeer):
    beta.redirect("/u/bob", "https://social.beta.test/u/nobody")
    assert await node.client.wait_s("beta.test") == 0
    waits = [await node.client.wait_s(f"h{n}.beta.test") for n in range(NEW_HOSTS_MAX - 1)]
    assert not any(waits)

    assert isinstance(await node.directory.get(BOB), Away)
    assert beta.paths() == ["/u/bob"]


async def test_only_so_many_domains_are_remembered(node: RemoteNode):
    await fill(node)

    for number in range(DOMAINS_REMEMBERED):
        assert await node.client.wait_s(f"h.d{number}.test") == 0

    assert await node.client.wait_s("one-more.beta.test") == 0
