"""What a browser keeps of the chat, and that it keeps nothing of anybody."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS

pytestmark = pytest.mark.browser

KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys()) {
    for (const { url } of await (await caches.open(name)).keys()) kept.push(new URL(url).pathname);
  }
  return kept;
}"""
WORKERS = "async () => (await navigator.serviceWorker.getRegistrations()).length"
READY = "() => navigator.serviceWorker.ready.then(() => true)"


async def kept_by(page: Page) -> list[str]:
    paths: list[str] = await page.evaluate(KEPT)
    return paths


async def test_without_a_connection_the_chat_says_so_and_comes_back(desk: Desk) -> None:
    page = desk.page
    room = await desk.group_of_bob("Book circle")
    assert await page.evaluate(READY)
    await desk.node.kill()

    await desk.open(f"/chat/{room}")

    await expect(page.get_by_text("No connection. Messages wait here.")).to_be_visible()
    await expect(page.get_by_text("Book circle")).to_have_count(0)
    await desk.node.start()
    await expect(page.get_by_role("heading", name="Book circle")).to_be_visible(
        timeout=3 * PATIENCE_MS
    )
    await expect(page.get_by_text("No connection.")).to_have_count(0)


async def test_the_browser_keeps_files_and_nothing_private(desk: Desk) -> None:
    page = desk.page
    room = await desk.group_of_bob("Book circle")
    assert await page.evaluate(READY)
    await desk.open(f"/chat/{room}")
    await journeys.say(page, "Good evening")

    kept = await kept_by(page)

    assert "/chat-shell" in kept
    assert [path for path in kept if not path.startswith("/static/")] == ["/chat-shell"]
    assert desk.complaints == []


async def test_signing_out_leaves_nothing_in_the_browser(desk: Desk) -> None:
    page = desk.page
    assert await page.evaluate(READY)
    assert await kept_by(page)

    await journeys.sign_out(page)

    assert await kept_by(page) == []
    assert await page.evaluate(WORKERS) == 0
    assert desk.complaints == []
