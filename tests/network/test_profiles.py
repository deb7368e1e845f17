"""Who changes their profile elsewhere is shown as they are, once their own server has said so."""

import pytest

from tests.network.stories import together
from tests.support.gate import Exchange, Gate
from tests.support.legacy_peer import LegacyPeer
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person

pytestmark = pytest.mark.network

UNAVAILABLE = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n"


def is_profile(one: Exchange) -> bool:
    return one.method == "GET" and one.host == "gts.test"


async def met(network: Network) -> tuple[LiveNode, Person, LegacyPeer]:
    """Alpha's node, al, and dana who has written to him."""
    (alpha,) = await network.start("alpha.test")
    al, dana = alpha.person("al"), network.legacy_peer()
    await al.arrive()
    await dana.write_to(al.uri, "hello")
    await network.settle()
    return alpha, al, dana


async def name_of(alpha: LiveNode, peer: LegacyPeer) -> str:
    (row,) = await alpha.rows("SELECT name FROM actor WHERE uri = $1", peer.uri)
    return str(row["name"])


async def test_a_change_is_shown_at_once(network: Network):
    alpha, al, dana = await met(network)

    assert await dana.rename("Dana D.", al.uri) == 202
    await network.settle()

    assert await name_of(alpha, dana) == "Dana D."


async def test_a_change_is_shown_once_its_server_answers_again(network: Network):
    alpha, al, dana = await met(network)

    with network.fail(is_profile, UNAVAILABLE):
        assert await dana.rename("Dana D.", al.uri) == 202
        await network.settle()
        network.advance(seconds=11)
        await network.settle()
    assert await name_of(alpha, dana) != "Dana D."
    network.advance(seconds=31)
    await network.settle()

    assert await name_of(alpha, dana) == "Dana D."


async def test_a_second_change_is_shown_after_an_hour_of_the_first(network: Network):
    alpha, al, dana = await met(network)
    await dana.rename("Dana D.", al.uri)
    await network.settle()
    network.tape.clear()

    network.advance(minutes=5)
    for name in ("Dana E.", "Dana F."):
        assert await dana.rename(name, al.uri) == 202
        await network.settle()
    early = [one.target for one in network.tape if is_profile(one)]
    network.advance(minutes=55)
    await network.settle()

    assert early == []
    assert await name_of(alpha, dana) == "Dana F."
    assert len([one for one in network.tape if is_profile(one)]) == 1


async def test_a_change_that_comes_while_the_profile_is_read_is_read_too(network: Network):
    alpha, al, dana = await met(network)
    renamed: list[int] = []

    async def renamed_meanwhile(gate: Gate, exchange: Exchange) -> bytes:
        answer = await gate.pass_on(exchange)
        if not renamed:
            renamed.append(await dana.rename("Dana E.", al.uri))
        return answer

    network.strike(is_profile, renamed_meanwhile)
    await dana.rename("Dana D.", al.uri)
    await network.settle()
    first = await name_of(alpha, dana)
    network.advance(hours=1)
    await network.settle()

    assert (renamed, first) == ([202], "Dana D.")
    assert await name_of(alpha, dana) == "Dana E."


async def test_what_our_people_say_of_themselves_reaches_who_knows_them(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    await together(network, al, bo)

    fields = [{"name": "Page", "value": "https://al.example/"}]
    await al.must("PATCH", "/me", {"name": "Al A.", "bio": "Reads.", "fields": fields})
    await network.settle()

    shown = await bo.must("GET", f"/people/{al.acct}")
    assert (shown["name"], shown["bio"]) == ("Al A.", "<p>Reads.</p>")
    assert [each["name"] for each in shown["fields"]] == ["Page"]
    assert [one["title"] for one in shown["shared"]] != []
