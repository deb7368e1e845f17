"""Whoever is not in a group overhears no word of it where it might be told by the way.

What is asked of a route is walked in test_outsider_walk.py. A further place is a function in
PLACES: it lets a group with everything in it come to be, and gives what came out where nobody of
the group is. There are no metrics and no push notifications; a route for them would be walked.
"""

import asyncio
import io
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import aiohttp
import pytest

from node.log import ConsoleLine, JsonLine, set_up
from tests.network.test_outsider_walk import (
    ELSEWHERE,
    NOTHING,
    TITLE,
    Ask,
    secret,
    signed_by,
    walk,
    with_headers,
)
from tests.support.kept_logging import kept_logging
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import API, Person
from tests.support.route_walk import Told, Walker
from tests.support.secret_group import (
    AWAY,
    HOME,
    INVITED_AT,
    REMOVED_AT,
    SecretGroup,
    make_secret_group,
)
from tests.support.signer import Signer

pytestmark = [pytest.mark.network, pytest.mark.walks]

# A log names people by their ids.
PEOPLE = frozenset({"falco", "lanner"})
PRIVATE = {"private", "no-store"}
NOT_MODIFIED = 304
WAIT_S = 10.0
LAST = "the last that anybody does"
TOO_LONG = 10_001
# How a request may be wrong, besides who sends it: method, what follows the path, headers, body.
SPOILED = (
    ("HEAD", "", {}, None),
    ("PROPFIND", "", {}, None),
    ("GET", "/", {}, None),
    ("GET", "/..", {}, None),
    ("GET", "?limit=-1&before=%00&after=x", {}, None),
    ("GET", "", {"Host": "elsewhere.test"}, None),
    ("GET", "", {"Range": "bytes=0-9", "If-Match": '"x"'}, None),
    ("POST", "", {"Content-Type": "application/json"}, b'{"text": '),
    ("PATCH", "", {"Content-Type": "text/plain"}, b"let me in"),
    ("PUT", "", {"Content-Encoding": "gzip"}, b"let me in"),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What came out somewhere.

    Attributes:
        where: For whoever reads that it was too much; what it names was known before.
        may_know: What of the group may be told there.
    """

    where: str
    told: bytes
    may_know: Collection[str] = NOTHING

    def too_much(self, group: SecretGroup) -> str:
        """What should not have been told there, "" if all is well."""
        named = self.where.encode()
        found = [
            what
            for what, word in group.words_but(self.may_know).items()
            if word in self.told and word.partition(b"@")[0] not in named
        ]
        return f"{self.where} told {found}" if found else ""


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


# ------------------------------------------------------------------------------- the log


class Lines(logging.Handler):
    """Every line of every logger at every level, in both forms that a log has."""

    def __init__(self) -> None:
        super().__init__(logging.NOTSET)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [JsonLine().format(record), ConsoleLine().format(record)]


@contextmanager
def everything_logged() -> Iterator[Lines]:
    """All that a node writes whose operator wants the most of it."""
    lines = Lines()
    with kept_logging():
        set_up("json", "debug", stream=io.StringIO())
        logging.getLogger().addHandler(lines)
        yield lines


async def log(network: Network, http: aiohttp.ClientSession) -> tuple[SecretGroup, list[Heard]]:
    """What the nodes write while the group is talked in, asked for, and refused things."""
    with everything_logged() as lines:
        async with secret(network) as group:
            await _are_refused(group)
            for whose, other in ((group.al, group.falco), (group.falco, group.al)):
                mine = with_headers(_bearer(whose), only=("GET",))
                signed = signed_by(await network.signer(other))
                for ask, api in ((mine, True), (signed, False), (with_headers({}), False)):
                    await walk(group, whose, http, ask, api=api)
    assert any('"message": "Request answered"' in line for line in lines.lines)
    return group, [Heard("the log", line.encode(), PEOPLE) for line in lines.lines]


async def _are_refused(group: SecretGroup) -> None:
    """Members send what the group has said in requests that are refused."""
    for person in (group.al, group.falco):
        path = f"/conversations/{(await person.see(group.room))['id']}"
        (mine, *_) = [one["id"] for one in await person.messages(group.room)]
        for text in (word.decode() for word in group.words.values() if word.isascii()):
            filler = "x" * TOO_LONG
            for method, where, body in (
                ("POST", f"{path}/messages", {"text": f"{text} {filler}"}),
                ("POST", f"{path}/messages", {"text": [text]}),
                ("POST", f"{path}/messages", {"text": "yes", "reply_to": text}),
                ("POST", f"{path}/messages", {"text": "yes", "media_ids": [text]}),
                ("PATCH", path, {"title": f"{text} {filler}"}),
                ("PATCH", f"/messages/{mine}", {"text": f"{text} {filler}"}),
                ("POST", "/conversations/join", {"link": text}),
                ("PATCH", "/me", {"receipts": text}),
            ):
                status, _ = await person.ask(method, where, body)
                assert 400 <= status < 500, (method, where, status)


# ------------------------------------------------------------------------------- streams


@dataclass(slots=True)
class Stream:
    """Somebody's open event stream, and all that came of it."""

    person: Person
    answer: aiohttp.ClientResponse
    heard: bytes = b""

    async def until(self, word: bytes) -> None:
        """Read until this was told."""
        async with asyncio.timeout(WAIT_S):
            while word not in self.heard:
                piece = await self.answer.content.readany()
                assert piece, f"the stream of {self.person.acct} ended"
                self.heard += piece


@asynccontextmanager
async def listening(person: Person, http: aiohttp.ClientSession) -> AsyncIterator[Stream]:
    await person.arrive()
    assert isinstance(person.node, LiveNode)
    url = f"http://127.0.0.1:{person.node.node.ports[0]}{API}/events"
    headers = {"Host": person.node.name, **_bearer(person)}
    async with http.get(url, headers=headers) as answer:
        stream = Stream(person, answer)
        await stream.until(b"id: ")
        yield stream


async def streams(network: Network, http: aiohttp.ClientSession) -> tuple[SecretGroup, list[Heard]]:
    """What others are told live while the group comes to be, is talked in and changes."""
    nodes = await network.start(HOME, AWAY, REMOVED_AT, INVITED_AT, ELSEWHERE)
    home, away, removed_at, invited_at, elsewhere = nodes
    strangers = (home.person("lou"), away.person("lee"), elsewhere.person("eve"))
    removed = (home.person("ray"), removed_at.person("rex"))
    invited = (home.person("ina"), invited_at.person("ivy"))
    member = home.person("al")
    async with AsyncExitStack() as stack:
        opened = [
            await stack.enter_async_context(listening(one, http))
            for one in (*strangers, *removed, *invited, member)
        ]
        group = await make_secret_group(network)
        await group.al.type_in(group.room)
        await network.settle()
        for stream in opened:
            await stream.person.start_conversation(LAST)
            await stream.until(LAST.encode())
    said = {what for what in group.words if what.startswith(("look at", "after the edit"))}
    assert all(group.words[what] in opened[-1].heard for what in said)
    early, names = frozenset({*group.early, "falco", *TITLE}), frozenset(group.names)
    known = {one.acct: early for one in removed} | {one.acct: names for one in invited}
    return group, [
        Heard(f"the stream of {one.person.acct}", one.heard, known.get(one.person.acct, NOTHING))
        for one in opened[:-1]
    ]


# ------------------------------------------------------------------------------- refusals


async def refusals(
    network: Network, http: aiohttp.ClientSession
) -> tuple[SecretGroup, list[Heard]]:
    """What is said, in a document or on a page, to who asks wrongly for something of the group."""
    heard: list[Heard] = []
    async with secret(network) as group:
        lou, lee = network.nodes[HOME].person("lou"), network.nodes[AWAY].person("lee")
        for stranger, whose in ((lou, group.al), (lee, group.falco)):
            await stranger.arrive()
            page = {"Accept": "text/html"}
            for headers, api in ((_bearer(stranger), True), ({}, True), (page, False), ({}, False)):
                told = await walk(group, whose, http, spoiled(headers), api=api)
                heard += [Heard(f"{one.path}, asked for wrongly,", one.answer) for one in told]
    return group, heard


def spoiled(headers: Mapping[str, str]) -> Ask:
    """Ask in every wrong way, whatever the route takes."""

    async def ask(walker: Walker, method: str, path: str) -> Told:
        answers = b""
        for wrong, more, further, body in SPOILED if method == "GET" else SPOILED[-3:]:
            own = {"Host": walker.node.name, **headers, **further}
            url = f"{walker.base_url}{path}{more}"
            async with walker.http.request(
                wrong, url, headers=own, data=body, allow_redirects=False
            ) as answer:
                if answer.content_type != "text/event-stream":
                    answers += str(answer.raw_headers).encode() + await answer.read()
        return Told(method, path, 0, answers)

    return ask


# ------------------------------------------------------------------------------- caches


async def caches(network: Network, http: aiohttp.ClientSession) -> tuple[SecretGroup, list[Heard]]:
    """What a cache that many share may keep of what members are told, or confirm to others.

    The address of a file is known to those alone who were given it, and so is what it opens.
    """
    heard: list[Heard] = []
    async with secret(network) as group:
        lou, lee = network.nodes[HOME].person("lou"), network.nodes[AWAY].person("lee")
        for whose, other, stranger in (
            (group.al, group.falco, lou),
            (group.falco, group.al, lee),
        ):
            await stranger.arrive()
            signer = await network.signer(other)
            mine = with_headers(_bearer(whose), only=("GET",))
            told = await walk(group, whose, http, mine, api=True)
            told += await walk(group, whose, http, signed_once(signer), api=False)
            told += await walk(group, whose, http, with_headers({}, only=("GET",)), api=False)
            telling = [one for one in told if one.leaks(group.words)]
            assert any(one.path.startswith(API) for one in telling)
            heard += [
                Heard(f"{one.method} {one.path}, which caches may share,", one.answer)
                for one in told
                if not PRIVATE & directives(one)
            ]
            tagged = [one for one in telling if "ETag" in one.headers and API in one.path]
            for one in tagged:
                ask = with_headers({**_bearer(stranger), "If-None-Match": one.headers["ETag"]})
                answer = await ask(_walker_at(whose, http), "GET", one.path)
                is_confirmed = answer.status == NOT_MODIFIED
                heard.append(Heard(f"304 of {one.path}", one.answer if is_confirmed else b""))
    return group, heard


def directives(told: Told) -> set[str]:
    """What an answer asks of caches."""
    return {one.strip() for one in told.headers.get("Cache-Control", "").lower().split(",")}


def signed_once(signer: Signer) -> Ask:
    """Ask for documents as another server does."""

    async def ask(walker: Walker, method: str, path: str) -> Told:
        if method != "GET":
            return Told(method, path, 0, b"", {"Cache-Control": "no-store"})
        one = signer.request("GET", f"{walker.node.base_url}{path}", None)
        return await walker.ask("GET", path, one.headers)

    return ask


def _bearer(person: Person) -> dict[str, str]:
    return {"Authorization": f"Bearer {person.token}"}


def _walker_at(person: Person, http: aiohttp.ClientSession) -> Walker:
    assert isinstance(person.node, LiveNode)
    return Walker(person.node, http, f"http://127.0.0.1:{person.node.node.ports[0]}")


# ------------------------------------------------------------------------------- all of them

Place = Callable[[Network, aiohttp.ClientSession], Awaitable[tuple[SecretGroup, list[Heard]]]]
PLACES: Mapping[str, Place] = {
    "log": log,
    "streams": streams,
    "refusals": refusals,
    "caches": caches,
}


@pytest.mark.parametrize("place", PLACES)
async def test_no_word_is_overheard(place: str, network: Network, http: aiohttp.ClientSession):
    group, heard = await PLACES[place](network, http)

    assert heard
    assert [found for one in heard if (found := one.too_much(group))] == []
