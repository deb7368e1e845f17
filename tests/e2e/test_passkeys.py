"""A person adds a passkey, signs in with it in a browser, and takes it away."""

from collections.abc import Mapping
from typing import Any

import pytest
from playwright.async_api import CDPSession, Page, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PASSWORD, PATIENCE_MS
from tests.e2e.screens import look_at

pytestmark = pytest.mark.browser

# A telephone or computer that recognises its person, who always agrees.
DEVICE: Mapping[str, Any] = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Device:
    """The authenticator of one page, which Chromium stands for."""

    def __init__(self, devtools: CDPSession, name: str) -> None:
        self._devtools = devtools
        self._name = name

    async def recognises(self, *, its_person: bool) -> None:
        told = {"authenticatorId": self._name, "isUserVerified": its_person}
        await self._devtools.send("WebAuthn.setUserVerified", told)


async def device_of(page: Page) -> Device:
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("WebAuthn.enable")
    made = await devtools.send("WebAuthn.addVirtualAuthenticator", {"options": dict(DEVICE)})
    return Device(devtools, made["authenticatorId"])


async def add(page: Page, name: str) -> None:
    await begin_adding(page)
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Make the passkey").click()
    await expect(page.get_by_role("status")).to_have_text(
        "The passkey is added. From here on it signs you in.", timeout=PATIENCE_MS
    )


async def begin_adding(page: Page) -> None:
    part = page.get_by_role("region", name="Passkeys")
    await part.get_by_label("Present password").fill(PASSWORD)
    await part.get_by_role("button", name="Add a passkey").click()
    await expect(page.get_by_role("heading", name="Add a passkey")).to_be_visible()


async def sign_in(page: Page) -> None:
    await page.get_by_role("button", name="Sign in with a passkey").click()


async def test_a_passkey_signs_in_until_it_is_removed(desk: Desk) -> None:
    page = desk.page
    await device_of(page)
    await desk.open("/settings")
    await add(page, "My telephone")
    await expect(page.get_by_text("not used yet")).to_be_visible()
    await desk.open("/chat")
    await journeys.sign_out(page)

    await desk.open("/sign-in?next=/settings")
    await sign_in(page)
    await expect(page.get_by_role("heading", name="Settings")).to_be_visible(timeout=PATIENCE_MS)
    part = page.get_by_role("region", name="Passkeys")
    await expect(part).to_contain_text("last used")

    await part.get_by_text("Rename").click()
    await part.get_by_label("Its name").fill("Old telephone")
    await part.get_by_role("button", name="Save").click()
    await part.get_by_role("button", name="Remove Old telephone").click()
    await expect(part).to_contain_text("You have none.")
    await desk.open("/chat")
    await journeys.sign_out(page)
    await desk.open("/sign-in")
    await sign_in(page)
    await expect(page.get_by_role("alert")).to_have_text(
        "This passkey opens no account here. It may have been removed.", timeout=PATIENCE_MS
    )
    await journeys.fill_in_sign_in(page, "alice", PASSWORD)
    await expect(page.get_by_role("navigation", name="Conversations")).to_be_visible()
    # The browser tells of the 403 that was the answer.
    assert [each for each in desk.complaints if "403" not in each] == []


async def test_a_device_that_does_not_recognise_its_person_opens_and_adds_nothing(
    desk: Desk,
) -> None:
    page = desk.page
    device = await device_of(page)
    await desk.open("/settings")
    await add(page, "My telephone")
    await device.recognises(its_person=False)

    await desk.open("/sign-in?again=1")
    await sign_in(page)
    await expect(page.get_by_role("alert")).to_contain_text(
        "No passkey was used", timeout=PATIENCE_MS
    )
    await device.recognises(its_person=True)
    await sign_in(page)

    await expect(page.get_by_role("navigation", name="Conversations")).to_be_visible()
    assert desk.complaints == []


async def test_a_device_makes_one_passkey_for_an_account(desk: Desk) -> None:
    page = desk.page
    await device_of(page)
    await desk.open("/settings")
    await add(page, "My telephone")

    await begin_adding(page)
    await page.get_by_role("button", name="Make the passkey").click()

    await expect(page.get_by_role("alert")).to_have_text(
        "This device has a passkey for this account already.", timeout=PATIENCE_MS
    )
    assert desk.complaints == []


async def test_a_browser_without_passkeys_says_so(desk: Desk) -> None:
    page = desk.page
    await page.add_init_script("delete globalThis.PublicKeyCredential")

    await desk.open("/settings")

    missing = page.get_by_text("This browser cannot use passkeys")
    await expect(missing).to_be_visible()
    await expect(page.get_by_role("button", name="Add a passkey")).to_be_hidden()
    await desk.open("/sign-in?again=1")
    await expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Sign in with a passkey")).to_be_hidden()
    assert desk.complaints == []


async def test_the_pages_with_passkeys_are_for_everybody(desk: Desk) -> None:
    page = desk.page
    await device_of(page)
    await desk.open("/settings")
    await add(page, "My telephone with a long name that nobody would choose")
    wrong = await look_at(page, "settings-passkeys")
    await desk.open("/settings")
    await begin_adding(page)
    wrong += await look_at(page, "passkey")
    await desk.open("/sign-in?again=1")
    wrong += await look_at(page, "sign-in-passkey")

    assert wrong == []
