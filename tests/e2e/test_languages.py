"""The chat speaks its reader's language, and no page breaks where all is said at greater length."""

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.e2e import journeys
from tests.e2e.conftest import TwoNodes
from tests.e2e.desk import Desk
from tests.e2e.drawn import ADDRESS, drawn_pages
from tests.e2e.journeys import PATIENCE_MS, PHONE, Complaints
from tests.e2e.screens import OVERFLOW
from tests.support.every_page import PSEUDO, pseudo_languages, static_in

pytestmark = pytest.mark.browser

NARROW = ViewportSize(width=320, height=740)
STATIC = static_in(pseudo_languages())


async def test_no_page_is_wider_than_a_narrow_screen_in_a_longer_language() -> None:
    async with drawn_pages(PSEUDO, pseudo_languages()) as (page, templates):
        await page.set_viewport_size(NARROW)
        for template in templates:
            await page.goto(ADDRESS + template)

            assert (template, await page.evaluate(OVERFLOW)) == (template, 0)


async def test_the_chat_is_no_wider_either(desk: Desk) -> None:
    browser = desk.page.context.browser
    assert browser is not None
    # What a worker has kept would go before what is put in here.
    context = await browser.new_context(
        viewport=PHONE,
        ignore_https_errors=True,
        service_workers="block",
        storage_state=await desk.page.context.storage_state(),
    )
    page = await context.new_page()
    module = STATIC.files[f"texts/{PSEUDO}.js"].body.decode()
    kind = {"content_type": "text/javascript"}
    await page.route("**/texts/en.js", lambda route: route.fulfill(body=module, **kind))
    room = await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "Good evening")

    shown = page.get_by_text("⟦").filter(visible=True)
    for path in ("/chat", f"/chat/{room}", "/chat/people", "/chat/people/bob@alpha.test"):
        await page.goto(f"https://alpha.test{path}")
        await expect(shown.first).to_be_visible(timeout=PATIENCE_MS)
        assert (path, await page.evaluate(OVERFLOW)) == (path, 0)


async def test_whose_browser_asks_for_german_chats_in_german(
    chromium: Browser, two_nodes: TwoNodes
) -> None:
    alpha, _ = two_nodes
    complaints = Complaints()
    context = await chromium.new_context(viewport=PHONE, ignore_https_errors=True, locale="de-DE")
    page = await context.new_page()
    complaints.watch(page)

    await page.goto(alpha.owner_link)
    await page.get_by_label("Name").fill("alice")
    await page.get_by_label("Passwort", exact=True).fill(journeys.PASSWORD)
    await page.get_by_label("Passwort, noch einmal").fill(journeys.PASSWORD)
    await page.get_by_role("button", name="Konto anlegen").click()
    await expect(page.get_by_role("navigation", name="Unterhaltungen")).to_be_visible()
    await page.get_by_role("button", name="Neue Unterhaltung").click()
    await page.get_by_label("Personen", exact=True).fill("niemand@alpha.test")
    await page.get_by_role("button", name="Hinzufügen", exact=True).click()

    await expect(page.get_by_role("alert")).to_have_text(
        "Unter niemand@alpha.test wurde niemand gefunden. Bitte Schreibweise prüfen.",
        timeout=PATIENCE_MS,
    )
    assert [each for each in complaints if "404" not in each] == []
