"""Nodes of our kind sign for each other with Ed25519 by RFC 9421, and manage where one cannot."""

import pytest

from tests.network.stories import together
from tests.support.gate import Exchange
from tests.support.network import Network

pytestmark = pytest.mark.network

UNAUTHORIZED = b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"


def scheme_of(one: Exchange) -> str:
    signature_input = one.headers.get("signature-input", "")
    if 'alg="ed25519"' in signature_input and '#ed25519-key"' in signature_input:
        return "Ed25519"
    if "signature" not in one.headers:
        return "none"
    return "RSA" if signature_input else "draft-cavage"


def schemes(tape: list[Exchange], method: str) -> list[str]:
    """Of the requests that are signed, each run of the same scheme once."""
    found = [scheme_of(one) for one in tape if one.method == method]
    signed = [scheme for scheme in found if scheme != "none"]
    return [one for at, one in enumerate(signed) if signed[at - 1 : at] != [one]]


async def test_nodes_of_our_kind_sign_with_ed25519_from_the_second_request_on(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")

    room = await together(network, al, bo)
    await bo.say(room, "hello")
    await network.settle()

    to_alpha, to_beta = (
        [one for one in network.tape if one.host == host] for host in ("alpha.test", "beta.test")
    )
    assert await al.texts(room) == ["hello"]
    assert schemes(to_alpha, "POST") == schemes(to_beta, "POST") == ["Ed25519"]
    # Whoever is not known yet is asked in the scheme that all software reads.
    for tape in (to_alpha, to_beta):
        assert schemes(tape, "GET") in (["draft-cavage"], ["draft-cavage", "Ed25519"])
    assert "Ed25519" in schemes(network.tape, "GET")


async def test_a_node_that_stops_taking_it_is_written_to_in_the_older_scheme(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.tape.clear()

    def is_by_rfc9421(one: Exchange) -> bool:
        return (
            one.method == "POST" and one.host == "alpha.test" and "signature-input" in one.headers
        )

    with network.fail(is_by_rfc9421, UNAUTHORIZED):
        for text in ("one", "two"):
            await bo.say(room, text)
            await network.settle()
    await bo.say(room, "three")
    await network.settle()

    posts = [scheme_of(one) for one in network.tape if is_a_post_to_alpha(one)]
    assert await al.texts(room) == ["one", "two", "three"]
    assert posts == ["Ed25519", "draft-cavage", "draft-cavage", "draft-cavage"]


def is_a_post_to_alpha(one: Exchange) -> bool:
    return one.method == "POST" and one.host == "alpha.test"


async def test_a_node_that_refuses_the_older_scheme_gets_the_other_at_once(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")

    def is_by_cavage(one: Exchange) -> bool:
        return scheme_of(one) == "draft-cavage"

    with network.fail(is_by_cavage, UNAUTHORIZED):
        room = await together(network, al, bo)
        await bo.say(room, "hello")
        await network.settle()

    assert await al.texts(room) == ["hello"]
    assert {"RSA", "Ed25519"} <= {scheme_of(one) for one in network.tape}
