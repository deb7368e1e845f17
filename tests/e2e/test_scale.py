"""A room stays quick and whole however much is in it, and whatever people write."""

import pytest
from playwright.async_api import Page, expect

from tests.e2e import journeys
from tests.e2e.crowd import fill, look_into
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS
from tests.support.process_node import until

pytestmark = pytest.mark.browser

WINDOW = 250


async def shown(page: Page) -> int:
    return await page.locator("message-item").count()


async def test_of_a_hundred_thousand_messages_a_page_holds_a_stretch(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "The newest word")
    await fill(desk)
    await desk.open(f"/chat/{room}")
    await expect(journeys.message(page, "The newest word")).to_be_visible(timeout=PATIENCE_MS)
    assert await shown(page) <= 100
    feed = page.get_by_role("feed")

    async def upwards() -> bool:
        await feed.evaluate("(feed) => feed.scrollTo(0, 0)")
        return await page.get_by_text("Word 400", exact=True).count() > 0

    assert await until(upwards, within_s=3 * PATIENCE_MS / 1000)
    assert await shown(page) <= WINDOW
    await expect(journeys.message(page, "The newest word")).to_have_count(0)
    await page.get_by_role("button", name="To the newest message").click()

    await expect(journeys.message(page, "The newest word")).to_be_in_viewport(timeout=PATIENCE_MS)
    assert await shown(page) <= WINDOW
    assert desk.complaints == []


ZALGO = "Z" + "\u0301\u0316\u0489" * 300 + "algo"
WIDER = """(element) => {
  const parts = [element, ...element.querySelectorAll("*")];
  const isWide = (one) => one.getBoundingClientRect().right > innerWidth + 1;
  return parts.filter(isWide).map((one) => `${one.localName}.${one.className}`);
}"""


async def test_no_text_breaks_the_room(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    word = "W" * 4_900
    for text in (
        word,
        ZALGO,
        "\u202eturned around\u202c",
        "| |\n" * 900,
        "https://a.test/" + "x" * 3_000,
    ):
        await desk.say("bob", room, text)
    look_into(desk)
    await desk.node.change("UPDATE actor SET name = printf('%.500c', 'N') WHERE username = 'bob'")
    await desk.open(f"/chat/{room}")
    await expect(journeys.message(page, "turned around")).to_be_visible(timeout=PATIENCE_MS)

    main = page.get_by_role("main")
    assert await main.evaluate(WIDER) == []
    heaped = journeys.message(page, "algo").locator(".body")
    box = await heaped.bounding_box()
    assert box is not None
    assert box["height"] < 200
    await journeys.message(page, "WWWW").get_by_role("button", name="Show all of it").click()
    await expect(
        journeys.message(page, "WWWW").get_by_role("button", name="Show all")
    ).to_have_count(0)
    assert await main.evaluate(WIDER) == []
    await page.get_by_role("button", name="Members and details").click()
    assert await page.get_by_role("complementary").evaluate(WIDER) == []
    assert desk.complaints == []
