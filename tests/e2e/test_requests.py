"""What a stranger sends waits, and can be read in plain words before it is answered."""

from datetime import datetime

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e import journeys
from tests.e2e.conftest import Processes
from tests.e2e.journeys import DESK, PASSWORD, PATIENCE_MS, PHONE, Complaints, RunningNode, page_of
from tests.e2e.screens import findings

pytestmark = pytest.mark.browser


async def test_a_strangers_message_is_read_in_plain_words_before_it_is_accepted(
    chromium: Browser, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, PHONE, complaints)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.write_to(alice, f"bob@{beta.domain}")
    await journeys.say(alice, "Hello, see https://alpha.test/plan")

    await bob.get_by_role("link", name=f"Request from alice@{alpha.domain}").click(
        timeout=PATIENCE_MS
    )
    card = bob.get_by_role("main")
    await expect(card.get_by_role("heading")).to_contain_text("know writes to you")
    await expect(card).to_contain_text(f"alice@{alpha.domain}")
    await expect(card).to_contain_text(f"On the server {alpha.domain}")
    await expect(card).to_contain_text("1 message waits")
    await expect(card).not_to_contain_text("group")
    await expect(card).to_contain_text("Hello, see https://alpha.test/plan")
    await expect(card.get_by_role("link", name="plan")).to_have_count(0)
    await expect(card.get_by_role("button", name="Show")).to_have_count(0)

    await card.get_by_role("button", name="Accept").click()
    await expect(journeys.composer(bob)).to_be_visible()
    await expect(bob.get_by_role("link", name="https://alpha.test/plan")).to_be_visible()
    assert complaints == []


async def test_a_request_to_several_names_whom_else_it_is_for(
    chromium: Browser, processes: Processes, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    alpha, beta = two_nodes
    await processes[1].covey("user", "add", "carol")
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, DESK, complaints)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.write_to(alice, f"bob@{beta.domain}", f"carol@{beta.domain}")
    await journeys.say(alice, "Hello you two")

    await bob.get_by_role("link", name=f"Request from alice@{alpha.domain}").click(
        timeout=PATIENCE_MS
    )

    card = bob.get_by_role("main")
    await expect(card.get_by_role("heading")).to_contain_text("know writes to you and 1 more")
    await expect(card).to_contain_text(f"Also to carol@{beta.domain}")
    await expect(card.locator(".words")).to_contain_text(f"alice@{alpha.domain}Hello you two")
    await card.get_by_role("button", name="Decline").click()
    await expect(bob.get_by_role("link", name="Request from")).to_have_count(0)
    assert complaints == []


async def test_who_asks_is_shown_and_can_be_kept_out_in_several_ways(
    chromium: Browser, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, DESK, complaints)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.write_to(alice, f"bob@{beta.domain}")
    await journeys.say(alice, "Hello")
    request = bob.get_by_role("link", name=f"Request from alice@{alpha.domain}")

    await request.click(timeout=PATIENCE_MS)
    card = bob.get_by_role("main")
    today = datetime.now().astimezone()
    since = f"Your server has known {alpha.domain} since: {today:%B %-d, %Y}"
    await expect(card).to_contain_text(since)
    await expect(card).to_contain_text("Nobody whom you follow has to do with them.")
    await card.get_by_text("More").click()
    await card.get_by_role("button", name="Delete").click()
    await expect(request).to_have_count(0)

    await journeys.say(alice, "Hello again")
    await request.click(timeout=PATIENCE_MS)
    await card.get_by_text("More").click()
    await card.get_by_role("button", name=f"Block everybody of {alpha.domain}").click()
    await expect(request).to_have_count(0)
    await bob.goto(f"{beta.base_url}/settings/blocks")
    await bob.get_by_role("button", name=f"Unblock {alpha.domain}").click()
    await expect(bob.get_by_text("None.")).to_be_visible()
    assert complaints == []


async def strangers_words(
    chromium: Browser, nodes: tuple[RunningNode, RunningNode], complaints: Complaints
) -> Page:
    """bob, on a phone, before the request that alice has sent from the other node."""
    alpha, beta = nodes
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, PHONE, complaints)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.write_to(alice, f"bob@{beta.domain}")
    await journeys.say(alice, "Buy my pills")
    await bob.get_by_role("link", name=f"Request from alice@{alpha.domain}").click(
        timeout=PATIENCE_MS
    )
    return bob


async def test_what_a_rule_has_marked_is_read_by_whoever_asks_for_it(
    chromium: Browser, processes: Processes, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    rule = ("pills", "--domain", "alpha.test", "--action", "request", "--yes")
    await processes[1].covey("policy", "add", *rule)
    complaints = Complaints()
    bob = await strangers_words(chromium, two_nodes, complaints)
    card = bob.get_by_role("main")

    await expect(card).to_contain_text("A rule of your server has marked what was written.")
    await expect(card).not_to_contain_text("Buy my pills")
    await card.get_by_role("button", name="Show text").click()
    await expect(card.locator(".words")).to_be_focused()
    await expect(card).to_contain_text("Buy my pills")
    await expect(card.get_by_role("button", name="Show text")).to_be_hidden()
    assert await findings(bob) == []
    await card.get_by_role("button", name="Accept", exact=True).click()

    await expect(journeys.message(bob, "Buy my pills")).to_be_visible(timeout=PATIENCE_MS)
    assert complaints == []


async def ask_to_report(page: Page) -> Locator:
    """The dialog that asks before a request is reported."""
    await page.get_by_role("main").get_by_text("More").click(timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Report with these messages").click()
    return page.get_by_role("dialog", name="Report")


async def test_a_request_is_not_reported_before_that_is_confirmed(
    chromium: Browser, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    bob = await strangers_words(chromium, two_nodes, complaints)

    dialog = await ask_to_report(bob)
    await expect(dialog).to_contain_text("This message goes to our moderators")
    forward = dialog.get_by_role("checkbox", name=f"Also tell the moderators of {alpha.domain}")
    await expect(forward).not_to_be_checked()
    await expect(dialog).to_contain_text("neither your name nor what you write here")
    await dialog.get_by_role("button", name="Cancel").click()

    await bob.goto(f"{beta.base_url}/admin/reports")
    await expect(bob.get_by_role("main")).to_be_visible()
    await expect(bob.get_by_text(f"alice@{alpha.domain}")).to_have_count(0)
    assert complaints == []


async def test_a_request_is_reported_with_a_reason_and_its_sender_blocked(
    chromium: Browser, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    bob = await strangers_words(chromium, two_nodes, complaints)

    dialog = await ask_to_report(bob)
    await dialog.get_by_label("What is wrong? (optional)").fill("Advertising")
    await dialog.get_by_role("checkbox", name="Also block alice").check()
    await dialog.get_by_role("button", name="Report", exact=True).click()
    await expect(dialog).to_contain_text("you hear nothing more of alice", timeout=PATIENCE_MS)
    await dialog.get_by_role("button", name="Close").click()

    await expect(bob.get_by_role("link", name="Request from")).to_have_count(0)
    await bob.goto(f"{beta.base_url}/settings/blocks")
    await expect(bob.get_by_role("button", name=f"Unblock alice@{alpha.domain}")).to_be_visible()
    await bob.goto(f"{beta.base_url}/admin/reports")
    await expect(bob.get_by_role("main")).to_contain_text("Advertising")
    assert complaints == []
