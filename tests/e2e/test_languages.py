"""The chat speaks its reader's language, and no page breaks where all is said at greater length."""

from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from node.http.security_headers import PAGE_POLICY
from node.web.static_files import StaticFile
from tests.e2e import journeys
from tests.e2e.conftest import TwoNodes
from tests.e2e.desk import Desk
from tests.e2e.journeys import (
    CHROMIUM,
    CHROMIUM_ARGS,
    PATIENCE_MS,
    PHONE,
    Complaints,
)
from tests.support.every_page import PSEUDO, every_page, pseudo_languages, static_in

pytestmark = pytest.mark.browser

NARROW_PX = 320
PAGES = dict(every_page(PSEUDO, pseudo_languages()))
STATIC = static_in(pseudo_languages())
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest_asyncio.fixture
async def narrow() -> AsyncIterator[Page]:
    """A page that is given every template in the pseudo-language."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGS)
        )
        page = await chromium.new_page(viewport={"width": NARROW_PX, "height": 740})
        await page.route("**/*", answer)
        yield page
        await chromium.close()


async def answer(route: Route) -> None:
    path = urlsplit(route.request.url).path.removeprefix("/")
    if path in PAGES:
        headers = {"Content-Security-Policy": PAGE_POLICY}
        await route.fulfill(body=PAGES[path], content_type="text/html", headers=headers)
    elif path.startswith("static/"):
        file: StaticFile = STATIC.files[path.split("/", 2)[2]]
        await route.fulfill(body=file.body, content_type=file.content_type)
    else:
        await route.fulfill(status=404)


async def test_no_page_is_wider_than_a_narrow_screen_in_a_longer_language(narrow: Page) -> None:
    for template in sorted(PAGES):
        await narrow.goto(f"https://alpha.test/{template}")

        assert (template, await narrow.evaluate(OVERFLOW)) == (template, 0)


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
