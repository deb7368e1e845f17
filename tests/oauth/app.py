"""An app that asks for access, and the browser of the person whom it asks."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web
from aiohttp.test_utils import TestClient

from tests.support.page_browser import HOST, Browser

BACK = "https://client.test/back"
NOTHING: Mapping[str, str] = {}
OOB = "urn:ietf:wg:oauth:2.0:oob"
VERIFIER = "v" * 43
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}


@dataclass(frozen=True, slots=True)
class Told:
    """What an app was answered."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(slots=True)
class Node:
    """A node from outside.

    Attributes:
        browser: That of alice, who is signed in.
        documents: What other servers say of their apps, by URL.
        asked: For which of these it has asked.
    """

    client: TestClient[web.Request, web.Application]
    browser: Browser
    documents: dict[str, Any]
    asked: list[str] = field(default_factory=list)

    async def call(
        self, method: str, path: str, *, headers: Mapping[str, str] = NOTHING, **sent: object
    ) -> Told:
        """A request of a program, which has no cookies."""
        async with self.client.request(
            method, path, headers={"Host": HOST, **headers}, allow_redirects=False, **sent
        ) as answer:
            is_json = answer.content_type == "application/json"
            body = await (answer.json() if is_json else answer.text())
            return Told(answer.status, body, answer.headers)

    async def post(
        self, path: str, headers: Mapping[str, str] | None = None, **fields: str
    ) -> Told:
        """A form."""
        return await self.call("POST", path, data=fields, headers=headers or {})

    async def register(self, **fields: str) -> Mapping[str, Any]:
        """A new app, as Mastodon's clients register."""
        asked = {"client_name": "Tea", "redirect_uris": BACK, "scopes": "read write", **fields}
        told = await self.post("/api/v1/apps", **asked)
        assert told.status == 200, told
        return told.body

    async def register_public(self, **more: object) -> Mapping[str, Any]:
        """A new app without a secret, by RFC 7591."""
        metadata = {
            "client_name": "Desk",
            "redirect_uris": ["http://127.0.0.1/back"],
            "token_endpoint_auth_method": "none",
            **more,
        }
        told = await self.call("POST", "/oauth/register", json=metadata)
        assert told.status == 201, told
        return told.body

    async def ask(self, browser: Browser | None = None, **question: str) -> tuple[int, str, dict]:
        """Open the page that asks a person."""
        path = f"/oauth/authorize?{urlencode(question)}"
        answer = await (browser or self.browser)._ask("GET", path, {}, None)
        return answer.status, await answer.text(), dict(answer.headers)

    async def answer(
        self, page: str, answer: str = "allow", browser: Browser | None = None, **more: str
    ) -> tuple[int, str, dict[str, str]]:
        """Send the form of that page."""
        names = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
        fields = {name: unescape(value) for name, value in names}
        sent = fields | {"answer": answer} | more
        return await (browser or self.browser).post("/oauth/authorize", sent)

    async def code(
        self, app: Mapping[str, Any], browser: Browser | None = None, **more: str
    ) -> str:
        """The code that an app gets when the person says yes."""
        redirect = more.pop("redirect_uri", BACK)
        question = {
            "response_type": "code",
            "client_id": app["client_id"],
            "redirect_uri": redirect,
            **more,
        }
        status, page, _ = await self.ask(browser, **question)
        assert status == 200, page
        status, page, headers = await self.answer(page, browser=browser)
        if redirect == OOB:
            found = re.search(r"<code>([^<]+)</code>", page)
            assert found, page
            return found[1]
        assert status == 302, page
        return parse_qs(urlsplit(headers["Location"]).query)["code"][0]

    async def redeem(self, app: Mapping[str, Any], brought: str, **more: str) -> Told:
        """Bring a code."""
        secret = {"client_secret": app["client_secret"]} if "client_secret" in app else {}
        fields = {
            "grant_type": "authorization_code",
            "client_id": app["client_id"],
            "redirect_uri": BACK,
            "code": brought,
            **secret,
            **more,
        }
        return await self.post("/oauth/token", **{k: v for k, v in fields.items() if v})

    async def token(self, app: Mapping[str, Any], **more: str) -> str:
        """A token of alice."""
        told = await self.redeem(app, await self.code(app, **more))
        assert told.status == 200, told
        return str(told.body["access_token"])

    async def reads(self, token: str) -> int:
        """What a token is answered where it reads."""
        headers = {"Authorization": f"Bearer {token}"}
        return (await self.call("GET", "/api/covey/v1/reading", headers=headers)).status

    async def writes(self, token: str) -> int:
        """What a token is answered where it writes."""
        headers = {"Authorization": f"Bearer {token}"}
        return (await self.call("POST", "/api/covey/v1/writing", headers=headers)).status


def query_of(headers: Mapping[str, str]) -> dict[str, str]:
    """What an app is told at its address."""
    return {
        name: values[0] for name, values in parse_qs(urlsplit(headers["Location"]).query).items()
    }
