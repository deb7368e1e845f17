"""Somebody in a browser at the pages of a live node, signed in without a password."""

import html
import re
from dataclasses import dataclass
from typing import Any

from node.identity.sessions import Whence, cookie_name, open_session
from storage.database import run
from tests.support.live_node import LiveNode

# What stands on a line of its own.
BLOCK = re.compile(r"</?(?:br|d[dlt]|li|ul|p|h\d|div|section|option|label)\b[^>]*>")
HTML = "text/html,application/xhtml+xml"


@dataclass(frozen=True, slots=True)
class Page:
    """What came back."""

    status: int
    text: str
    headers: dict[str, str]

    @property
    def to(self) -> str:
        """Where it leads."""
        return self.headers.get("Location", "")

    def says(self, words: str) -> bool:
        """Whether these words stand on it, whatever marks them up."""
        return words in self.words

    @property
    def words(self) -> str:
        """What is read on it."""
        parted = re.sub(r"<[^>]+>", "", BLOCK.sub(" ", self.text))
        return " ".join(html.unescape(parted).split())


@dataclass(slots=True)
class Console:
    """Asks for pages as the browser of one person would."""

    node: LiveNode
    name: str
    cookie: str = ""
    csrf: str = ""
    language: str = "en"

    async def get(self, path: str) -> Page:
        return await self._ask("GET", path)

    async def post(self, path: str, **fields: str) -> Page:
        """Send a form with the token of the session."""
        return await self.post_raw(path, {"csrf": self.csrf, **fields})

    async def post_raw(self, path: str, fields: dict[str, str], **headers: str) -> Page:
        """Send a form just so."""
        given = {"Origin": self.node.base_url} | {
            k.replace("_", "-"): v for k, v in headers.items()
        }
        return await self._ask("POST", path, given, fields)

    async def deeds(self) -> list[tuple[str, str, str, str]]:
        """What the audit log says that this person has done: act, about, detail, face."""
        uri = f"{self.node.base_url}/u/{self.name}"
        rows = await self.node.rows("SELECT * FROM audit WHERE who = $1", uri)
        return [
            (row["act"], row["about"], row["detail"], row["face"])
            for row in sorted(rows, key=lambda row: row["n"])
        ]

    async def _ask(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        fields: dict[str, str] | None = None,
    ) -> Page:
        assert self.node._http is not None
        given: dict[str, Any] = {"Accept": HTML, "Accept-Language": self.language}
        if self.cookie:
            given["Cookie"] = self.cookie
        async with self.node._http.request(
            method, path, headers=given | (headers or {}), data=fields, allow_redirects=False
        ) as answer:
            return Page(answer.status, await answer.text(), dict(answer.headers))


async def at_console(node: LiveNode, name: str, role: str = "member") -> Console:
    """Somebody with this role, signed in; their account is made if it is not there."""
    await node.person(name).arrive()
    await node.inside(run("UPDATE account SET role = $2 WHERE name = $1", name, role))
    entropy, now = node.node.parts.entropy, node.clock.now()
    opened = await node.inside(open_session(name, Whence("test", ""), entropy=entropy, now=now))
    cookie = f"{cookie_name(node.base_url)}={opened.cookie}"
    return Console(node, name, cookie, opened.csrf)
