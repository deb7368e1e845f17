"""alice finds what somebody said, somewhere, at some time, by pointer and by keys."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PATIENCE_MS, PHONE, attach, composer, message, saying
from tests.e2e.screens import look_at
from tests.e2e.test_files import AGENDA
from tests.e2e.test_keyboard import press, tab_to

pytestmark = pytest.mark.browser


def found(page: Page) -> Locator:
    return page.get_by_role("option").filter(has=page.locator("time:not(:empty)"))


async def talk(desk: Desk) -> tuple[str, str]:
    """Two rooms in which needles are spoken of."""
    tea, cake = await desk.group_of_bob("Tea at noon"), await desk.group_of_bob("cake")
    await desk.say("bob", cake, "a needle in the cake")
    await desk.say("bob", tea, "a needle, https://needles.example")
    await desk.say("alice", tea, "my needle")
    return tea, cake


async def say_with_file(page: Page, text: str) -> None:
    await attach(page, AGENDA)
    await composer(page).fill(text)
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(saying(page, text)).to_contain_text("sent", timeout=PATIENCE_MS)


async def test_a_room_is_searched_and_narrowed_by_touch(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(PHONE)
    tea, _ = await talk(desk)
    await desk.open(f"/chat/{tea}")
    await say_with_file(page, "needle work")

    await page.get_by_role("button", name="Search in this conversation").click()
    search = page.get_by_role("dialog", name="Search people, groups and messages")
    await expect(
        search.get_by_role("button", name="Remove the filter “in Tea at noon”")
    ).to_be_visible()
    await search.get_by_role("combobox").first.fill("needle")
    await expect(found(page)).to_have_count(3, timeout=PATIENCE_MS)
    await search.get_by_role("button", name="Filters").click()
    await search.get_by_label("From", exact=True).select_option("bob")
    await expect(found(page)).to_contain_text("a needle, https://needles.example")
    await search.get_by_role("button", name="Remove the filter “from bob”").click()
    await expect(found(page)).to_have_count(3)
    await search.get_by_role("checkbox", name="With a file").check()
    await expect(found(page)).to_contain_text("needle work")
    await search.get_by_role("checkbox", name="With a file").uncheck()
    await search.get_by_role("checkbox", name="With a link").check()
    await expect(found(page)).to_contain_text("https://needles.example")
    await search.get_by_label("Before", exact=True).fill("2020-01-01")
    await expect(search).to_contain_text(
        "Nothing found for “needle” with these filters: in Tea at noon, with a link, and before"
    )
    await search.get_by_label("Before", exact=True).fill("")
    await expect(found(page)).to_have_count(1)
    await search.get_by_label("On or after", exact=True).fill(f"{datetime.now(UTC):%Y}-01-01")
    await search.get_by_label("In", exact=True).select_option("Any conversation")
    await expect(found(page)).to_have_count(1)
    await found(page).click()

    await expect(message(page, "a needle, https://needles.example")).to_be_in_viewport()
    assert desk.complaints == []


async def test_filters_are_typed_and_chosen_by_keys(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    tea, _ = await talk(desk)
    await desk.open(f"/chat/{tea}")
    await expect(saying(page, "my needle")).to_be_visible(timeout=PATIENCE_MS)

    await press(page, "Control+f")
    await expect(page.get_by_role("combobox").first).to_be_focused()
    await page.keyboard.type("needle ")
    await expect(found(page)).to_have_count(2, timeout=PATIENCE_MS)
    await page.keyboard.type("from:@bob@alpha.test ")
    await expect(found(page)).to_have_count(1)
    await tab_to(page, page.get_by_role("button", name="Filters"))
    await press(page, "Enter")
    await tab_to(page, page.get_by_label("In", exact=True))
    await page.keyboard.type("Any")
    await expect(found(page)).to_have_count(2)
    await tab_to(page, page.get_by_role("checkbox", name="With a link"))
    await press(page, "Space")
    await expect(found(page)).to_have_count(1)
    assert await look_at(page, "find-filters") == []
    await page.set_viewport_size(DESK)
    await tab_to(page, page.get_by_role("button", name="Remove the filter “with a link”"))
    await press(page, "Enter")
    await expect(page.get_by_role("combobox").first).to_be_focused()
    await expect(found(page)).to_have_count(2)
    await press(page, "ArrowDown", "Enter")

    await expect(page.get_by_role("heading", name="cake")).to_be_visible()
    await expect(message(page, "a needle in the cake")).to_be_in_viewport()
    assert desk.complaints == []


async def test_what_cannot_be_meant_is_said_beside_the_field(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    await talk(desk)
    await desk.open("/chat")

    await press(page, "Control+k")
    field = page.get_by_role("combobox").first
    await field.fill("needle before:2026-02-30")
    await expect(
        page.get_by_text("“2026-02-30” is no day. Write it like 2026-11-01.")
    ).to_be_visible()
    await expect(field).to_have_attribute("aria-invalid", "true")
    await expect(page.get_by_role("option")).to_have_count(0)
    assert await look_at(page, "find-wrong") == []
    await press(page, "Enter")
    await expect(field).to_have_value("needle before:2026-02-30")
    await field.fill("needle in:nowhere")
    await expect(
        page.get_by_text("There is not one conversation called “nowhere”.")
    ).to_be_visible()
    await field.fill("needle in:cake")
    await expect(page.get_by_text("There is not one conversation")).to_be_hidden()
    await expect(found(page)).to_have_count(1)
    await field.fill("needle in:cake has:file")
    await expect(
        page.get_by_text("Nothing found for “needle” with these filters: in cake and with a file.")
    ).to_be_visible()
    await field.fill("has:file")
    await expect(page.get_by_text("Nothing found with these filters: with a file.")).to_be_visible()
    assert desk.complaints == []


async def test_german_and_english_filters_are_understood_in_german(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    await talk(desk)
    await desk.ask("alice", "PATCH", "/me", {"language": "de"})
    await desk.open("/chat")

    await press(page, "Control+k")
    field = page.get_by_role("combobox").first
    await field.fill('needle von:bob in:"tea at noon" mit:link nach:1.1.2020')
    await expect(found(page)).to_have_count(1, timeout=PATIENCE_MS)
    await expect(page.get_by_role("button", name="Filter „mit Link“ entfernen")).to_be_visible()
    await field.fill("needle from:mir")
    await expect(found(page)).to_have_count(1)
    await expect(found(page)).to_contain_text("my needle")
    assert desk.complaints == []
