"""A passkey opens its account alone, for as long as its person wants it to."""

import json
import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from federation.commands.deeds import MACHINE
from node.identity.ending import end_all, reset_password
from storage import accounts
from storage.database import fetch
from tests.support.authenticator import begin, turn_on
from tests.support.page_browser import NOW, PASSWORD, Browser, Fields, token_in
from tests.support.page_site import add_account
from tests.support.passkey_device import (
    Device,
    add,
    ask,
    begin_adding,
    bring,
    sign_in,
    to_bytes,
)


async def by_password(browser: Browser) -> tuple[int, str]:
    status, _, headers = await browser.fill_in("/sign-in", name="alice", password=PASSWORD)
    return status, headers.get("Location", "")


@pytest.fixture
async def here(browser: Browser, owner: str) -> Browser:
    """A browser in which alice is signed in."""
    opened = Browser(browser.client)
    assert await by_password(opened) == (303, "/chat")
    return opened


@pytest.fixture
async def device(here: Browser) -> Device:
    """A device with a passkey of alice."""
    made = Device()
    await add(here, made)
    return made


async def act(browser: Browser, deed: str, passkey: str = "", **fields: str) -> tuple[int, str]:
    """Send one of the forms beside a passkey."""
    _, page = await browser.get("/settings")
    named = passkey or (await fetch("SELECT id FROM passkey"))[0]["id"]
    sent = Fields(csrf=token_in(page), passkey=named) | fields
    return await browser.send(f"/settings/passkeys/{deed}", sent)


async def test_a_passkey_opens_the_account_it_was_made_for(browser: Browser, device: Device):
    assert await sign_in(browser, device) == (303, "", "/chat")

    assert (await browser.get("/chat"))[0] == 200
    assert "alice@" in (await browser.get("/settings"))[1]


async def test_a_device_that_counts_nothing_and_signs_with_ed25519_will_do(
    browser: Browser, here: Browser
):
    device = Device(count=None)
    options = await begin_adding(here)
    made = device.make(options, key=Ed25519PrivateKey.generate())
    assert (await bring(here, options, made))[0] == 200

    assert [(await sign_in(Browser(browser.client), device))[0] for _ in range(2)] == [303, 303]


async def test_no_code_is_asked_for_beside_a_passkey(
    browser: Browser, here: Browser, device: Device
):
    await turn_on(here, await begin(here))
    assert await by_password(Browser(browser.client)) == (303, "/sign-in/code")

    assert await sign_in(browser, device) == (303, "", "/chat")


async def test_whoever_came_from_an_app_goes_back_to_its_question(browser: Browser, device: Device):
    asked = "/oauth/authorize?client_id=1&state=a%20b"

    assert (await sign_in(browser, device, next=asked))[2] == asked
    assert (await sign_in(browser, device, next="https://elsewhere.test/"))[2] == "/chat"


async def test_the_browser_is_known_from_there_on(browser: Browser, device: Device):
    await sign_in(browser, device)
    stranger = Browser(browser.client)
    for _ in range(11):
        await stranger.fill_in("/sign-in", name="alice", password="a guess")

    assert (await by_password(stranger))[0] == 429
    assert await by_password(browser.but_signed_out()) == (303, "/chat")


async def test_a_device_is_asked_to_recognise_its_person_and_to_find_the_account_itself(
    browser: Browser, here: Browser, device: Device
):
    made, used = await begin_adding(here), await ask(browser)

    chosen = made["authenticatorSelection"]
    assert (chosen["residentKey"], chosen["userVerification"]) == ("required", "required")
    assert made["rp"] == {"name": "Covey", "id": "alpha.test"}
    assert made["attestation"] == "none"
    assert [to_bytes(each["id"]) for each in made["excludeCredentials"]] == [device.passkeys[0].id]
    assert (used["rpId"], used["userVerification"]) == ("alpha.test", "required")
    assert used["allowCredentials"] == []


async def test_what_a_device_keeps_of_a_person_is_the_same_each_time_and_no_name(here: Browser):
    first, second = await begin_adding(here), await begin_adding(here)

    assert first["user"]["id"] == second["user"]["id"]
    assert b"alice" not in to_bytes(first["user"]["id"])
    assert first["challenge"] != second["challenge"]


async def test_the_settings_say_when_it_was_made_and_used(
    browser: Browser, here: Browser, device: Device
):
    _, before = await here.get("/settings")
    await sign_in(browser, device)
    _, after = await here.get("/settings")

    assert "<strong><bdi>Telephone</bdi></strong>" in before
    assert "not used yet" in before
    assert "last used" in after


async def test_an_account_without_passkeys_is_told_so(here: Browser):
    assert "You have none." in (await here.get("/settings"))[1]


