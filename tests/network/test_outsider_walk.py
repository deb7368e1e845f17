"""Whoever is not in a group finds no word of it on any route of its members' nodes.

Every route is asked with ids of a group in which there is everything, by outsiders of every kind.
What the address of a file or a join link opens is no leak: whoever has it was given it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping
from contextlib import asynccontextmanager
from itertools import product

import aiohttp
import pytest

from node.identity.bearer import create_token
from tests.network.stories import together
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import API, Person
from tests.support.route_walk import Told, Walker, filled, routes
from tests.support.secret_group import (
    AWAY,
    HOME,
    INVITED_AT,
    REMOVED_AT,
    SecretGroup,
    fills_of,
    make_secret_group,
)
from tests.support.signer import Signer

pytestmark = [pytest.mark.network, pytest.mark.walks]

QUERIES = ("", "?after=0")
# From before the first event there ever was.
ALL_EVENTS = {"Last-Event-ID": f"{'0' * 32}-0"}
ELSEWHERE, OTHER_GROUP = "mallory.test", "gamma.test"
BODY = {"text": "let me in"}
NOTHING: frozenset[str] = frozenset()
# Home shows the group's name to those who were members, for 30 days.
TITLE = frozenset({"title"})

Ask = Callable[[Walker, str, str], Awaitable[Told]]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@asynccontextmanager
async def secret(network: Network) -> AsyncIterator[SecretGroup]:
    """The group among nodes of strangers; what its members see is the same afterwards."""
    await network.start(HOME, AWAY, REMOVED_AT, INVITED_AT, ELSEWHERE, OTHER_GROUP)
    group = await make_secret_group(network)
    members = (group.al, group.falco)
    before = [await person.messages(group.room) for person in members]
    yield group
    await network.settle()
    assert before == [await person.messages(group.room) for person in members]
    lanner = f"lanner@{AWAY}"
    assert set(await group.al.roles(group.room)) == {group.al.acct, group.falco.acct, lanner}


async def walk(
    group: SecretGroup, whose: Person, http: aiohttp.ClientSession, ask: Ask, *, api: bool
) -> list[Told]:
    """Ask for all there is at somebody's node, in its API or outside of it."""
    assert isinstance(whose.node, LiveNode)
    walker = Walker(whose.node, http, f"http://127.0.0.1:{whose.node.node.ports[0]}")
    fills = await fills_of(group, whose)
    return [
        await ask(walker, method, path)
        for method, route in routes(whose.node)
        if route.startswith(API) is api
        for path in filled(route, fills)
    ]


def leaks(told: Iterable[Told], words: Mapping[str, bytes]) -> list[str]:
    """Each answer that tells one of these words, with the words."""
    return [
        f"{one.method} {one.path} answered {one.status} with {found}"
        for one in told
        if (found := one.leaks(words))
    ]


def with_headers(headers: Mapping[str, str], *, only: Collection[str] = ()) -> Ask:
    """Ask with these headers by these methods, or by all of them."""

    async def ask(walker: Walker, method: str, path: str) -> Told:
        # Whoever accepts an invitation is no outsider any more.
        if (only and method not in only) or path.endswith("/accept"):
            return Told(method, path, 0, b"")
        body = BODY if method not in {"GET", "DELETE"} else None
        return await walker.ask(method, path, {**headers, **ALL_EVENTS}, body)

    return ask


def signed_by(signer: Signer) -> Ask:
    """Ask for documents as another server does, and for every way to page through them."""

    async def ask(walker: Walker, method: str, path: str) -> Told:
        answer = b""
        queries = (*QUERIES, "?state=0") if "/log/" in path else QUERIES
        for query in queries if method == "GET" else ():
            one = signer.request("GET", f"{walker.node.base_url}{path}{query}", None)
            answer += (await walker.ask("GET", f"{path}{query}", one.headers)).answer
        return Told(method, path, 0, answer)

    return ask


