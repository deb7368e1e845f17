"""Who runs a node finds its pages from the chat; none of them keeps anybody out."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.e2e.conftest import browser_for, found, started
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PASSWORD, PATIENCE_MS, Complaints, make_owner, page_of
from tests.e2e.screens import look_at

pytestmark = pytest.mark.browser

# What each address is called in pictures and findings.
PAGES = {
    "overview": "/admin",
    "accounts": "/admin/accounts",
    "account": "/admin/accounts/bob",
    "sign-ups": "/admin/sign-ups",
    "invites": "/admin/invites",
    "reports": "/admin/reports",
    "report": "/admin/reports/{report}",
    "held": "/admin/held",
    "rules": "/admin/policy",
    "new-rule": "/admin/policy/new?domains=beta.test",
    "explain": "/admin/policy/explain?recorded=x",
    "lists": "/admin/lists",
    "servers": "/admin/peers",
    "server": "/admin/peers/beta.test?block=1",
    "queue": "/admin/queue",
    "audit": "/admin/audit",
    "files": "/admin/media",
}
# What is folded away is looked at as well.
OPEN_ALL = "() => { for (const one of document.querySelectorAll('details')) one.open = true; }"


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Desk]:
    """alice, who owns a node on which bob has an account, and knows of another one."""
    async with started(tmp_path, "alpha.test", "beta.test") as nodes, browser_for(nodes) as browser:
        here, there = nodes
        complaints = Complaints()
        page = await page_of(browser, DESK, complaints)
        await make_owner(page, found(here).owner_link, "alice", PASSWORD)
        await here.covey("user", "add", "bob")
        await there.covey("user", "add", "eve")
        desk = Desk(here, page, complaints)
        draft = {"kind": "direct", "members": ["eve@beta.test"], "text": "Are you the one?"}
        await desk.ask("alice", "POST", "/conversations", draft)
        await desk.ask("alice", "POST", "/reports", {"acct": "eve@beta.test", "comment": "rude"})
        yield desk


async def test_no_page_of_the_administration_keeps_anybody_out(office: Desk) -> None:
    wrong: list[str] = []
    for language in ("en", "de"):
        await office.ask("alice", "PATCH", "/me", {"language": language})
        (report,) = (await office.ask("alice", "GET", "/admin/reports"))["items"]
        for name, path in PAGES.items():
            await office.open(path.format(report=report["id"]))
            await office.page.evaluate(OPEN_ALL)
            wrong += await look_at(office.page, f"admin-{name}", is_translated=language != "en")

    assert wrong == []
    assert office.complaints == []


async def test_the_chat_leads_whoever_runs_the_node_there(office: Desk) -> None:
    await office.open("/chat")
    await office.page.get_by_role("link", name="Administration").click()

    await expect(office.page.get_by_role("heading", name="Overview")).to_be_visible(
        timeout=PATIENCE_MS
    )
    await office.page.keyboard.press("Tab")
    await expect(office.page.get_by_role("link", name="Skip to the content")).to_be_focused()
