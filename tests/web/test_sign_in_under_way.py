"""A sign-in that is under way opens nothing that was closed while it was."""

from collections.abc import Awaitable, Callable

import pytest

from federation.commands.deeds import MACHINE
from node.entropy import Entropy
from node.identity.ending import end_all, reset_password, set_password
from node.identity.passkeys import Answer, Passkeys, ProvenPasskey
from node.identity.sessions import Opened, Whence
from node.identity.sign_in import Lacking, complete_sign_in
from storage import accounts, passkeys, second_factors
from storage.database import fetch
from tests.support.authenticator import STEP, Authenticator, begin, turn_on
from tests.support.page_browser import BASE_URL, NOW, PASSWORD, Browser
from tests.support.passkey_device import Device, add
from tests.web.conftest import BusyPasswords

ENTROPY = Entropy(lambda: NOW)
Happening = Callable[[], Awaitable[None]]


async def nothing() -> None:
    """Somebody signs in, and nobody minds."""


async def another_password() -> None:
    await set_password("alice", "another hash")


async def suspended() -> None:
    await accounts.set_state("alice", accounts.SUSPENDED)
    await end_all("alice")


async def deleted() -> None:
    await accounts.set_state("alice", accounts.DELETED)
    await end_all("alice")


async def second_factor() -> None:
    await second_factors.turn_on("alice", [])
    await end_all("alice")


async def reset() -> None:
    await reset_password("alice", "another hash", NOW, MACHINE)


async def removed() -> None:
    await passkeys.remove_all("alice")


async def used_elsewhere() -> None:
    (row,) = await fetch("SELECT id FROM passkey")
    assert await passkeys.use(row["id"], "alice", count=1, at=NOW)


async def opened() -> list[str]:
    """What lets a browser in, or lets it try more often than a stranger."""
    sessions = await fetch("SELECT account FROM session")
    devices = await fetch("SELECT account FROM known_device")
    return [row["account"] for row in [*sessions, *devices]]


@pytest.fixture
async def closed(owner: str) -> None:
    """Nobody is signed in, and no browser is known."""
    await end_all(owner)


@pytest.fixture
async def phone(browser: Browser, owner: str) -> Authenticator:
    """The authenticator that alice's account asks for; nobody is signed in."""
    here = Browser(browser.client)
    await here.fill_in("/sign-in", name=owner, password=PASSWORD)
    authenticator = await begin(here)
    await turn_on(here, authenticator)
    await end_all(owner)
    browser.now += STEP
    return authenticator


@pytest.fixture
async def proven(browser: Browser, owner: str) -> ProvenPasskey:
    """Alice has used a passkey, in a browser that is about to be let in; nobody is signed in."""
    here, device = Browser(browser.client), Device()
    await here.fill_in("/sign-in", name=owner, password=PASSWORD)
    await add(here, device)
    await end_all(owner)
    site = Passkeys(BASE_URL, "Covey", ENTROPY)
    options = await site.begin_entering(browser="here", now=NOW)
    answer = Answer("here", options["challenge"], device.use(options))
    found = await site.prove(answer, NOW)
    assert isinstance(found, ProvenPasskey)
    return found


async def let_in(proven: ProvenPasskey) -> Opened | Lacking:
    return await complete_sign_in(
        proven, Whence("", ""), device="token", with_code=False, entropy=ENTROPY, now=NOW
    )


@pytest.mark.parametrize("happens", [suspended, deleted, reset, removed, used_elsewhere])
async def test_a_passkey_opens_nothing_that_was_closed_after_it_was_used(
    proven: ProvenPasskey, happens: Happening
):
    await happens()

    assert await let_in(proven) is Lacking.FIT
    assert await opened() == []


async def test_a_passkey_opens_what_nobody_has_closed_and_once(proven: ProvenPasskey):
    assert isinstance(await let_in(proven), Opened)
    assert await opened() == ["alice", "alice"]

    assert await let_in(proven) is Lacking.FIT


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("happens", [another_password, suspended, deleted])
async def test_a_password_that_was_right_opens_nothing_that_is_closed(
    browser: Browser, passwords: BusyPasswords, happens: Happening
):
    passwords.meanwhile = happens

    status, page, _ = await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    assert status == 403
    assert "do not belong together" in page
    assert await opened() == []
    assert (await browser.get("/chat"))[0] == 303


@pytest.mark.usefixtures("closed")
async def test_a_password_alone_opens_nothing_that_asks_for_a_code_since(
    browser: Browser, passwords: BusyPasswords
):
    await second_factors.begin("alice", b"sealed", browser.now)
    passwords.meanwhile = second_factor

    status, _, headers = await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    assert (status, headers["Location"]) == (303, "/sign-in/code")
    assert await opened() == []


@pytest.mark.usefixtures("closed")
async def test_a_password_that_is_right_opens_what_nobody_has_closed(
    browser: Browser, passwords: BusyPasswords
):
    passwords.meanwhile = nothing

    status, _, _ = await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    assert status == 303
    assert await opened() == ["alice", "alice"]


@pytest.mark.parametrize("happens", [another_password, suspended, deleted])
async def test_a_code_opens_nothing_that_was_closed_after_the_password(
    browser: Browser, phone: Authenticator, happens: Happening
):
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)
    await happens()

    status, _, headers = await browser.fill_in("/sign-in/code", code=phone.code(browser.now))

    assert (status, headers["Location"]) == (303, "/sign-in")
    assert await opened() == []
    assert (await browser.get("/chat"))[0] == 303


async def test_a_code_opens_what_nobody_has_closed(browser: Browser, phone: Authenticator):
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)

    status, _, headers = await browser.fill_in("/sign-in/code", code=phone.code(browser.now))

    assert (status, headers["Location"]) == (303, "/chat")
    assert await opened() == ["alice", "alice"]