async def test_a_passkey_gets_another_name_on_one_line(here: Browser, device: Device):
    status, page = await act(here, "rename", name=f" My\n\u202etablet {'x' * 100}")

    assert status == 200
    assert f"<bdi>My tablet {'x' * 50}</bdi>" in page


async def test_the_last_passkey_goes_and_the_password_stays(
    browser: Browser, here: Browser, device: Device
):
    status, page = await act(here, "remove")

    assert (status, await fetch("SELECT id FROM passkey")) == (200, [])
    assert "You have none." in page
    assert (await sign_in(browser, device))[0] == 403
    assert await by_password(browser) == (303, "/chat")


async def test_nobody_touches_the_passkey_of_somebody_else(
    browser: Browser, here: Browser, device: Device
):
    await add_bob(browser)
    bob = Browser(browser.client)
    await bob.fill_in("/sign-in", name="bob", password=PASSWORD)
    (row,) = await fetch("SELECT id FROM passkey")

    renamed, _ = await act(bob, "rename", row["id"], name="Mine")
    removed, _ = await act(bob, "remove", row["id"])

    assert (renamed, removed) == (422, 422)
    assert "Telephone" in (await here.get("/settings"))[1]


async def add_bob(browser: Browser) -> None:
    (row,) = await fetch("SELECT password_hash FROM account WHERE name = 'alice'")
    await add_account("bob", row["password_hash"], "member")


async def test_the_password_is_asked_for_before_one_is_added(here: Browser):
    _, page = await here.get("/settings")

    fields = Fields(csrf=token_in(page), current="a guess")
    status, page, _ = await here.post("/settings/passkeys", fields)

    assert status == 422
    assert "data-options" not in page


async def test_an_account_has_ten_at_most(here: Browser):
    waiting = await begin_adding(here)
    for number in range(10):
        await add(here, Device(), f"Device {number}")

    _, page = await here.get("/settings")
    fields = Fields(csrf=token_in(page), current=PASSWORD)
    begun, _, _ = await here.post("/settings/passkeys", fields)
    brought, _ = await bring(here, waiting, Device().make(waiting))

    assert "as many passkeys as an account may have" in page
    assert (begun, brought) == (422, 422)
    assert len(await fetch("SELECT id FROM passkey")) == 10


async def test_whoever_changes_their_password_keeps_their_passkeys(
    browser: Browser, here: Browser, device: Device
):
    _, page = await here.get("/settings")
    new = "another long password"
    fields = Fields(csrf=token_in(page), current=PASSWORD, password=new, again=new)
    assert (await here.post("/settings/password", fields))[0] == 303

    assert (await sign_in(browser, device))[0] == 303


async def test_a_password_that_somebody_else_has_set_ends_passkeys(
    browser: Browser, device: Device
):
    await reset_password("alice", "another hash", NOW, MACHINE)

    assert (await sign_in(browser, device))[0] == 403
    assert await fetch("SELECT id FROM passkey") == []


@pytest.mark.parametrize("state", [accounts.SUSPENDED, accounts.DELETED])
async def test_an_account_that_is_closed_stays_closed(browser: Browser, device: Device, state: str):
    await accounts.set_state("alice", state)
    await end_all("alice")

    status, page, _ = await sign_in(browser, device)

    assert status == 403
    assert "opens no account here" in page
    assert await fetch("SELECT account FROM session") == []
    assert [row["used_at"] for row in await fetch("SELECT used_at FROM passkey")] == [None]


async def test_without_scripts_signing_in_is_as_it_was_and_the_settings_say_what_is_missing(
    browser: Browser, here: Browser
):
    _, door = await browser.get("/sign-in")
    _, settings = await here.get("/settings")

    hidden = 'data-passkeys="ready" hidden>'
    assert door.count(hidden) == settings.count(hidden) == 1
    assert '<p data-passkeys="missing">This browser cannot use passkeys' in settings


async def test_a_session_that_was_open_in_the_browser_ends(browser: Browser, device: Device):
    await sign_in(browser, device)
    first = browser.cookies["__Host-covey"]
    await sign_in(browser, device)

    former = Browser(browser.client)
    former.cookies = {"__Host-covey": first}
    assert (await former.get("/chat"))[0] == 303


async def test_what_opens_an_account_is_nowhere_in_the_database(browser: Browser, device: Device):
    options = await ask(browser)

    stored = [dict(row) for row in await fetch("SELECT * FROM passkey_challenge")]

    assert len(stored) == 1
    assert options["challenge"] not in json.dumps(stored)
    assert browser.cookies["__Host-covey-form"] not in json.dumps(stored)


def test_a_node_on_which_nobody_uses_them_does_not_load_the_library() -> None:
    program = (
        "import sys; import node.runtime, node.app; "
        "print(sorted({'webauthn', 'cbor2', 'OpenSSL'} & set(sys.modules)))"
    )

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert told.stdout == "[]\n"
