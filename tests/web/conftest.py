"""The pages alone, over a real database."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient, TestServer

from node.config.registration import RegistrationConfig
from node.entropy import Entropy
from node.http.application import polite_application
from node.http.routes import register, unguarded
from node.identity.owner_link import create_owner_link
from node.identity.passwords import Checked, Passwords
from node.web.errors import error_page
from node.web.routes import web_endpoints
from node.web.static_files import load_files
from storage import database
from tests.support.mold import copy_empty, url_of
from tests.support.page_browser import BASE_URL, HOST, NOW, PASSWORD, Browser
from tests.support.page_site import page_context


class BusyPasswords(Passwords):
    """Compares as always; while it does, what a test chooses happens to the account."""

    def __init__(self) -> None:
        super().__init__()
        self.meanwhile: Callable[[], Awaitable[object]] | None = None

    async def check(self, password: str, stored: str | None) -> Checked:
        checked = await super().check(password, stored)
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            await happens()
        return checked


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with every table, made once and copied for each test."""
    return copy_empty(tmp_path_factory.mktemp("template") / "covey.sqlite3")


@pytest.fixture
def passwords() -> BusyPasswords:
    """What the node of the browser compares passwords with."""
    return BusyPasswords()


@pytest.fixture
def registration() -> RegistrationConfig:
    """Who may come without an invitation: nobody."""
    return RegistrationConfig()


@pytest_asyncio.fixture
async def browser(
    template: Path, tmp_path: Path, passwords: BusyPasswords, registration: RegistrationConfig
) -> AsyncIterator[Browser]:
    holder: list[Browser] = []
    static = load_files()
    context = page_context(lambda: holder[0].now, static, passwords, registration)
    app = polite_application(
        hosts={HOST},
        new_id=context.entropy.new_id,
        is_https=False,
        draw=partial(error_page, render=context.render),
    )
    register(app, web_endpoints(context, static), unguarded)
    file = shutil.copy(template, tmp_path / "covey.sqlite3")
    async with (
        database.opened(url_of(file)),
        TestClient(TestServer(app), cookie_jar=DummyCookieJar()) as client,
    ):
        holder.append(Browser(client))
        yield holder[0]


@pytest_asyncio.fixture
async def setup_path(browser: Browser) -> str:
    """The path of a fresh one-time link."""
    link = await create_owner_link(BASE_URL, entropy=Entropy(lambda: NOW), now=NOW)
    return link.removeprefix(BASE_URL)


@pytest_asyncio.fixture
async def owner(browser: Browser, setup_path: str) -> str:
    """The account "alice", in a browser that forgot that it is signed in."""
    status, _, _ = await browser.fill_in(
        setup_path, name="alice", password=PASSWORD, again=PASSWORD
    )
    assert status == 303
    browser.cookies.clear()
    browser.now += timedelta(seconds=1)
    return "alice"
