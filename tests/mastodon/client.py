"""Somebody who uses a node by a client of Mastodon's API."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import FormData

from node.identity.bearer import create_token
from tests.support.live_node import LiveNode
from tests.support.person import Person


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def error(self) -> str:
        """What it says is wrong."""
        return str(self.body["error"])


@dataclass(frozen=True, slots=True)
class Client:
    """A client with a token of its person's; `api` is the same person in our own API."""

    node: LiveNode
    api: Person
    token: str

    async def get(self, path: str, **query: str) -> Told:
        return await self.ask("GET", path, params=query)

    async def post(self, path: str, *, key: str = "", **said: object) -> Told:
        """Post JSON."""
        headers = {"Idempotency-Key": key} if key else {}
        return await self.ask("POST", path, headers=headers, json=said)

    async def form(self, method: str, path: str, pairs: Sequence[tuple[str, str]]) -> Told:
        """Send a form."""
        return await self.ask(method, path, data=FormData(pairs))

    async def ask(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **sent: object,
    ) -> Told:
        """Any request."""
        assert self.node._http is not None
        whole = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with self.node._http.request(
            method, path, **{**sent, "headers": {**whole, **(headers or {})}}
        ) as answer:
            is_json = answer.content_type == "application/json"
            body = await (answer.json() if is_json else answer.text())
            return Told(answer.status, body, answer.headers)

    async def with_scopes(self, *scopes: str) -> "Client":
        """The same person with a token that may do less."""
        parts = self.node.node.parts
        token = await self.node.inside(
            create_token(
                self.api.name,
                frozenset(scopes),
                entropy=parts.entropy,
                now=self.node.clock.now(),
            )
        )
        return Client(self.node, self.api, token)


async def client_of(node: LiveNode, name: str) -> Client:
    """A client of somebody there."""
    person = node.person(name)
    await person.arrive()
    return Client(node, person, person.token)
