"""The OAuth server and the pages of a node, over a real database."""

import shutil
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import DummyCookieJar, web
from aiohttp.test_utils import TestClient, TestServer

from node.entropy import Entropy
from node.http.application import polite_application
from node.http.routes import Endpoint, Scope, register, unguarded
from node.identity.attempts import Attempts
from node.identity.caller import CALLER, Caller
from node.identity.guard import ApiGuard
from node.identity.passwords import Passwords
from node.identity.sessions import Opened, Whence, open_session
from node.oauth.context import OAuthContext, Pages
from node.oauth.documents import READ_MAX
from node.oauth.registering import REGISTERED_MAX
from node.oauth.routes import oauth_endpoints
from node.web.errors import error_page
from node.web.return_path import sign_in_anew_for
from node.web.routes import web_endpoints
from node.web.signed_in import read_own_form, require_caller
from node.web.static_files import load_files
from storage import database
from tests.oauth.app import Node
from tests.support.mold import copy_empty, url_of
from tests.support.page_browser import BASE_URL, HOST, NOW, Browser
from tests.support.page_site import add_account, page_context


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table, made once and copied for each test."""
    return copy_empty(tmp_path_factory.mktemp("template") / "covey.sqlite3")


async def who(request: web.Request) -> web.Response:
    return web.json_response({"account": request[CALLER].account})


API = (
    Endpoint("GET", "/api/covey/v1/reading", who, Scope.READ),
    Endpoint("POST", "/api/covey/v1/writing", who, Scope.WRITE),
)


@pytest_asyncio.fixture
async def node(template: Path, tmp_path: Path) -> AsyncIterator[Node]:
    """A node with alice and bob, which has a way for documents of apps but nowhere to get them."""
    made: list[Node] = []
    documents: dict[str, Any] = {}
    static, now = load_files(), lambda: made[0].browser.now
    pages = page_context(now, static, Passwords())

    async def person(request: web.Request, path: str) -> Caller:
        return await require_caller(request, pages, path)

    async def form(request: web.Request, path: str) -> tuple[Caller, Mapping[str, str]]:
        return await read_own_form(request, pages, path)

    async def read(url: str) -> Mapping[str, Any] | None:
        made[0].asked.append(url)
        return documents.get(url)

    context = OAuthContext(
        base_url=BASE_URL,
        now=now,
        entropy=pages.entropy,
        pages=Pages(
            render=pages.render,
            require_caller=person,
            read_form=form,
            sign_in_anew=lambda path: web.HTTPSeeOther(sign_in_anew_for(path)),
        ),
        registering=Attempts(REGISTERED_MAX),
        reading=Attempts(READ_MAX),
        read_document=read,
    )
    app = polite_application(
        hosts={HOST},
        new_id=pages.entropy.new_id,
        is_https=True,
        draw=partial(error_page, render=pages.render),
    )
    register(app, API, ApiGuard(BASE_URL, now))
    register(app, oauth_endpoints(context), unguarded)
    register(app, web_endpoints(pages, static), unguarded)
    file = shutil.copy(template, tmp_path / "covey.sqlite3")
    async with (
        database.opened(url_of(file)),
        TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client,
    ):
        made.append(Node(client, Browser(client), documents))
        for name in ("alice", "bob"):
            await add_account(name, "!")
        made[0].browser = await signed_in(made[0], "alice")
        yield made[0]


async def signed_in(node: Node, name: str) -> Browser:
    """A browser in which somebody is signed in."""
    browser = Browser(node.client)
    opened: Opened = await open_session(
        name, Whence("test", ""), entropy=Entropy(lambda: NOW), now=NOW
    )
    browser.cookies["__Host-covey"] = opened.cookie
    browser.now = NOW + timedelta(seconds=1)
    return browser
