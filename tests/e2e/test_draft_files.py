"""What goes along with a draft is on all devices of its writer, until it is sent from one."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PATIENCE_MS, attach, composer, message
from tests.e2e.screens import look_at
from tests.e2e.test_files import AGENDA, picture
from tests.support.process_node import until

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture
async def other(desk: Desk) -> AsyncIterator[Page]:
    """alice at a second device."""
    browser = desk.page.context.browser
    assert browser is not None
    context = await browser.new_context(
        viewport=DESK,
        ignore_https_errors=True,
        storage_state=await desk.page.context.storage_state(),
    )
    page = await context.new_page()
    desk.complaints.watch(page)
    yield page
    await context.close()


def files(page: Page) -> Locator:
    return page.locator("upload-tray").get_by_role("listitem")


async def is_kept(desk: Desk, room: str, *words: str) -> bool:
    """Whether the node comes to keep a draft whose files are described so."""

    async def is_so() -> bool:
        draft: dict[str, Any] | None
        draft = (await desk.ask("alice", "GET", f"/conversations/{room}"))["draft"]
        return [one["description"] for one in (draft or {"media": []})["media"]] == list(words)

    return await until(is_so, within_s=PATIENCE_MS / 1000)


async def test_files_of_a_draft_are_shared_by_devices_and_gone_when_it_is_sent(
    desk: Desk, other: Page
) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "Where?")
    await desk.open(f"/chat/{room}")
    await attach(page, picture("beach.png"), AGENDA)
    await page.get_by_label("Description of beach.png").fill("A wide beach")
    assert await is_kept(desk, room, "A wide beach", "agenda.pdf")
    await page.get_by_role("heading", name="Book circle").click()

    await other.goto("https://alpha.test/chat")
    row = other.get_by_role("navigation").get_by_role("listitem").filter(has_text="Book circle")
    await expect(row).to_contain_text("Draft: 2 files", timeout=PATIENCE_MS)
    await row.get_by_role("link").click()
    await expect(files(other)).to_have_count(2, timeout=PATIENCE_MS)
    await expect(files(other).first.locator("img")).to_be_visible(timeout=PATIENCE_MS)
    described = other.get_by_label("Description of beach.png")
    await expect(described).to_have_value("A wide beach")
    assert await look_at(other, "draft-files") == []
    await other.set_viewport_size(DESK)
    await described.fill("A very wide beach")
    await other.get_by_role("button", name="Do not send agenda.pdf").click()
    assert await is_kept(desk, room, "A very wide beach")
    await expect(files(page)).to_have_count(1, timeout=PATIENCE_MS)
    await expect(page.get_by_label("Description of beach.png")).to_have_value("A very wide beach")

    await composer(other).fill("Here we meet")
    await composer(other).press("Enter")
    await expect(message(page, "Here we meet")).to_contain_text("sent", timeout=PATIENCE_MS)
    await expect(message(page, "Here we meet").get_by_alt_text("A very wide beach")).to_be_visible()
    await expect(files(page)).to_have_count(0, timeout=PATIENCE_MS)
    await expect(files(other)).to_have_count(0)
    assert await is_kept(desk, room)
    assert desk.complaints == []


async def test_files_of_a_draft_are_there_when_the_page_is_loaded_anew(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await attach(page, AGENDA)
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    await page.get_by_label("Description of agenda.pdf").fill("What we do")
    await page.reload()

    await expect(files(page)).to_have_count(1, timeout=PATIENCE_MS)
    await expect(page.get_by_label("Description of agenda.pdf")).to_have_value("What we do")
    await page.get_by_role("button", name="Do not send agenda.pdf").click()
    await composer(page).fill("later")
    await expect(files(page)).to_have_count(0)
    assert await is_kept(desk, room)
    assert desk.complaints == []
