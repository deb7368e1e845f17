"""alice keeps her list in order, and finds again what was said."""

import pytest
from playwright.async_api import Locator, Route, expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, message
from tests.e2e.touch import Finger

pytestmark = pytest.mark.browser


def row(desk: Desk, title: str) -> Locator:
    return desk.page.get_by_role("navigation").get_by_role("listitem").filter(has_text=title)


async def choose(desk: Desk, title: str, *names: str) -> None:
    """Open a row's menu and choose in it, as with a mouse."""
    await row(desk, title).get_by_role("link").click(button="right")
    for name in names:
        await desk.page.get_by_role("menuitem", name=name).click()


async def search(desk: Desk) -> None:
    await desk.page.keyboard.press("Control+k")
    await expect(desk.page.get_by_role("combobox")).to_be_focused()


async def titles(desk: Desk) -> list[str]:
    return await desk.page.locator("nav .rows .title").all_text_contents()


async def test_what_is_pinned_stands_above_and_what_is_archived_away(desk: Desk) -> None:
    await desk.page.set_viewport_size(DESK)
    cake = [await desk.group_of_bob(title) for title in ("tea", "cake", "jam")][1]
    await desk.open("/chat")
    await expect(row(desk, "jam")).to_be_visible()

    await choose(desk, "tea", "Pin")
    await expect(row(desk, "tea").get_by_text("Pinned")).to_have_count(1)
    await choose(desk, "jam", "Mute…", "For an hour")
    await expect(row(desk, "jam").get_by_text("Muted")).to_have_count(1)
    await choose(desk, "cake", "Archive")
    await desk.page.mouse.move(900, 400)

    await expect(row(desk, "cake")).to_have_count(0)
    assert await titles(desk) == ["tea", "jam"]
    await desk.page.reload()
    await expect(row(desk, "jam")).to_be_visible()
    assert await titles(desk) == ["tea", "jam"]
    await desk.page.get_by_role("button", name="Archived").click()
    await expect(row(desk, "cake")).to_be_visible()
    assert await titles(desk) == ["cake"]
    await desk.say("bob", cake, "it is ready")
    await expect(desk.page.get_by_text("Nothing is archived.")).to_be_visible()
    await desk.page.get_by_role("button", name="All", exact=True).click()
    assert (await titles(desk))[0] == "tea"
    assert desk.complaints == []


async def test_a_row_is_marked_as_unread_and_read_by_the_keyboard(desk: Desk) -> None:
    room = await desk.group_of_bob("tea")
    await desk.say("bob", room, "hello")
    await desk.open("/chat")
    await expect(row(desk, "tea").get_by_label("1 unread message")).to_be_visible()

    await row(desk, "tea").get_by_role("link").focus()
    await desk.page.keyboard.press("Shift+F10")
    await expect(desk.page.get_by_role("menuitem", name="Mark as read")).to_be_focused()
    await desk.page.keyboard.press("Enter")
    await expect(row(desk, "tea").get_by_label("1 unread message")).to_have_count(0)
    await expect(row(desk, "tea").get_by_role("link")).to_be_focused()
    await desk.page.keyboard.press("Shift+F10")
    await desk.page.keyboard.press("Enter")

    await expect(row(desk, "tea").get_by_label("Marked as unread")).to_be_visible()
    assert await desk.unread("alice", room) == 0
    await row(desk, "tea").get_by_role("link").click()
    await expect(message(desk.page, "hello")).to_be_visible()
    await desk.page.go_back()
    await expect(row(desk, "tea").get_by_label("Marked as unread")).to_have_count(0)
    assert desk.complaints == []


async def test_a_word_leads_back_to_the_message_that_has_it(desk: Desk) -> None:
    await desk.page.set_viewport_size(DESK)
    tea = await desk.group_of_bob("tea")
    await desk.say("bob", tea, "the needle lies here")
    for number in range(60):
        await desk.say("bob", tea, f"straw {number}")
    await desk.group_of_bob("cake")
    await desk.open("/chat")
    await expect(row(desk, "cake")).to_be_visible()

    await search(desk)
    await desk.page.keyboard.type("needle")
    found = desk.page.get_by_role("option", name="the needle lies here")
    await expect(found).to_be_visible()
    await desk.page.keyboard.press("Enter")

    await expect(message(desk.page, "the needle lies here")).to_be_in_viewport()
    await search(desk)
    await desk.page.keyboard.type("no such thing")
    await expect(desk.page.get_by_text("Nothing found for “no such thing”.")).to_be_visible()
    await desk.page.keyboard.press("Escape")
    await search(desk)
    await desk.page.keyboard.type("cak")
    await desk.page.keyboard.press("Enter")
    await expect(desk.page.get_by_role("heading", name="cake")).to_be_visible()
    assert desk.complaints == []


