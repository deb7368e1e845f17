"""What was begun is kept by the browser until the node holds it, and is gone once it is sent."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, Route, expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PATIENCE_MS, composer, message
from tests.support.process_node import until

pytestmark = pytest.mark.browser

BASE = "https://alpha.test"
DRAFTS = "**/draft"


@pytest_asyncio.fixture
async def other(desk: Desk) -> AsyncIterator[Page]:
    """alice at a second device."""
    browser = desk.page.context.browser
    assert browser is not None
    context = await browser.new_context(
        viewport=DESK,
        ignore_https_errors=True,
        storage_state=await desk.page.context.storage_state(),
    )
    page = await context.new_page()
    desk.complaints.watch(page)
    yield page
    await context.close()


async def lost(route: Route) -> None:
    await route.abort()


async def draft_of(desk: Desk, room: str) -> str:
    kept = (await desk.ask("alice", "GET", f"/conversations/{room}"))["draft"]
    return str(kept["text"]) if kept else ""


async def comes_to_keep(desk: Desk, room: str, words: str) -> bool:
    """Whether the node comes to keep these words, or with "" none."""

    async def is_so() -> bool:
        return await draft_of(desk, room) == words

    return await until(is_so, within_s=PATIENCE_MS / 1000)


async def opened_anew(desk: Desk, room: str) -> Page:
    page = await desk.page.context.new_page()
    await page.goto(f"{BASE}/chat/{room}")
    await expect(composer(page)).to_be_visible(timeout=PATIENCE_MS)
    return page


async def records_of(page: Page) -> int:
    """How many drafts the browser keeps."""
    count: int = await page.evaluate("""() => new Promise((resolve) => {
      const request = indexedDB.open("covey.drafts");
      request.onsuccess = () => {
        const database = request.result;
        const counted = database.transaction("drafts").objectStore("drafts").count();
        counted.onsuccess = () => { database.close(); resolve(counted.result); };
      };
    })""")
    return count


async def test_what_was_begun_is_there_after_the_page_was_closed_at_once(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    # The page goes without its last word, as when its process ends.
    await desk.page.context.route(DRAFTS, lost)
    await composer(desk.page).fill("On Sunday at")
    await desk.page.close()
    await desk.page.context.unroute(DRAFTS)

    page = await opened_anew(desk, room)

    await expect(composer(page)).to_have_value("On Sunday at", timeout=PATIENCE_MS)
    assert await comes_to_keep(desk, room, "On Sunday at")

    async def is_forgotten() -> bool:
        return await records_of(page) == 0

    assert await until(is_forgotten, within_s=PATIENCE_MS / 1000)


async def test_what_was_begun_offline_outlives_its_page(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await expect(composer(desk.page)).to_be_visible()
    await desk.page.context.set_offline(True)
    await composer(desk.page).fill("On Sunday at")
    await desk.page.wait_for_event("requestfailed", lambda request: "/draft" in request.url)
    await desk.page.close()
    await desk.page.context.set_offline(False)

    page = await opened_anew(desk, room)

    await expect(composer(page)).to_have_value("On Sunday at", timeout=PATIENCE_MS)
    assert await comes_to_keep(desk, room, "On Sunday at")


async def test_what_was_begun_offline_is_told_when_the_connection_is_back(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await expect(composer(desk.page)).to_be_visible()
    await desk.page.context.set_offline(True)
    await composer(desk.page).fill("On Sunday at")
    await desk.page.wait_for_event("requestfailed", lambda request: "/draft" in request.url)

    await desk.page.context.set_offline(False)

    assert await comes_to_keep(desk, room, "On Sunday at")


async def test_what_is_sent_leaves_the_other_tab_and_the_other_device(
    desk: Desk, other: Page
) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    tab = await opened_anew(desk, room)
    await composer(tab).fill("On Sunday at eight")
    assert await comes_to_keep(desk, room, "On Sunday at eight")
    await other.goto(f"{BASE}/chat/{room}")
    for each in (page, other):
        await expect(composer(each)).to_have_value("On Sunday at eight", timeout=PATIENCE_MS)
        await composer(each).focus()

    await composer(page).press("Enter")

    for each in (page, tab, other):
        await expect(message(each, "On Sunday at eight")).to_be_visible(timeout=PATIENCE_MS)
        await expect(composer(each)).to_have_value("", timeout=PATIENCE_MS)
    for each in (page, tab, other):
        await each.reload()
        await expect(message(each, "On Sunday at eight")).to_be_visible(timeout=PATIENCE_MS)
        await expect(composer(each)).to_have_value("")
        assert await records_of(each) == 0
    assert desk.complaints == []


async def test_what_was_sent_offline_does_not_come_back(desk: Desk, other: Page) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await composer(desk.page).fill("On Sunday")
    assert await comes_to_keep(desk, room, "On Sunday")
    await desk.page.context.set_offline(True)
    await composer(desk.page).fill("On Sunday at eight")
    await composer(desk.page).press("Enter")
    await expect(message(desk.page, "On Sunday at eight")).to_contain_text("not sent")
    await desk.page.close()
    await desk.page.context.set_offline(False)

    page = await opened_anew(desk, room)

    await expect(message(page, "On Sunday at eight")).to_contain_text("sent", timeout=PATIENCE_MS)
    assert await comes_to_keep(desk, room, "")
    await expect(composer(page)).to_have_value("")
    await other.goto(f"{BASE}/chat/{room}")
    await expect(message(other, "On Sunday at eight")).to_be_visible(timeout=PATIENCE_MS)
    await expect(composer(other)).to_have_value("")


async def test_the_newer_draft_wins(desk: Desk) -> None:
    room, path = await desk.group_of_bob("Book circle"), "/conversations/{}/draft"
    await desk.open(f"/chat/{room}")
    await expect(composer(desk.page)).to_be_visible()
    await desk.page.context.route(DRAFTS, lost)
    await composer(desk.page).fill("On Sunday at")
    await desk.page.close()
    await desk.page.context.unroute(DRAFTS)
    await desk.ask("alice", "PUT", path.format(room), {"text": "On Monday"})

    page = await opened_anew(desk, room)

    await expect(composer(page)).to_have_value("On Monday", timeout=PATIENCE_MS)
    assert await comes_to_keep(desk, room, "On Monday")


async def test_what_another_device_has_sent_since_does_not_come_back(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await composer(desk.page).fill("On Sunday at")
    # The node hears it, and the page is gone before it hears so.
    await desk.page.close()
    await comes_to_keep(desk, room, "On Sunday at")
    await desk.ask("alice", "PUT", f"/conversations/{room}/draft", {"text": "On Sunday at eight"})
    await desk.say("alice", room, "On Sunday at eight")

    page = await opened_anew(desk, room)

    await expect(message(page, "On Sunday at eight")).to_be_visible(timeout=PATIENCE_MS)
    await expect(composer(page)).to_have_value("")
    assert await draft_of(desk, room) == ""
