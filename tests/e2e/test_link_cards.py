"""Whoever sends a link sees what goes along with it; whoever reads it asks nobody."""

import pytest
from playwright.async_api import Route, expect

from tests.e2e import journeys
from tests.e2e.desk import BASE, Desk
from tests.e2e.journeys import PATIENCE_MS

pytestmark = pytest.mark.browser

URL = "https://tea.example/a"
TEA = {"url": URL, "title": "Tea <b>hot</b>", "description": "Hot & sweet"}


async def node_has_looked(desk: Desk) -> list[str]:
    """The node of the test reaches no other server: what it would have read is put in its place."""
    asked: list[str] = []

    async def answer(route: Route) -> None:
        asked.append(str((route.request.post_data_json or {})["url"]))
        await route.fulfill(json=TEA)

    await desk.page.route(f"**{BASE}/previews", answer)
    return asked


async def test_a_card_is_seen_before_it_is_sent_and_afterwards(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    asked = await node_has_looked(desk)
    requests: list[str] = []
    page.on("request", lambda one: requests.append(one.url))
    await desk.open(f"/chat/{room}")

    await journeys.composer(page).fill(f"Look at {URL}, please")
    await expect(page.locator("card-tray")).to_contain_text("Tea <b>hot</b>", timeout=PATIENCE_MS)
    await journeys.composer(page).press("Enter")

    card = page.get_by_role("article").get_by_role("link", name="Tea <b>hot</b>")
    await expect(card).to_have_attribute("href", URL, timeout=PATIENCE_MS)
    await expect(card).to_contain_text("tea.example")
    await expect(page.locator("card-tray")).to_be_hidden()
    await expect(journeys.message(page, "Look at")).to_contain_text("sent", timeout=PATIENCE_MS)
    (shown,) = (await desk.ask("bob", "GET", f"/conversations/{room}/messages"))["items"]
    assert shown["preview"] == TEA
    assert asked == [URL]
    assert [url for url in requests if "tea.example" in url] == []
    assert desk.complaints == []


async def test_a_card_may_be_left_out(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await node_has_looked(desk)
    await desk.open(f"/chat/{room}")
    await journeys.composer(page).fill(f"Look at {URL}")

    await page.get_by_role("button", name="Leave out the preview").click(timeout=PATIENCE_MS)
    await expect(journeys.composer(page)).to_be_focused()
    await journeys.composer(page).press("Enter")

    await expect(journeys.message(page, "Look at")).to_contain_text("sent", timeout=PATIENCE_MS)
    (shown,) = (await desk.ask("bob", "GET", f"/conversations/{room}/messages"))["items"]
    assert shown["preview"] is None
    assert desk.complaints == []


async def test_whoever_wants_no_cards_is_asked_about_none(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    asked = await node_has_looked(desk)
    await desk.open("/settings")
    choice = page.get_by_label("Show a card for the links I send")
    await expect(choice).to_be_checked()
    await choice.uncheck()
    form = page.locator("form[action^='/settings/privacy']")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await expect(choice).not_to_be_checked()

    await page.clock.install()
    await desk.open(f"/chat/{room}")
    await journeys.composer(page).fill(f"Look at {URL}")
    await page.wait_for_function("() => 'look' in document.querySelector('card-tray')")
    # Longer than any pause after which a page is looked at.
    await page.clock.run_for(5_000)
    await journeys.composer(page).press("Enter")

    await expect(journeys.message(page, "Look at")).to_contain_text("sent", timeout=PATIENCE_MS)
    (shown,) = (await desk.ask("bob", "GET", f"/conversations/{room}/messages"))["items"]
    assert shown["preview"] is None
    assert asked == []
    assert desk.complaints == []
