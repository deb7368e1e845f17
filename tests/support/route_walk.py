"""Every route of a node, asked with whatever may stand in its places.

A route that comes to be is walked too. If a new kind of place stands in it, somebody must say what
may stand there.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import quote

import aiohttp

from node.app import build_app
from node.roles import Role
from tests.support.live_node import LiveNode

PLACE = re.compile(r"\{(\w+)\}")
# As long as a stream is listened to once it has begun, since it never ends.
LISTEN_S = 0.3
# What is told only to who asks for it, by the end of the path: the name of it, and any values.
QUERIES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "search": {"q": ("a", "@"), "after": ("2020-01-01",), "has": ("file", "link")}
}


@dataclass(frozen=True, slots=True)
class Told:
    """A request, and all that came back: headers and body."""

    method: str
    path: str
    status: int
    answer: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    def leaks(self, words: Mapping[str, bytes]) -> list[str]:
        """Which of these words it tells, but for those that the asker named in the path."""
        known = self.path.encode()
        return [
            what
            for what, word in words.items()
            if word in self.answer and word.partition(b"@")[0] not in known
        ]


def routes(node: LiveNode) -> list[tuple[str, str]]:
    """Method and path of each route, as the router has them; HEAD is a GET without a body."""
    router = build_app(node.node.parts, Role.ALL).router
    found = {
        (route.method, route.resource.canonical if route.resource else "")
        for route in router.routes()
    }
    return sorted((method, path) for method, path in found if method != "HEAD")


def filled(path: str, fills: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The path with every value in every place, and what a query may ask of it.

    Raises:
        KeyError: Nobody has said what may stand in one of its places.
    """
    names = PLACE.findall(path)
    for values in product(*(fills[name] for name in names)):
        one = path
        for name, value in zip(names, values, strict=True):
            one = one.replace(f"{{{name}}}", quote(value, safe="@"))
        yield one
    for name, values in QUERIES.get(path.rpartition("/")[2], {}).items():
        yield from (f"{path}?{name}={quote(value)}" for value in (*values, *fills.get(name, ())))


@dataclass(slots=True)
class Walker:
    """Somebody who asks one node, and sends these headers with each request."""

    node: LiveNode
    http: aiohttp.ClientSession
    base_url: str

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], body: object = None
    ) -> Told:
        """One request."""
        own = {"Host": self.node.name, **headers}
        async with self.http.request(
            method, f"{self.base_url}{path}", headers=own, json=body, allow_redirects=False
        ) as answer:
            told = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
            is_stream = answer.content_type == "text/event-stream"
            read = await (_heard(answer) if is_stream else answer.read())
            whole = told.encode() + b"\n" + read
            return Told(method, path, answer.status, whole, answer.headers)


async def _heard(answer: aiohttp.ClientResponse) -> bytes:
    heard = b""
    while True:
        try:
            heard += await asyncio.wait_for(answer.content.readany(), LISTEN_S)
        except TimeoutError:
            return heard
