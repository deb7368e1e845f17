"""alice at her browser, with others of her node acting by its API."""

from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page

from tests.e2e.journeys import Complaints
from tests.support.process_node import ProcessNode

BASE = "/api/covey/v1"


@dataclass(frozen=True, slots=True)
class Desk:
    """One signed-in page on one node.

    Attributes:
        page: alice's, on a phone.
        complaints: What the page has complained about.
    """

    node: ProcessNode
    page: Page
    complaints: Complaints

    async def ask(self, name: str, method: str, path: str, json: object = None) -> dict[str, Any]:
        """What the API answers somebody of the node, who may ask for that."""
        headers = {"Authorization": f"Bearer {await self.node.token_for(name)}"}
        status, answer = await self.node.call(method, BASE + path, headers=headers, json=json)
        assert status < 400, answer
        return dict(answer)

    async def group_of_bob(self, title: str) -> str:
        """The id of a group that bob has made and alice has joined."""
        draft = {"kind": "group", "title": title, "members": [f"alice@{self.node.name}"]}
        made = await self.ask("bob", "POST", "/conversations", draft)
        await self.ask("alice", "POST", f"/conversations/{made['id']}/accept")
        return str(made["id"])

    async def say(self, name: str, conversation: str, text: str) -> None:
        await self.ask(name, "POST", f"/conversations/{conversation}/messages", {"text": text})

    async def unread(self, name: str, conversation: str) -> int:
        return int((await self.ask(name, "GET", f"/conversations/{conversation}"))["unread"])

    async def open(self, path: str) -> None:
        await self.page.goto(f"https://{self.node.name}{path}")
