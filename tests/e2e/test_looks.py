"""What somebody chooses for their pages is there from the first picture on."""

import pytest
from playwright.async_api import ViewportSize, expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS
from tests.e2e.screens import OVERFLOW

pytestmark = pytest.mark.browser

GROUND = "getComputedStyle(document.body).backgroundColor"
# What stands out of its part of the page, which would not make the page wider.
MIRRORED = """() => [".icon-back", ".icon-send"].map((sign) =>
  getComputedStyle(document.querySelector(sign)).transform)"""
OFF_MIDDLE = """() => {
  const [pill, list] = ["message-list .pill:last-child", "message-list"]
    .map((part) => document.querySelector(part));
  pill.hidden = false;
  const middle = ({ left, right }) => (left + right) / 2;
  return middle(pill.getBoundingClientRect()) - middle(list.getBoundingClientRect());
}"""
CUT = """() => [...document.querySelectorAll(".scroll, .filters, conversation-list h2")]
  .filter((part) => part.scrollWidth > part.clientWidth)
  .map((part) => part.outerHTML.slice(0, 80))"""


async def test_a_chosen_theme_goes_before_that_of_the_device(desk: Desk) -> None:
    page = desk.page
    await page.emulate_media(color_scheme="light")
    await desk.open("/chat")
    light = await page.evaluate(GROUND)

    await desk.ask("alice", "PATCH", "/me", {"theme": "dark", "language": "de"})
    await desk.open("/chat")

    assert await page.evaluate(GROUND) != light
    begin = page.get_by_role("button", name="Unterhaltung beginnen")
    await expect(begin).to_be_visible(timeout=PATIENCE_MS)
    await desk.ask("alice", "PATCH", "/me", {"theme": None})
    await desk.open("/chat")
    assert await page.evaluate(GROUND) == light
    await page.emulate_media(color_scheme="dark")
    assert await page.evaluate(GROUND) != light
    assert desk.complaints == []


async def test_the_settings_work_without_scripts(desk: Desk) -> None:
    browser = desk.page.context.browser
    assert browser is not None
    context = await browser.new_context(
        java_script_enabled=False,
        ignore_https_errors=True,
        storage_state=await desk.page.context.storage_state(),
    )
    page = await context.new_page()
    await page.goto("https://alpha.test/settings")

    await page.get_by_label("About you").fill("Reads.")
    await page.get_by_role("button", name="Save").first.click()

    await expect(page.get_by_role("status")).to_have_text("Saved.")
    assert (await desk.ask("alice", "GET", "/me"))["bio"] == "Reads."


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
async def test_the_chat_fits_the_narrowest_and_the_widest_screen(
    desk: Desk, direction: str
) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle " + "W" * 60)
    await desk.ask("bob", "PATCH", "/me", {"name": "B" + "W" * 59})
    await desk.ask("alice", "POST", "/follows", {"acct": "bob@alpha.test"})
    await desk.say("bob", room, "W" * 300 + " \u202eturned \u0645\u0631\u062d\u0628\u0627")
    await page.emulate_media(forced_colors="active", reduced_motion="reduce")
    profile = "/chat/people/bob@alpha.test"
    paths = ("/chat", f"/chat/{room}", "/chat/new", "/chat/people", profile, "/settings")

    for path in paths:
        await desk.open(path)
        await expect(page.get_by_role("heading").first).to_be_attached(timeout=PATIENCE_MS)
        await page.evaluate("(direction) => { document.dir = direction; }", direction)
        # 320 px are also what 400 % leave of 1,280.
        for width in (320, 640, 3840):
            await page.set_viewport_size(ViewportSize(width=width, height=800))
            assert (path, width, await page.evaluate(OVERFLOW)) == (path, width, 0)
            assert (path, width, await page.evaluate(CUT)) == (path, width, [])
    assert desk.complaints == []


async def test_from_right_to_left_arrows_turn_and_what_is_in_the_middle_stays(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "Here I am")
    await desk.open(f"/chat/{room}")
    await expect(page.locator("message-item")).to_be_visible(timeout=PATIENCE_MS)

    for direction, mirror in (("ltr", "none"), ("rtl", "matrix(-1, 0, 0, 1, 0, 0)")):
        await page.evaluate("(direction) => { document.dir = direction; }", direction)
        assert await page.evaluate(MIRRORED) == [mirror, mirror]
        assert abs(await page.evaluate(OFF_MIDDLE)) < 1
    assert desk.complaints == []


async def test_who_is_there_is_shown_at_the_picture(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open("/chat")
    await desk.say("bob", room, "Here I am")

    row = page.locator("a.row.is-alive")
    await expect(row).to_be_visible(timeout=PATIENCE_MS)
    picture = await row.locator(".picture").bounding_box()
    face = await row.locator(".avatar").bounding_box()
    # The dot is placed by the edges of this part, which takes no more room than the face.
    assert picture == face
