"""An app that asks Otto for access, at the node in its own process."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.hostile.browser import FORM, Browser
from tests.hostile.trial import Trial
from tests.hostile.wire import Answer, plain
from tests.support.person import API

BACK = "https://client.test/back"
HERE = "http://127.0.0.1/back"
OOB = "urn:ietf:wg:oauth:2.0:oob"
VERIFIER = "a-verifier-of-43-characters.and~some_more-1"
CHALLENGE = (
    base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
)
PKCE = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
# What setting the scene and an honest app leave behind.
TABLES = ("app", "consent", "token", "session", "known_device", "account")


@dataclass(frozen=True, slots=True)
class ClientApp:
    """An app that is registered; `secret` is "" for one that has none."""

    trial: Trial
    client_id: str
    secret: str
    redirect_uri: str

    async def ask(self, browser: Browser, **question: str) -> Answer:
        """Open the page that asks a person."""
        base = {"response_type": "code", "client_id": self.client_id, "scope": "read"}
        asked = {**base, "redirect_uri": self.redirect_uri, **question}
        return await browser.get(f"/oauth/authorize?{urlencode(asked)}")

    async def code(self, browser: Browser, **question: str) -> str:
        """A code, for which Otto has said yes."""
        page = await self.ask(browser, **question)
        assert page.status == 200, page.body
        found = re.findall(rb'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.body)
        fields = {name.decode(): unescape(value.decode()) for name, value in found}
        answer = await browser.send_form("/oauth/authorize", fields | {"answer": "allow"})
        assert answer.status == 302, answer.body
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def redeems(self, code: str, **more: str) -> bytes:
        """The form with which it brings a code; what is "" is left out."""
        fields = {
            "grant_type": "authorization_code",
            "client_id": self.client_id,
            "client_secret": self.secret,
            "redirect_uri": self.redirect_uri,
            "code": code,
            **more,
        }
        return urlencode({name: one for name, one in fields.items() if one}).encode()

    async def token(self, code: str, **more: str) -> str:
        """The token for a code."""
        answer = await post(self.trial, "/oauth/token", self.redeems(code, **more))
        assert answer.status == 200, answer.body
        return str(answer.document["access_token"])


async def post(trial: Trial, path: str, body: bytes, kind: str = FORM) -> Answer:
    """What the scene needs; it is no part of what is judged."""
    request = plain("POST", path, {"Content-Type": kind}, body)
    return await trial.stage.send(request, source=trial.source)


async def confidential(trial: Trial, redirect_uri: str = BACK) -> ClientApp:
    """An app with a secret, as Mastodon's clients are."""
    fields = {"client_name": "Tea", "redirect_uris": redirect_uri, "scopes": "read write"}
    made = (await post(trial, "/api/v1/apps", urlencode(fields).encode())).document
    return ClientApp(trial, made["client_id"], made["client_secret"], redirect_uri)


async def public(trial: Trial) -> ClientApp:
    """An app without a secret, on a desk."""
    metadata: Mapping[str, Any] = {
        "client_name": "Desk",
        "redirect_uris": [HERE],
        "token_endpoint_auth_method": "none",
    }
    body = json.dumps(metadata).encode()
    made = (await post(trial, "/oauth/register", body, "application/json")).document
    return ClientApp(trial, made["client_id"], "", HERE)


async def status_of(trial: Trial, token: str) -> int:
    """What a token is answered that reads who it is."""
    headers = {"Authorization": f"Bearer {token}"}
    return (await trial.stage.send(plain("GET", f"{API}/me", headers))).status


async def in_otto_s_browser(trial: Trial) -> Browser:
    """A browser in which Otto is signed in."""
    browser = Browser(trial.stage, trial.source)
    assert (await browser.sign_in("otto")).status == 303
    return browser
