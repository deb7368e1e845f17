"""A person follows others, looks at who they are, and begins with them from there."""

import re

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e import journeys
from tests.e2e.conftest import Processes, TwoNodes
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PASSWORD, PATIENCE_MS, Complaints, page_of

pytestmark = pytest.mark.browser


async def follow(page: Page, typed: str, acct: str) -> None:
    """Find somebody by what one has typed, and follow them."""
    await page.get_by_role("link", name="People").click()
    await page.get_by_label("Find anybody").fill(typed)
    await page.get_by_role("button", name="Find").click()
    await expect(page).to_have_url(re.compile(f"/chat/people/{acct}$"), timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Follow").click()


async def test_somebody_elsewhere_is_followed_and_written_to_from_their_profile(
    chromium: Browser, processes: Processes, two_nodes: TwoNodes
) -> None:
    alpha, _ = two_nodes
    await processes[1].covey("user", "add", "dora")
    complaints = Complaints()
    page = await page_of(chromium, DESK, complaints)
    dora = Desk(processes[1], page, complaints)
    said = {"name": "Dora Lind", "bio": "Mosses.", "fields": [{"name": "Page", "value": "none"}]}
    await dora.ask("dora", "PATCH", "/me", said)
    await journeys.make_owner(page, alpha.owner_link, "alice", PASSWORD)

    await follow(page, "https://beta.test/u/dora", "dora@beta.test")

    main = page.get_by_role("main")
    await expect(main.get_by_role("button", name="Unfollow")).to_be_visible(timeout=PATIENCE_MS)
    await expect(main.get_by_role("heading", name="Dora Lind")).to_be_focused()
    await expect(main).to_contain_text("Mosses.")
    await expect(main).to_contain_text("On the server beta.test")
    await page.reload()
    await main.get_by_role("link", name="Back to the people").click()
    await expect(main.get_by_role("link", name="Dora Lind")).to_be_visible(timeout=PATIENCE_MS)
    await main.get_by_role("link", name="Dora Lind").click()
    await main.get_by_role("button", name="Message").click()
    await expect(journeys.composer(page)).to_be_visible(timeout=PATIENCE_MS)
    assert complaints == []


async def test_what_cannot_be_an_address_and_who_is_not_there_is_said(desk: Desk) -> None:
    page = desk.page
    await desk.open("/chat/people")

    await page.get_by_label("Find anybody").fill("somebody")
    await page.get_by_role("button", name="Find").click()

    await expect(page.get_by_role("alert")).to_contain_text("is not a full address")
    await expect(page.get_by_text("You follow nobody yet.")).to_be_visible()
    await page.get_by_role("button", name="followers").click()
    await expect(page.get_by_text("Nobody follows you yet.")).to_be_visible()
    assert desk.complaints == []


async def test_a_group_is_started_with_those_who_are_offered(desk: Desk) -> None:
    page = desk.page
    await desk.node.covey("user", "add", "carol")
    for name in ("carol", "bob"):
        await desk.ask("alice", "POST", "/follows", {"acct": f"{name}@alpha.test"})
    await desk.ask("carol", "POST", "/follows", {"acct": "alice@alpha.test"})
    await desk.open("/chat/people")

    main = page.get_by_role("main")
    await main.get_by_role("button", name="Start a group with bob").click()

    await expect(main.get_by_role("button", name="Remove bob@alpha.test")).to_be_visible(
        timeout=PATIENCE_MS
    )
    await main.get_by_role("button", name="You follow each other").click()
    await expect(main.get_by_role("button", name="Remove carol@alpha.test")).to_be_visible()
    await main.get_by_role("button", name="Send 2 invitations").click()
    await expect(journeys.composer(page)).to_be_visible(timeout=PATIENCE_MS)
    assert desk.complaints == []


async def test_who_is_blocked_is_let_go_in_the_settings(desk: Desk) -> None:
    page = desk.page
    await desk.open("/chat/people/bob@alpha.test")

    await page.get_by_role("button", name="Block").click()

    await expect(page.get_by_role("main")).to_contain_text("You have blocked them.")
    await desk.open("/settings")
    await page.get_by_role("link", name="Blocked and muted people").click()
    await page.get_by_role("button", name="Unblock bob@alpha.test").click()
    await expect(page.get_by_text("Nobody.")).to_have_count(2)
    assert desk.complaints == []


async def test_a_person_is_reported_in_words(desk: Desk) -> None:
    page = desk.page
    await desk.open("/chat/people/bob@alpha.test")

    await page.get_by_role("button", name="Report").click()
    dialog = page.get_by_role("dialog", name="Report")
    await dialog.get_by_label("What is wrong? (optional)").fill("Sells things")
    # Nobody else's server is there to be told.
    await expect(dialog.get_by_role("checkbox")).to_have_count(1)
    await dialog.get_by_role("checkbox", name="Also block bob").check()
    await dialog.get_by_role("button", name="Report", exact=True).click()

    await expect(dialog.get_by_role("status")).to_contain_text("Thank you", timeout=PATIENCE_MS)
    await dialog.get_by_role("button", name="Close").click()
    await expect(page.get_by_role("button", name="Unblock")).to_be_visible(timeout=PATIENCE_MS)
    (report,) = (await desk.ask("alice", "GET", "/admin/reports"))["items"]
    assert (report["comment"], report["forwarded"]) == ("Sells things", False)
    assert desk.complaints == []