async def test_no_row_moves_under_the_pointer(desk: Desk) -> None:
    await desk.page.set_viewport_size(DESK)
    tea = await desk.group_of_bob("tea")
    await desk.group_of_bob("cake")
    await desk.open("/chat")
    await row(desk, "cake").hover()

    await desk.say("bob", tea, "hello")
    await expect(row(desk, "tea")).to_contain_text("hello")
    assert await titles(desk) == ["cake", "tea"]
    await desk.page.mouse.move(900, 400)

    await expect(desk.page.locator("nav .rows .title").first).to_have_text("tea")
    assert desk.complaints == []


async def test_of_a_thousand_conversations_a_stretch_is_drawn_and_the_last_can_be_reached(
    desk: Desk,
) -> None:
    await desk.group_of_bob("tea")

    (one,) = (await desk.ask("alice", "GET", "/conversations"))["items"]
    many = [{**one, "id": f"{one['id']}{n}", "title": f"Room {n}"} for n in range(1000)]

    async def multiply(route: Route) -> None:
        await route.fulfill(json={"items": many})

    await desk.page.route("**/api/covey/v1/conversations?*", multiply)
    await desk.open("/chat")
    rows = desk.page.locator("nav .rows .title")
    await expect(rows).to_have_count(100)

    for shown in range(200, 1001, 100):
        await rows.last.scroll_into_view_if_needed()
        await expect(rows).to_have_count(shown)
    assert desk.complaints == []


async def test_a_finger_draws_a_row_to_read_and_to_put_it_away(desk: Desk) -> None:
    tea, _jam = [await desk.group_of_bob(title) for title in ("tea", "jam")]
    await desk.say("bob", tea, "hello")
    await desk.open("/chat")
    unread = row(desk, "tea").get_by_label("1 unread message")
    await expect(unread).to_be_visible()

    async with Finger(desk.page) as finger:
        await finger.draw(row(desk, "tea"), right=150)
        await expect(unread).to_have_count(0)
        await finger.draw(row(desk, "tea"), right=150)
        await expect(row(desk, "tea").get_by_label("Marked as unread")).to_be_visible()
        await finger.draw(row(desk, "tea"), right=-150)
        await expect(row(desk, "tea")).to_have_count(0)
        assert await titles(desk) == ["jam"]
        await desk.page.get_by_role("button", name="Archived").click()
        await finger.put_on(row(desk, "tea"))
        await finger.move(right=-150)
        await expect(row(desk, "tea")).to_contain_text("Take out of the archive")
        await finger.lift()
        await expect(desk.page.get_by_text("Nothing is archived.")).to_be_visible()

    await desk.page.get_by_role("button", name="All", exact=True).click()
    await expect(row(desk, "tea")).to_be_visible()
    assert desk.page.url.endswith("/chat")
    assert desk.complaints == []


async def test_a_finger_that_scrolls_or_turns_back_changes_no_row(desk: Desk) -> None:
    for number in range(4):
        await desk.group_of_bob(f"tea {number}")
    await desk.page.set_viewport_size({"width": 360, "height": 320})
    await desk.open("/chat")
    await expect(row(desk, "tea 3")).to_be_visible()
    shown = desk.page.locator("conversation-list .scroll")

    async with Finger(desk.page) as finger:
        await finger.draw(row(desk, "tea 3"), right=20, down=-100)
        assert await shown.evaluate("(element) => element.scrollTop") > 20
        await shown.evaluate("(element) => (element.scrollTop = 0)")
        await finger.put_on(row(desk, "tea 3"))
        await finger.move(right=-150)
        await expect(row(desk, "tea 3").get_by_text("Archive")).to_be_visible()
        await finger.move(right=140)
        await finger.lift()
        await expect(row(desk, "tea 3").get_by_text("Archive")).to_have_count(0)
        await finger.draw(row(desk, "tea 3"), right=40)

    await desk.page.reload()
    await expect(row(desk, "tea 3")).to_be_visible()
    await expect(desk.page.get_by_label("Marked as unread")).to_have_count(0)
    assert desk.complaints == []