async def test_nobody_without_a_name_is_told_a_word(network: Network, http: aiohttp.ClientSession):
    async with secret(network) as group:
        for accept, whose, api in product(
            ("application/activity+json", "text/html"), (group.al, group.falco), (False, True)
        ):
            told = await walk(group, whose, http, with_headers({"Accept": accept}), api=api)
            assert leaks(told, group.words) == []
            assert len(told) > 50


async def test_other_servers_are_told_what_their_people_may_know(
    network: Network, http: aiohttp.ClientSession
):
    async with secret(network) as group:
        eve = network.nodes[ELSEWHERE].person("eve")
        gus = network.nodes[OTHER_GROUP].person("gus")
        await together(network, group.al, gus)
        names = set(group.names)
        outsiders = ((eve, NOTHING), (gus, NOTHING), (group.rex, TITLE), (group.ivy, names))
        for outsider, may_know in outsiders:
            ask = signed_by(await network.signer(outsider))
            for whose in (group.al, group.falco):
                told = await walk(group, whose, http, ask, api=False)
                assert leaks(told, group.words_but(may_know)) == [], outsider.name


async def test_people_are_told_by_their_node_what_they_may_know(
    network: Network, http: aiohttp.ClientSession
):
    async with secret(network) as group:
        lou, lee = network.nodes[HOME].person("lou"), network.nodes[AWAY].person("lee")
        await together(network, lou, network.nodes[HOME].person("may"))
        early, names = {*group.early, "falco", *TITLE}, set(group.names)
        for outsider, whose, may_know in (
            (lou, group.al, NOTHING),
            (lee, group.falco, NOTHING),
            (group.ray, group.al, early),
            (group.rex, group.rex, early),
            (group.ina, group.al, names),
            (group.ivy, group.ivy, names),
        ):
            await outsider.arrive()
            ask = with_headers({"Authorization": f"Bearer {outsider.token}"})
            told = await walk(group, whose, http, ask, api=True)
            assert leaks(told, group.words_but(may_know)) == [], outsider.name


async def test_members_find_every_word_on_the_same_walk(
    network: Network, http: aiohttp.ClientSession
):
    async with secret(network) as group:
        kept = {what for what in group.words if what.startswith(("look at", "after the edit"))}
        signed = signed_by(await network.signer(group.falco))
        served = await walk(group, group.al, http, signed, api=False)
        ask = with_headers({"Authorization": f"Bearer {group.al.token}"}, only=("GET",))
        shown = await walk(group, group.al, http, ask, api=True)

    assert kept | {"title", "lanner"} <= found_in(served, group)
    addresses = {"address of kestrel by al", "address of hobby by al"}
    assert kept | addresses | set(group.names) <= found_in(shown, group)
    assert any(what.startswith("before the edit") for what in found_in(shown, group))
    searched = [one for one in shown if one.path.startswith(f"{API}/search?")]
    assert kept | {"title"} <= found_in(searched, group)


def found_in(told: Iterable[Told], group: SecretGroup) -> set[str]:
    return {what for one in told for what in one.leaks(group.words)}


async def test_a_token_opens_only_what_its_scope_names(
    network: Network, http: aiohttp.ClientSession
):
    async with secret(network) as group:
        for scope, methods in (("write", ("GET",)), ("read", ("POST", "PUT", "PATCH", "DELETE"))):
            headers = {"Authorization": f"Bearer {await token(group.al, scope)}"}
            told = await walk(group, group.al, http, with_headers(headers, only=methods), api=True)
            assert leaks(told, group.words) == []
            opened = {one.path for one in told if one.status not in {0, 403}}
            assert opened <= {f"{API}/people/resolve", f"{API}/openapi.json"}


async def token(person: Person, scope: str) -> str:
    """A bearer token that may do one thing."""
    node = person.node
    assert isinstance(node, LiveNode)
    parts = node.node.parts
    making = create_token(
        person.name, frozenset({scope}), entropy=parts.entropy, now=node.clock.now()
    )
    return await node.inside(making)
