"""The settings in a browser: what was saved is said, and times are those of the device."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import PHONE

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def tokyo(desk: Desk) -> AsyncIterator[Page]:
    """alice's settings on a device in Tokyo."""
    browser = desk.page.context.browser
    assert browser is not None
    context = await browser.new_context(
        viewport=PHONE,
        ignore_https_errors=True,
        timezone_id="Asia/Tokyo",
        storage_state=await desk.page.context.storage_state(),
    )
    page = await context.new_page()
    desk.complaints.watch(page)
    await page.goto("https://alpha.test/settings")
    yield page
    await context.close()


async def test_moments_are_told_in_the_time_zone_of_the_device(desk: Desk, tokyo: Page) -> None:
    seen = tokyo.locator("#devices ~ ul time").first
    words = """(time) => new Intl.DateTimeFormat(
      "en", { dateStyle: "long", timeStyle: "short", timeZone: "Asia/Tokyo" }
    ).format(new Date(time.dateTime))"""

    await expect(seen).to_have_text(await seen.evaluate(words))
    assert desk.complaints == []


async def test_quiet_hours_begin_with_the_time_zone_of_the_device(desk: Desk, tokyo: Page) -> None:
    zone = tokyo.get_by_label("Time zone")
    await expect(zone).to_have_value("Asia/Tokyo")
    form = tokyo.locator("form[action^='/settings/quiet-hours']")
    await form.get_by_role("checkbox").check()
    await form.get_by_role("button", name="Save").click()

    await expect(tokyo).to_have_url(re.compile(r"/settings\?done=quiet-hours#notifications$"))
    await expect(tokyo.get_by_role("status")).to_have_text("Saved.")
    await expect(form).to_contain_text("Between 22:00 and 07:00 in the time zone Asia/Tokyo")

    # Whoever has chosen keeps their choice, wherever they are.
    await zone.select_option("")
    await form.get_by_role("button", name="Save").click()
    await expect(form).to_contain_text("in the time zone UTC")
    await expect(zone).to_have_value("")
    assert desk.complaints == []


async def test_the_page_after_a_form_can_be_opened_again(desk: Desk) -> None:
    page = desk.page
    await desk.open("/settings")
    name = page.get_by_role("textbox", name="Name", exact=True)
    await page.get_by_label("About you").fill("x")
    await name.evaluate("(field) => { field.maxLength = 100; }")
    await name.fill("y" * 61)
    await page.get_by_role("button", name="Save").first.click()

    await expect(page.get_by_role("alert")).to_contain_text("at most 60")
    await expect(page.get_by_role("alert")).to_be_in_viewport()
    await expect(name).to_have_value("y" * 61)
    await expect(page.get_by_label("About you")).to_have_value("x")

    await desk.open("/settings/profile")
    await expect(page).to_have_url("https://alpha.test/settings")
    # A form that was not heeded is what the browser itself notes on its console.
    assert [one for one in desk.complaints if "422" not in one] == []


CROWDED = """() => {
  const shown = (element) => element.checkVisibility() && element.getBoundingClientRect().width > 0;
  const touched = "button, a, summary, select, textarea, input:not([type=hidden])";
  const places = [...document.querySelectorAll(touched)].filter(shown)
    .map((element) => [element, element.getBoundingClientRect()]);
  const name = (element) => element.textContent.trim() || element.name;
  // A box is touched at its label too.
  const small = places.filter(([element, { height }]) =>
    height < 40 && !element.matches("[type=radio], [type=checkbox]"));
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1
    && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  const over = places.filter(([one, a]) => places.some(([other, b]) =>
    one !== other && !one.contains(other) && !other.contains(one) && meet(a, b)));
  return [...small, ...over].map(([element]) => name(element));
}"""


@pytest.mark.parametrize("language", ["en", "de"])
async def test_what_is_touched_in_the_settings_is_large_and_apart(
    desk: Desk, language: str
) -> None:
    page = desk.page
    await desk.ask("alice", "POST", "/blocks", {"acct": "bob@alpha.test"})
    await desk.ask("alice", "PATCH", "/me", {"language": language})
    await page.set_viewport_size(ViewportSize(width=320, height=700))

    for path in ("", "/blocks", "/limited-servers", "/lost-contacts"):
        await desk.open(f"/settings{path}")
        assert (path, await page.evaluate(CROWDED)) == (path, [])
    assert desk.complaints == []
