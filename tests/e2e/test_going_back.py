"""Going back closes what lies over a room and stays in it; on no way is the focus lost."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PATIENCE_MS
from tests.e2e.test_files import picture

pytestmark = pytest.mark.browser

ENTRIES = "history.length"


async def open_from_list(desk: Desk, title: str) -> str:
    """A group with something said in it, opened from the list as by a finger."""
    room = await desk.group_of_bob(title)
    await desk.say("bob", room, "The newest word")
    await desk.open("/chat")
    await desk.page.get_by_role("link", name=title).click()
    await expect(journeys.message(desk.page, "The newest word")).to_be_visible(timeout=PATIENCE_MS)
    return room


def details_of(page: Page) -> Locator:
    return page.get_by_role("complementary")


def search_of(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Search")


async def expect_list(page: Page, title: str) -> None:
    """The list is what is seen, and the row that was open has the focus."""
    await expect(page.get_by_role("navigation", name="Conversations")).to_be_visible()
    await expect(page.get_by_role("link", name=title)).to_be_focused()


async def test_back_from_the_details_stays_in_the_room_on_a_phone(desk: Desk) -> None:
    page = desk.page
    room = await open_from_list(desk, "Book circle")
    opener = page.get_by_role("button", name="Members and details")

    await opener.click()
    await expect(details_of(page)).to_be_visible()
    await page.go_back()
    await expect(details_of(page)).to_be_hidden()
    await expect(opener).to_be_focused()
    await page.go_forward()
    await expect(details_of(page).get_by_role("button", name="Close")).to_be_focused()
    await page.reload()
    await expect(details_of(page).get_by_text("bob", exact=True)).to_be_visible(timeout=PATIENCE_MS)
    await details_of(page).get_by_role("button", name="Close").click()
    await expect(details_of(page)).to_be_hidden()
    await expect(page).to_have_url(f"https://{desk.node.name}/chat/{room}")
    await page.go_back()

    await expect_list(page, "Book circle")
    assert desk.complaints == []


async def test_back_from_what_is_searched_for_in_the_details_leads_to_them(desk: Desk) -> None:
    page = desk.page
    await open_from_list(desk, "Book circle")
    await page.get_by_role("button", name="Members and details").click()

    await details_of(page).get_by_role("button", name="Files").click()
    await expect(search_of(page)).to_be_visible()
    await page.go_back()
    await expect(search_of(page)).to_be_hidden()
    await expect(details_of(page).get_by_role("button", name="Files")).to_be_focused()
    await page.go_back()

    await expect(details_of(page)).to_be_hidden()
    await expect(journeys.message(page, "The newest word")).to_be_visible()
    assert desk.complaints == []


async def test_back_from_a_search_stays_where_it_was_begun(desk: Desk) -> None:
    page = desk.page
    await open_from_list(desk, "Book circle")
    other = await desk.group_of_bob("Tea club")
    await desk.say("bob", other, "Earl Grey is out")
    before = await page.evaluate(ENTRIES)

    await page.get_by_role("button", name="Search in this conversation").click()
    await expect(search_of(page)).to_be_visible()
    await page.go_back()
    await expect(search_of(page)).to_be_hidden()
    await page.go_forward()
    await expect(search_of(page)).to_be_visible()
    await search_of(page).get_by_role("button", name="Close").click()
    await expect(search_of(page)).to_be_hidden()
    await page.keyboard.press("Control+k")
    await page.keyboard.press("Escape")
    await expect(search_of(page)).to_be_hidden()
    assert await page.evaluate(ENTRIES) == before + 1
    await page.keyboard.press("Control+k")
    await page.keyboard.type("Earl")
    await search_of(page).get_by_role("option", name="Earl Grey").click(timeout=PATIENCE_MS)
    await expect(journeys.message(page, "Earl Grey")).to_be_focused(timeout=PATIENCE_MS)
    await page.go_back()

    await expect(journeys.message(page, "The newest word")).to_be_visible()
    await expect(search_of(page)).to_be_hidden()
    await page.go_back()
    await expect_list(page, "Book circle")
    assert desk.complaints == []


async def test_back_from_a_picture_stays_in_the_room(desk: Desk) -> None:
    page = desk.page
    await open_from_list(desk, "Book circle")
    await journeys.attach(page, picture("beach.png"))
    await page.get_by_label("Description of beach.png").fill("A wide beach")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    await page.get_by_role("button", name="Send", exact=True).click()
    sent = page.get_by_role("article").filter(has=page.get_by_role("img"))
    await expect(sent).to_contain_text("sent", timeout=PATIENCE_MS)
    shown = sent.get_by_role("button", name="A wide beach")
    viewer = page.get_by_role("dialog", name="Picture")

    await shown.click()
    await expect(viewer).to_be_visible()
    await page.go_back()
    await expect(viewer).to_be_hidden()
    await expect(shown).to_be_focused()
    await page.go_forward()
    await expect(viewer.get_by_role("img", name="A wide beach")).to_be_visible()
    await page.reload()
    await expect(viewer.get_by_role("img", name="A wide beach")).to_be_visible()
    await viewer.get_by_role("button", name="Close").click()
    await expect(viewer).to_be_hidden()
    await page.go_back()

    await expect_list(page, "Book circle")
    assert desk.complaints == []


async def test_word_of_a_close_that_comes_late_closes_nothing_new(desk: Desk) -> None:
    page = desk.page
    await open_from_list(desk, "Book circle")
    await page.keyboard.press("Control+k")
    search = page.get_by_role("dialog", name="Search")
    await expect(search).to_be_visible()

    # A browser tells of a close in a task of its own: by then it may have been opened again.
    await search.evaluate("(dialog) => dialog.dispatchEvent(new Event('close'))")
    await search.get_by_role("combobox").first.fill("beach")

    await expect(search.get_by_role("combobox").first).to_have_value("beach")
    assert await search.evaluate("(dialog) => dialog.open")


async def test_back_from_a_menu_or_a_question_stays_in_the_room(desk: Desk) -> None:
    page = desk.page
    await open_from_list(desk, "Book circle")
    menu = page.get_by_role("menu", name="Message actions")
    dialog = page.get_by_role("dialog", name="Report")

    await journeys.message(page, "The newest word").locator(".body").click(button="right")
    await expect(menu).to_be_visible()
    await page.go_back()
    await expect(menu).to_be_hidden()
    await journeys.choose(page, "The newest word", "Report")
    await expect(dialog).to_be_visible()
    await page.go_back()
    await expect(dialog).to_be_hidden()
    await page.go_forward()
    await journeys.choose(page, "The newest word", "Report")
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(dialog).to_be_hidden()
    await expect(journeys.message(page, "The newest word")).to_be_visible()
    await page.go_back()

    await expect_list(page, "Book circle")
    assert desk.complaints == []


async def test_who_leaves_from_the_details_is_a_step_from_the_list(desk: Desk) -> None:
    page = desk.page
    await open_from_list(desk, "Book circle")
    await page.get_by_role("button", name="Members and details").click()
    await details_of(page).get_by_role("button", name="Leave this group").click()
    dialog = page.get_by_role("dialog", name="Leave this group")

    await page.go_back()
    await expect(dialog).to_be_hidden()
    await expect(details_of(page)).to_be_visible()
    await details_of(page).get_by_role("button", name="Leave this group").click()
    await dialog.get_by_role("button", name="Leave", exact=True).click()
    await expect(page.get_by_text("You have left this group.")).to_be_focused(timeout=PATIENCE_MS)
    await page.go_back()

    await expect_list(page, "Book circle")
    assert desk.complaints == []


async def test_the_way_back_to_the_list_is_the_way_one_came(desk: Desk) -> None:
    page = desk.page
    await open_from_list(desk, "Book circle")
    entries = await page.evaluate(ENTRIES)

    for _ in range(3):
        await page.get_by_role("link", name="Back").click()
        await expect_list(page, "Book circle")
        await page.get_by_role("link", name="Book circle").click()
        await expect(journeys.message(page, "The newest word")).to_be_visible()

    assert await page.evaluate(ENTRIES) == entries
    assert desk.complaints == []


async def test_on_a_wide_screen_the_details_are_no_place_of_their_own(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    await open_from_list(desk, "Book circle")
    entries = await page.evaluate(ENTRIES)
    opener = page.get_by_role("button", name="Members and details")

    await expect(details_of(page)).to_be_visible()
    await opener.click()
    await expect(details_of(page)).to_be_hidden()
    await opener.click()
    await expect(details_of(page)).to_be_visible()

    assert await page.evaluate(ENTRIES) == entries
    await page.go_back()
    await expect(page.get_by_role("link", name="Book circle")).to_be_focused()
    assert desk.complaints == []


async def test_a_room_that_is_loaded_has_the_focus_where_one_goes_on(desk: Desk) -> None:
    page = desk.page
    room = await desk.group_of_bob("Book circle")

    await desk.open(f"/chat/{room}")
    await expect(journeys.composer(page)).to_be_focused(timeout=PATIENCE_MS)
    await desk.open("/chat/nothing")
    await expect(page.get_by_role("main")).to_be_focused(timeout=PATIENCE_MS)

    assert desk.complaints == []


@pytest.mark.parametrize("answer", ["Decline", "Block this person"])
async def test_who_has_answered_one_request_is_at_the_next(desk: Desk, answer: str) -> None:
    page = desk.page
    await desk.node.covey("user", "add", "cora")
    for name in ("bob", "cora"):
        draft = {"kind": "direct", "members": [f"alice@{desk.node.name}"], "text": "Hello"}
        await desk.ask(name, "POST", "/conversations", draft)
    await desk.open("/chat")
    first = page.get_by_role("link", name="Request from bob")
    await first.focus()
    await page.keyboard.press("Enter")
    card = page.get_by_role("main")
    await expect(card.get_by_role("heading")).to_be_focused(timeout=PATIENCE_MS)

    await card.get_by_text("More").click()
    await card.get_by_role("button", name=answer).press("Enter")
    await expect(page.get_by_role("link", name="Request from cora")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(card.get_by_role("heading")).to_be_focused(timeout=PATIENCE_MS)
    await card.get_by_role("button", name="Accept", exact=True).press("Enter")
    await expect(journeys.composer(page)).to_be_focused(timeout=PATIENCE_MS)

    assert desk.complaints == []
