"""People choose pictures, and others see them where letters stood."""

import pytest
from playwright.async_api import Browser, FilePayload, Locator, Page, expect

from tests.e2e import journeys
from tests.e2e.conftest import TwoNodes
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PASSWORD, PATIENCE_MS, PHONE, Complaints, page_of
from tests.support.media import picture

pytestmark = pytest.mark.browser

FACE = FilePayload(name="me.jpg", mimeType="image/jpeg", buffer=picture("JPEG", (90, 60)))
TEXT = FilePayload(name="me.txt", mimeType="text/plain", buffer=b"hello")


async def choose(page: Page, base_url: str, file: FilePayload) -> None:
    """Choose a picture of oneself in the settings."""
    await page.goto(f"{base_url}/settings")
    await page.get_by_label("Picture", exact=True).set_input_files(file)
    await page.get_by_role("button", name="Use this picture").click()


async def is_drawn(place: Locator) -> None:
    """There is a picture, and it has come."""
    image = place.locator(".avatar img")
    await expect(image).to_be_visible(timeout=PATIENCE_MS)
    await expect(image).to_have_js_property("complete", value=True, timeout=PATIENCE_MS)
    assert await image.evaluate("image => image.naturalWidth") > 0


async def test_a_picture_is_seen_on_another_server(chromium: Browser, two_nodes: TwoNodes) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, PHONE, complaints)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.start_group(alice, "Book circle", f"bob@{beta.domain}")
    await journeys.accept_request(bob, "Book circle", f"alice@{alpha.domain}")

    await choose(bob, beta.base_url, FACE)
    await expect(bob.get_by_role("img", name="Your picture")).to_be_visible()
    await bob.get_by_role("link", name="Back to the conversations").click()
    await bob.get_by_role("link", name="Book circle").click()
    await journeys.say(bob, "after")
    await journeys.hears(alice, "after")

    await is_drawn(journeys.message(alice, "after"))
    await is_drawn(
        alice.get_by_role("complementary").get_by_role("listitem").filter(has_text="bob")
    )
    await alice.goto(f"{alpha.base_url}/chat/people/bob@{beta.domain}")
    await is_drawn(alice.get_by_role("main"))
    assert complaints == []


async def test_it_is_chosen_and_removed_without_javascript(desk: Desk) -> None:
    browser = desk.page.context.browser
    assert browser is not None
    context = await browser.new_context(java_script_enabled=False, ignore_https_errors=True)
    page = await context.new_page()
    base_url = f"https://{desk.node.name}"
    await page.goto(f"{base_url}/sign-in?to=/settings")
    await journeys.fill_in_sign_in(page, "alice", PASSWORD)

    await choose(page, base_url, TEXT)
    await expect(page.get_by_role("alert")).to_contain_text("This file is no picture")
    await choose(page, base_url, FACE)
    await expect(page.get_by_role("status")).to_contain_text("Others see this picture")
    me = await desk.ask("alice", "GET", "/me")
    await page.get_by_role("button", name="Remove picture").click()
    await expect(page.get_by_role("status")).to_contain_text("Your picture is removed.")

    assert me["picture"].startswith("/api/covey/v1/people/alice@alpha.test/picture?v=")
    assert "picture" not in await desk.ask("alice", "GET", "/me")


async def test_a_group_gets_a_picture_and_loses_it(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    draft = {"kind": "group", "title": "Book circle", "members": ["bob@alpha.test"]}
    room = (await desk.ask("alice", "POST", "/conversations", draft))["id"]
    # What a group has from its beginning is no change of it.
    await desk.ask("bob", "POST", f"/conversations/{room}/accept")
    await desk.open(f"/chat/{room}")
    form = page.locator("group-form")
    row = page.get_by_role("navigation").get_by_role("listitem").filter(has_text="Book circle")

    await form.locator("input[type=file]").set_input_files(FACE)

    await is_drawn(row)
    await is_drawn(page.get_by_role("main").locator(".picture"))
    await is_drawn(form)
    await expect(page.get_by_text("alice changed the picture of the group")).to_be_visible(
        timeout=PATIENCE_MS
    )
    await form.get_by_role("button", name="Remove picture").click()
    await expect(page.locator(".avatar img")).to_have_count(0, timeout=PATIENCE_MS)
    await form.locator("input[type=file]").set_input_files(TEXT)
    await expect(form.get_by_role("status")).to_contain_text("A picture is a JPEG")
    # The browser says itself what was refused.
    assert [line for line in desk.complaints if "422" not in line] == []
