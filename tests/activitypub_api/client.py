"""Somebody who uses a node by an ActivityPub client."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from node.identity.bearer import create_token
from tests.support.live_node import LiveNode
from tests.support.person import Person

ACTIVITY = "application/activity+json"


@dataclass(frozen=True, slots=True)
class Told:
    """What was answered."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Client:
    """A client with a token of its person's; `api` is the same person in our own API."""

    node: LiveNode
    api: Person
    token: str

    @property
    def uri(self) -> str:
        """The actor."""
        return f"https://{self.node.name}/u/{self.api.name}"

    async def get(self, path: str) -> Told:
        return await self.ask("GET", path)

    async def post(self, activity: object) -> Told:
        """Post to the person's own outbox."""
        return await self.ask("POST", f"/u/{self.api.name}/outbox", json=activity)

    async def done(self, **activity: object) -> dict[str, Any]:
        """Post what is taken; the activity that it became."""
        told = await self.post(activity)
        assert told.status == 201, told.body
        assert told.headers["Location"] == told.body["id"]
        return dict(told.body)

    async def items(self, name: str) -> list[Any]:
        """What is on the first page of a list of theirs."""
        told = await self.get(f"/u/{self.api.name}/{name}?page=true")
        assert told.status == 200, told.body
        return list(told.body["orderedItems"])

    async def ask(self, method: str, path: str, *, kind: str = ACTIVITY, **sent: object) -> Told:
        """Any request."""
        assert self.node._http is not None
        headers = {"Accept": ACTIVITY}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if "json" in sent:
            headers["Content-Type"] = kind
        async with self.node._http.request(
            method, path, headers=headers, allow_redirects=False, **sent
        ) as answer:
            body = await (
                answer.json(content_type=None) if answer.content_length else answer.text()
            )
            return Told(answer.status, body, answer.headers)

    async def with_scopes(self, *scopes: str) -> "Client":
        """The same person with a token that may do less."""
        parts, now = self.node.node.parts, self.node.clock.now()
        made = create_token(self.api.name, frozenset(scopes), entropy=parts.entropy, now=now)
        return Client(self.node, self.api, await self.node.inside(made))


async def client_of(node: LiveNode, name: str) -> Client:
    """A client of somebody there."""
    person = node.person(name)
    await person.arrive()
    return Client(node, person, person.token)
