"""A finger that is held still asks for a menu, and letting go chooses nothing from it."""

import pytest
from playwright.async_api import Locator, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS
from tests.e2e.touch import Finger
from tests.support.process_node import until

pytestmark = pytest.mark.browser

# Android asks for the menu while the finger is down; elsewhere the page sees how long that is.
ASK = """(element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  const place = { clientX: x + width / 2, clientY: y + height / 2, pointerType: "touch" };
  const asked = new PointerEvent("contextmenu", { ...place, bubbles: true, cancelable: true });
  return !element.dispatchEvent(asked);
}"""
BEGUN = "window.begun = performance.now()"
LONG = "performance.now() - window.begun > 600"
DRAWN = "new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(go)))"


async def hold(finger: Finger, place: Locator, *, is_asked: bool) -> None:
    """A finger is on a place for long, and is lifted then."""
    page = place.page
    await finger.put_on(place)
    await page.evaluate(BEGUN)
    if is_asked:
        assert await place.evaluate(ASK)
    else:
        assert await until(lambda: page.evaluate(LONG), within_s=5)
    await page.evaluate(DRAWN)
    await expect(page.get_by_role("menu")).to_be_hidden()
    await finger.lift()
    await expect(page.get_by_role("menu")).to_be_visible()
    # Whatever the release began is over once the page has been drawn twice.
    await page.evaluate(DRAWN)
    await expect(page.get_by_role("menu")).to_be_visible()


@pytest.mark.parametrize("is_asked", [True, False])
async def test_letting_go_of_a_message_chooses_nothing(desk: Desk, *, is_asked: bool) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    for number in range(20):
        await desk.say("alice", room, f"Word {number}")
    await desk.open(f"/chat/{room}")
    words = journeys.saying(page, "Word 19").locator(".body")
    await expect(words).to_be_visible(timeout=PATIENCE_MS)
    await words.scroll_into_view_if_needed()

    async with Finger(page) as finger:
        for _ in range(2):  # the first press fetches the menu, the second finds it there
            await hold(finger, words, is_asked=is_asked)
            menu, box = await page.get_by_role("menu").bounding_box(), await words.bounding_box()
            assert menu is not None
            assert box is not None
            # The sheet lies under the finger.
            assert menu["y"] < box["y"]
            await page.keyboard.press("Escape")
            await expect(page.get_by_role("menu")).to_be_hidden()
        await hold(finger, words, is_asked=is_asked)
        await finger.put_on(page.get_by_role("menuitem", name="Reply"))
        await finger.lift()

    await expect(page.get_by_role("menu")).to_be_hidden()
    await expect(page.locator("message-composer")).to_contain_text("Word 19")
    assert desk.complaints == []


@pytest.mark.parametrize("is_asked", [True, False])
async def test_letting_go_of_a_row_opens_no_room(desk: Desk, *, is_asked: bool) -> None:
    page = desk.page
    for number in range(9):
        await desk.group_of_bob(f"tea {number}")
    await desk.open("/chat")
    row = page.get_by_role("link", name="tea 0")
    await expect(row).to_be_visible()
    await row.scroll_into_view_if_needed()

    async with Finger(page) as finger:
        await hold(finger, row, is_asked=is_asked)
        assert page.url.endswith("/chat")
        await finger.put_on(page.get_by_role("menuitem", name="Pin"))
        await finger.lift()

    await expect(page.get_by_role("menu")).to_be_hidden()
    await expect(page.locator("nav .rows .title").first).to_have_text("tea 0")
    assert page.url.endswith("/chat")
    assert desk.complaints == []
