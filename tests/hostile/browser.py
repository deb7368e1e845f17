"""Somebody's browser at the pages of the node: it keeps cookies and fills in forms."""

import re
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.hostile.cast import HOME
from tests.hostile.stage import PASSWORD, Stage
from tests.hostile.wire import Answer, plain

ORIGIN = f"https://{HOME}"
_TOKEN = re.compile(rb'name="csrf" value="([^"]+)"')
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class Browser:
    """One browser at one address."""

    stage: Stage
    source: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    async def get(self, path: str, **headers: str) -> Answer:
        """Open a page."""
        return await self.ask("GET", path, None, **headers)

    async def ask(self, method: str, path: str, body: bytes | None, **headers: str) -> Answer:
        """Any request with the cookies of this browser."""
        own = {"Accept": "text/html", **headers}
        if self.cookies:
            own["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        named = {name.replace("_", "-"): value for name, value in own.items()}
        answer = await self.stage.send(plain(method, path, named, body), source=self.source)
        for line in answer.cookies:
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer

    async def fill_in(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Open a form and send it."""
        return await self.fill_in_at(path, path, fields, **headers)

    async def fill_in_at(
        self, page_path: str, path: str, fields: dict[str, str], **headers: str
    ) -> Answer:
        """Open a page and send a form of it to another path."""
        page = await self.get(page_path)
        found = _TOKEN.search(page.body)
        token = found[1].decode() if found else ""
        return await self.send_form(path, fields | {"csrf": token}, **headers)

    async def send_form(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Send the fields of a form of ours."""
        body = urlencode(fields).encode()
        own = {"Origin": ORIGIN, "Content_Type": FORM, **headers}
        return await self.ask("POST", path, body, **own)

    async def token_of(self, path: str) -> str:
        """The token of the form on a page."""
        found = _TOKEN.search((await self.get(path)).body)
        return found[1].decode() if found else ""

    async def sign_in(self, name: str, password: str = "", **headers: str) -> Answer:
        """Send the form of the sign-in page."""
        fields = {"name": name, "password": password or f"{PASSWORD} {name}"}
        return await self.fill_in("/sign-in", fields, **headers)
