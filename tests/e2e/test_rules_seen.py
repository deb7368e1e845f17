"""What an operator's rules change is told where it is seen: in the message, and above the page."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e import journeys
from tests.e2e.conftest import Processes
from tests.e2e.desk import BASE
from tests.e2e.journeys import DESK, PASSWORD, PATIENCE_MS, PHONE, Complaints, RunningNode, page_of
from tests.e2e.screens import findings
from tests.e2e.test_files import picture
from tests.support.process_node import ProcessNode

pytestmark = pytest.mark.browser

KEEPS_BACK = (
    *("policy", "add", "quiet", "--domain", "alpha.test", "--yes"),
    *("--show", "strip_media", "--show", "disable_links", "--show", "no_preview"),
)

# In the place of what the node would have read there.
PLAN = {"url": "https://alpha.test/plan", "title": "The plan", "description": "For May"}


async def test_what_rules_keep_back_of_a_message_is_said_beside_it(
    chromium: Browser, processes: Processes, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, PHONE, complaints)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.start_group(alice, "Book circle", f"bob@{beta.domain}")
    await journeys.accept_request(bob, "Book circle", f"alice@{alpha.domain}")

    await alice.route(f"**{BASE}/previews", lambda route: route.fulfill(json=PLAN))
    await processes[1].covey(*KEEPS_BACK)
    await journeys.attach(alice, picture("beach.png"))
    await alice.get_by_label("Description of beach.png").fill("A wide beach")
    await journeys.composer(alice).fill(f"See {PLAN['url']}")
    await expect(alice.locator("card-tray")).to_contain_text("The plan", timeout=PATIENCE_MS)
    await alice.get_by_role("button", name="Send", exact=True).click()

    seen = journeys.message(bob, "See https")
    await expect(seen).to_contain_text("https://alpha.test/plan", timeout=PATIENCE_MS)
    await expect(seen).to_contain_text("Our server shows no files from there.")
    await expect(seen).to_contain_text("Our server shows no pictures and files from there.")
    await expect(seen).to_contain_text("Our server has switched links off.")
    await expect(seen).to_contain_text("Our server shows no preview of links from there.")
    await expect(seen.get_by_role("link")).to_have_count(0)
    await expect(seen.get_by_role("img", name="A wide beach")).to_have_count(0)
    assert await findings(bob) == []
    await processes[1].covey("policy", "expire", "quiet", "--yes")
    await bob.reload()

    await expect(seen.get_by_role("img", name="A wide beach")).to_be_visible(timeout=PATIENCE_MS)
    await expect(seen.get_by_role("link", name="https://alpha.test/plan")).to_be_visible()
    assert complaints == []


def let_shields_be(node: ProcessNode) -> None:
    with Path(node.config).open("a") as config:
        config.write('[policy.shields]\nstrangers = { message = "hold" }\n')


async def test_everybody_reads_above_the_page_that_protection_is_raised(
    chromium: Browser, processes: Processes, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    complaints = Complaints()
    page = await page_of(chromium, PHONE, complaints)
    await journeys.make_owner(page, two_nodes[0].owner_link, "alice", PASSWORD)
    banner = page.get_by_text("Protection is raised until")
    let_shields_be(processes[0])
    await processes[0].covey("reload")

    await processes[0].covey("policy", "shields", "up", "--for", "6h", "--reason", "A wave of spam")
    await page.reload()
    await expect(banner).to_contain_text("Reason: A wave of spam", timeout=PATIENCE_MS)
    assert await findings(page) == []
    await processes[0].covey("policy", "shields", "down")
    await page.reload()

    await expect(banner).to_be_hidden(timeout=PATIENCE_MS)
    assert complaints == []
