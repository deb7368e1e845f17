"""Nobody reaches a guarded handler without a token or a session of our own pages."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from node.entropy import Entropy
from node.http.routes import Endpoint, Scope, register
from node.identity.bearer import create_token
from node.identity.caller import CALLER
from node.identity.fingerprint import fingerprint
from node.identity.guard import ApiGuard
from node.identity.sessions import IDLE_MAX, Opened, Whence, open_session
from storage import sessions, tokens
from storage.database import Database, run

BASE = "http://localhost:8420"
Client = TestClient[web.Request, web.Application]


async def who(request: web.Request) -> web.Response:
    return web.Response(text=request[CALLER].account)


async def anyone(request: web.Request) -> web.Response:
    return web.Response(text="hello" if CALLER not in request else "known")


@pytest_asyncio.fixture
async def client(database: Database, now: datetime) -> AsyncIterator[Client]:
    app = web.Application()
    endpoints = (
        Endpoint("GET", "/read", who, Scope.READ),
        Endpoint("POST", "/write", who, Scope.WRITE),
        Endpoint("GET", "/open", anyone, Scope.ANYONE),
    )
    register(app, endpoints, ApiGuard(BASE, lambda: now))
    async with TestClient(TestServer(app)) as opened:
        yield opened


@pytest_asyncio.fixture
async def session(database: Database, entropy: Entropy, now: datetime) -> Opened:
    return await open_session("al", Whence("Browser", "192.0.2.1"), entropy=entropy, now=now)


async def token(scope: str, entropy: Entropy, now: datetime) -> dict[str, str]:
    text = await create_token("al", frozenset(scope.split()), entropy=entropy, now=now)
    return {"Authorization": f"Bearer {text}"}


def by_session(session: Opened, **headers: str) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"Cookie": f"covey={session.cookie}", **named}


async def test_a_token_with_the_scope_gets_in(
    client: Client, entropy: Entropy, now: datetime
) -> None:
    headers = await token("read write", entropy, now)

    async with client.get("/read", headers=headers) as answer:
        assert (answer.status, await answer.text()) == (200, "al")
    async with client.post("/write", headers=headers) as answer:
        assert answer.status == 200


async def test_a_token_without_the_scope_is_refused(
    client: Client, entropy: Entropy, now: datetime
) -> None:
    async with client.post("/write", headers=await token("read", entropy, now)) as answer:
        assert answer.status == 403
        assert (await answer.json())["type"].endswith("#forbidden")


@pytest.mark.parametrize(
    "value", ["Bearer wrong", "Bearer ", "Basic YWw6eA==", "bearer", "", "Bearer a b"]
)
async def test_a_wrong_authorization_is_nobody_even_beside_a_session(
    client: Client, session: Opened, value: str
) -> None:
    headers = by_session(session, Authorization=value)

    async with client.get("/read", headers=headers) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_who_is_nobody_is_told_how_to_say_who(client: Client) -> None:
    async with client.get("/read") as answer:
        assert answer.status == 401
        assert answer.content_type == "application/problem+json"


async def test_what_is_open_asks_nobody(client: Client) -> None:
    async with client.get("/open") as answer:
        assert (answer.status, await answer.text()) == (200, "hello")


async def test_a_session_reads_and_with_its_csrf_token_writes(
    client: Client, session: Opened
) -> None:
    async with client.get("/read", headers=by_session(session)) as answer:
        assert (answer.status, await answer.text()) == (200, "al")
    headers = by_session(session, Origin=BASE, X_CSRF_Token=session.csrf)
    async with client.post("/write", headers=headers) as answer:
        assert (answer.status, await answer.text()) == (200, "al")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": BASE},
        {"Origin": BASE, "X_CSRF_Token": "wrong"},
        {"Origin": BASE, "X_CSRF_Token": ""},
        {"X_CSRF_Token": "right"},
        {"Origin": "https://evil.test", "X_CSRF_Token": "right"},
        {"Origin": "null", "X_CSRF_Token": "right"},
        {"Origin": BASE + "0", "X_CSRF_Token": "right"},
    ],
)
async def test_a_session_does_not_write_for_another_site(
    client: Client, session: Opened, headers: dict[str, str]
) -> None:
    sent = {key: session.csrf if value == "right" else value for key, value in headers.items()}

    async with client.post("/write", headers=by_session(session, **sent)) as answer:
        assert answer.status == 403


async def test_a_suspended_account_is_nobody(
    client: Client, session: Opened, entropy: Entropy, now: datetime
) -> None:
    headers = await token("read", entropy, now)
    await run("UPDATE account SET state = 'suspended' WHERE name = 'al'")

    for sent in (headers, by_session(session)):
        async with client.get("/read", headers=sent) as answer:
            assert answer.status == 401


async def test_only_hashes_are_stored(session: Opened, entropy: Entropy, now: datetime) -> None:
    text = (await token("read", entropy, now))["Authorization"].removeprefix("Bearer ")

    assert await tokens.find_token(text, now) is None
    assert await tokens.find_token(fingerprint(text), now) is not None
    assert await sessions.find_session(session.cookie, now) is None
    assert await sessions.find_session(fingerprint(session.cookie), now) is not None


async def test_a_session_in_use_is_made_to_last(
    database: Database, entropy: Entropy, now: datetime
) -> None:
    old = now - IDLE_MAX + timedelta(minutes=1)
    session = await open_session("al", Whence("Browser", "192.0.2.1"), entropy=entropy, now=old)
    app = web.Application()
    register(app, (Endpoint("GET", "/read", who, Scope.READ),), ApiGuard(BASE, lambda: now))

    async with (
        TestClient(TestServer(app)) as client,
        client.get("/read", headers=by_session(session)) as answer,
    ):
        assert answer.status == 200

    later = now + timedelta(days=80)
    assert await sessions.find_session(fingerprint(session.cookie), later) is not None
