"""From anywhere in a room to what was said on some day."""

from datetime import datetime, timedelta, timezone

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import journeys
from tests.e2e.crowd import fill
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PATIENCE_MS
from tests.e2e.screens import findings
from tests.support.process_node import until

pytestmark = pytest.mark.browser

# Where no summer moves the clocks, and the day begins twelve hours before it does in UTC.
ZONE = timezone(timedelta(hours=12))
ZONE_NAME = "Pacific/Tarawa"
HOURS = 600
TWO_DAYS_BACK = "UPDATE message SET t = t - 172800000, published_at = published_at - 172800000"
TOP = "(element, feed) => element.getBoundingClientRect().top - feed.getBoundingClientRect().top"


async def open_long_room(desk: Desk) -> str:
    """A room with a message an hour, for twenty-five days."""
    room = await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "The newest word")
    await fill(desk, count=HOURS, apart_s=3600)
    session = await desk.page.context.new_cdp_session(desk.page)
    await session.send("Emulation.setTimezoneOverride", {"timezoneId": ZONE_NAME})
    await desk.open(f"/chat/{room}")
    await expect(journeys.message(desk.page, "The newest word")).to_be_visible(timeout=PATIENCE_MS)
    return room


async def first_of(desk: Desk, days_ago: int) -> tuple[str, str]:
    """A day where the reader is, and the text of the first message that is shown under it."""
    day = (await newest(desk)).date() - timedelta(days=days_ago)
    begin_ms = int(datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp() * 1000)
    rows = await desk.node.rows(
        "SELECT text FROM message WHERE published_at >= $1 ORDER BY t LIMIT 1", begin_ms
    )
    return day.isoformat(), str(rows[0]["text"])


async def newest(desk: Desk) -> datetime:
    (row,) = await desk.node.rows("SELECT max(published_at) AS at FROM message")
    return datetime.fromtimestamp(row["at"] / 1000, ZONE)


def dialog_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Go to a date")


async def go_to(page: Page, day: str) -> None:
    await dialog_of(page).get_by_label("Date").fill(day)
    await page.keyboard.press("Enter")


async def expect_found(page: Page, text: str) -> None:
    """It has the focus below the line of its day, at the top of what is seen."""
    found = page.locator("message-item").filter(has=page.get_by_text(text, exact=True))
    await expect(found).to_be_focused(timeout=PATIENCE_MS)
    await expect(found).to_be_in_viewport()
    await expect(dialog_of(page)).to_be_hidden()


async def test_a_day_far_back_is_found_and_read_on_from_in_both_directions(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    await open_long_room(desk)
    day, first = await first_of(desk, 15)

    await page.get_by_role("main").get_by_role("button", name="Go to a date").click()
    await expect(dialog_of(page).get_by_label("Date")).to_be_focused()
    assert await findings(page) == []
    await dialog_of(page).get_by_label("Date").fill(day)
    await dialog_of(page).get_by_role("button", name="Go", exact=True).click()

    await expect_found(page, first)
    feed = page.get_by_role("feed")
    line = page.locator(".day:has(+ message-item:focus)")
    assert abs(await line.evaluate(TOP, await feed.element_handle())) < 2
    assert await page.locator(".day").count() > 2
    assert await findings(page) == []
    number = int(first.removeprefix("Word "))

    async def reaches(text: str, y: str) -> bool:
        await feed.evaluate(f"(feed) => feed.scrollTo(0, {y})")
        return await page.get_by_text(text, exact=True).count() > 0

    assert await until(lambda: reaches(f"Word {number + 120}", "0"), within_s=PATIENCE_MS / 1000)
    assert await until(
        lambda: reaches("The newest word", "feed.scrollHeight"), within_s=PATIENCE_MS / 1000
    )
    assert desk.complaints == []


async def test_on_a_phone_and_by_keys_the_details_lead_to_a_date(desk: Desk) -> None:
    page = desk.page
    await open_long_room(desk)
    day, first = await first_of(desk, 9)
    await expect(page.get_by_role("button", name="Go to a date")).to_have_count(0)
    await page.get_by_role("button", name="Members and details").press("Enter")
    opener = page.get_by_role("complementary").get_by_role("button", name="Go to a date")

    await opener.press("Enter")
    assert await findings(page) == []
    await page.keyboard.press("Escape")
    await expect(opener).to_be_focused()
    await opener.press("Enter")
    await go_to(page, day)

    await expect_found(page, first)
    assert await findings(page) == []
    assert desk.complaints == []


async def test_a_day_outside_of_what_was_said_leads_to_its_ends(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    await open_long_room(desk)
    # The newest word is of the day before yesterday, so that today is after all that was said.
    await desk.node.change(TWO_DAYS_BACK)
    await page.reload()
    await expect(journeys.message(page, "The newest word")).to_be_visible(timeout=PATIENCE_MS)
    opener = page.get_by_role("main").get_by_role("button", name="Go to a date")

    await opener.click()
    await go_to(page, "1999-12-31")
    await expect_found(page, f"Word {HOURS}")
    await expect(page.get_by_text("The conversation begins here")).to_be_attached()

    await opener.click()
    await go_to(page, ((await newest(desk)).date() + timedelta(days=1)).isoformat())
    await expect_found(page, "The newest word")
    await expect(page.get_by_role("button", name="To the newest message")).to_be_hidden()
    assert desk.complaints == []


async def test_the_line_of_a_day_opens_the_dialog_at_that_day(desk: Desk) -> None:
    page = desk.page
    await open_long_room(desk)
    shown = page.locator(".day span").last

    await shown.click()

    today = (await newest(desk)).date().isoformat()
    await expect(dialog_of(page).get_by_label("Date")).to_have_value(today)
    await dialog_of(page).get_by_label("Date").fill("2999-01-01")
    await page.keyboard.press("Enter")
    await expect(dialog_of(page)).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(dialog_of(page)).to_be_hidden()
    await expect(shown).to_be_in_viewport()
    assert desk.complaints == []


async def test_a_room_left_at_an_old_day_opens_at_its_newest_message(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    room = await open_long_room(desk)
    other = await desk.group_of_bob("Tea club")
    day, first = await first_of(desk, 15)
    await page.get_by_role("main").get_by_role("button", name="Go to a date").click()
    await go_to(page, day)
    await expect_found(page, first)

    await page.get_by_role("link", name="Tea club").click()
    await expect(page).to_have_url(f"https://{desk.node.name}/chat/{other}")
    await page.get_by_role("link", name="Book circle").click()

    await expect(journeys.message(page, "The newest word")).to_be_in_viewport(timeout=PATIENCE_MS)
    await expect(page.get_by_text(first, exact=True)).to_have_count(0)
    await page.get_by_role("link", name="Tea club").click()
    for number in range(40):
        await desk.say("bob", room, f"Unread {number}")
    await page.get_by_role("link", name="Book circle").click()
    await expect(page.get_by_text("New messages", exact=True)).to_be_in_viewport()
    await expect(page.get_by_text("Unread 0", exact=True)).to_be_in_viewport()
    assert desk.complaints == []
