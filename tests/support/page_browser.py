"""What a browser does with forms, so that a test can leave out each part of it."""

import re
from datetime import UTC, datetime

from aiohttp import ClientResponse, FormData, web
from aiohttp.test_utils import TestClient
from yarl import URL

HOST = "alpha.test"
BASE_URL = f"https://{HOST}"
NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
SEE_OTHER = 303
PASSWORD = "a quiet long password"

Fields = dict[str, str]


class Browser:
    """Asks the pages as a browser on this node's host would."""

    def __init__(self, client: TestClient[web.Request, web.Application]) -> None:
        self.client = client
        self.now = NOW
        self.cookies: dict[str, str] = {}

    def but_signed_out(self) -> "Browser":
        """The same browser, which has lost its session."""
        other = Browser(self.client)
        other.now = self.now
        other.cookies = {k: v for k, v in self.cookies.items() if k != "__Host-covey"}
        return other

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        answer = await self._ask("GET", path, headers, None)
        return answer.status, await answer.text()

    async def headers(self, path: str, **headers: str) -> tuple[int, dict[str, str]]:
        answer = await self._ask("GET", path, headers, None)
        return answer.status, dict(answer.headers)

    async def post(
        self, path: str, fields: Fields | FormData, **headers: str
    ) -> tuple[int, str, dict[str, str]]:
        sent = {"Origin": BASE_URL} | headers
        answer = await self._ask("POST", path, {k: v for k, v in sent.items() if v}, fields)
        return answer.status, await answer.text(), dict(answer.headers)

    async def send(self, path: str, fields: Fields | FormData) -> tuple[int, str]:
        """Send a form, and go where it leads, as browsers do of themselves."""
        status, page, headers = await self.post(path, fields)
        return await self.get(headers["Location"]) if status == SEE_OTHER else (status, page)

    async def fill_in(self, path: str, **fields: str) -> tuple[int, str, dict[str, str]]:
        """Open a form, and send it with these fields."""
        _, page = await self.get(path)
        return await self.post(path, {"csrf": token_in(page)} | fields)

    async def _ask(
        self, method: str, path: str, headers: dict[str, str], fields: Fields | FormData | None
    ) -> ClientResponse:
        named = {"Host": HOST, "Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        sent = {k: v for k, v in (named | headers).items() if v}
        answer = await self.client.request(
            method, URL(path, encoded=True), headers=sent, data=fields, allow_redirects=False
        )
        for name, morsel in answer.cookies.items():
            self.cookies[name] = morsel.value
        return answer


def token_in(page: str) -> str:
    """The token of a page's form."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found
    return found[1]
