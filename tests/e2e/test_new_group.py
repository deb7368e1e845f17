"""A group is put together on a page of its own, which says what its button will do."""

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PATIENCE_MS
from tests.e2e.test_pictures import FACE, is_drawn

pytestmark = pytest.mark.browser


async def chooses(page: Page, *accts: str) -> None:
    """These people stand among those who are chosen."""
    for acct in accts:
        await expect(page.get_by_role("button", name=f"Remove {acct}")).to_be_visible(
            timeout=PATIENCE_MS
        )


async def test_a_group_is_made_of_what_was_chosen(desk: Desk) -> None:
    page = desk.page
    await desk.node.covey("user", "add", "carol")
    await page.get_by_role("button", name="New conversation").click()
    await expect(page.get_by_label("People", exact=True)).to_be_focused(timeout=PATIENCE_MS)

    for acct in ("bob@alpha.test", "carol@alpha.test"):
        await page.get_by_label("People", exact=True).fill(acct)
        await page.get_by_label("People", exact=True).press("Enter")
        await chooses(page, acct)
    await expect(page.get_by_text("Without a name it is called “bob and carol”.")).to_be_visible()
    await page.get_by_label("Name of the group (optional)").fill("Tea club")
    await page.locator("new-conversation input[type=file]").set_input_files(FACE)
    await expect(page.locator("new-conversation canvas")).to_be_visible()
    await page.get_by_label("Who may invite").select_option("All members")
    await page.get_by_label("What newcomers can read").select_option("Everything")
    await page.get_by_role("button", name="Send 2 invitations").click()

    await expect(page.get_by_role("heading", name="Tea club")).to_be_visible(timeout=PATIENCE_MS)
    await is_drawn(page.get_by_role("main").locator(".picture"))
    (made,) = (await desk.ask("alice", "GET", "/conversations"))["items"]
    assert (made["settings"]["invite"], made["settings"]["history"]) == ("member", "shared")
    assert desk.complaints == []


async def test_the_address_says_who_is_chosen(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    await desk.node.covey("user", "add", "carol")

    await desk.open("/chat/new?with=bob@alpha.test")
    await chooses(page, "bob@alpha.test")
    await page.get_by_label("People", exact=True).fill("carol@alpha.test")
    await page.get_by_role("button", name="Add", exact=True).click()
    await chooses(page, "carol@alpha.test")
    await page.reload()
    await chooses(page, "bob@alpha.test", "carol@alpha.test")
    await page.get_by_role("button", name="Remove bob@alpha.test").click()

    await expect(page).to_have_url(re.compile(r"/chat/new\?with=carol%40alpha.test$"))
    await page.get_by_role("button", name="New conversation").click()
    await expect(page.get_by_role("button", name="Remove carol@alpha.test")).to_have_count(0)
    assert desk.complaints == []


async def test_one_person_is_written_to(desk: Desk) -> None:
    page = desk.page
    await desk.open("/chat/people")

    await page.get_by_role("link", name="Start a group with people you follow").click()
    await page.get_by_label("People", exact=True).fill("bob@alpha.test")
    await page.get_by_role("button", name="Add", exact=True).click()
    await chooses(page, "bob@alpha.test")
    await page.get_by_role("button", name="Write to bob").click()

    await expect(journeys.composer(page)).to_be_visible(timeout=PATIENCE_MS)
    (made,) = (await desk.ask("alice", "GET", "/conversations"))["items"]
    assert made["kind"] == "direct"
    assert desk.complaints == []


async def offers(page: Page, button: str, *, is_group: bool) -> None:
    """What the button says, and whether anything is asked that only a group has."""
    await expect(page.get_by_role("button", name=button, exact=True)).to_be_visible(
        timeout=PATIENCE_MS
    )
    for label in ("Name of the group (optional)", "Who may invite", "What newcomers can read"):
        await expect(page.get_by_label(label)).to_be_visible(visible=is_group)
    await expect(page.locator("new-conversation .own-face")).to_be_visible(visible=is_group)


async def test_one_person_is_asked_nothing_of_a_group(desk: Desk) -> None:
    page = desk.page
    await desk.node.covey("user", "add", "carol")
    await desk.open("/chat/new")
    await offers(page, "Send invitations", is_group=False)

    await desk.open("/chat/new?with=bob@alpha.test")
    await offers(page, "Write to bob", is_group=False)
    await page.get_by_label("People", exact=True).fill("carol@alpha.test")
    await page.get_by_label("People", exact=True).press("Enter")
    await chooses(page, "bob@alpha.test", "carol@alpha.test")
    await offers(page, "Send 2 invitations", is_group=True)
    await page.get_by_label("Name of the group (optional)").fill("Tea")
    await page.get_by_role("button", name="Remove carol@alpha.test").click()
    await offers(page, "Write to bob", is_group=False)
    await page.get_by_role("checkbox", name="Make this a group").check()
    await offers(page, "Send 1 invitation", is_group=True)
    await page.get_by_role("checkbox", name="Make this a group").uncheck()

    await page.get_by_role("button", name="Write to bob").click()
    await expect(journeys.composer(page)).to_be_visible(timeout=PATIENCE_MS)
    (made,) = (await desk.ask("alice", "GET", "/conversations"))["items"]
    assert (made["kind"], len(made["members"])) == ("direct", 2)
    assert desk.complaints == []


async def test_who_takes_messages_of_contacts_only_is_said_before_writing(desk: Desk) -> None:
    page = desk.page
    await desk.ask("bob", "PATCH", "/me", {"name": "Bo", "writers": "contacts"})

    await desk.open("/chat/new?with=bob@alpha.test")
    await chooses(page, "bob@alpha.test")
    write = page.get_by_role("button", name="Write to Bo")
    closed = "Bo does not take messages from people they don't know."
    await expect(page.get_by_role("alert").filter(has_text=closed)).to_be_visible()
    await expect(write).to_be_disabled()
    await expect(page.get_by_text("sees your first message")).to_have_count(0)

    await page.get_by_role("checkbox", name="Make this a group").check()
    await expect(page.get_by_role("alert").filter(has_text=closed)).to_have_count(0)
    await expect(page.get_by_text("An invitation to Bo waits among their requests")).to_be_visible()
    await expect(page.get_by_role("button", name="Send 1 invitation")).to_be_enabled()
    assert desk.complaints == []


async def test_who_takes_invitations_of_contacts_only_can_be_written_to(desk: Desk) -> None:
    page = desk.page
    await desk.ask("bob", "PATCH", "/me", {"name": "Bo", "inviters": "contacts"})

    await desk.open("/chat/new?with=bob@alpha.test")
    await chooses(page, "bob@alpha.test")
    await expect(page.get_by_text("to Bo may wait as a request")).to_be_visible()
    await page.get_by_role("checkbox", name="Make this a group").check()
    closed = (
        "Bo does not take invitations from people they don't know. You can write to them alone."
    )
    await expect(page.get_by_role("alert").filter(has_text=closed)).to_be_visible()
    await expect(page.get_by_role("button", name="Send 1 invitation")).to_be_disabled()

    await page.get_by_role("checkbox", name="Make this a group").uncheck()
    await page.get_by_role("button", name="Write to Bo").click()
    await expect(journeys.composer(page)).to_be_visible(timeout=PATIENCE_MS)
    assert desk.complaints == []


async def test_whom_nobody_knows_cannot_be_written_to(desk: Desk) -> None:
    page = desk.page
    await desk.open("/chat/new")
    field = page.get_by_label("People", exact=True)
    await field.fill("bobb@alpha.test", timeout=PATIENCE_MS)
    await expect(page.get_by_role("button", name="Write to bobb@alpha.test")).to_be_enabled()
    await field.press("Enter")

    missing = page.get_by_text("No one found at bobb@alpha.test. Check the spelling.")
    await expect(missing).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_role("button", name="Write to")).to_have_count(0)
    await expect(page.get_by_role("button", name="Send invitations")).to_be_disabled()

    await field.fill("bob@alpha.test")
    await expect(missing).to_have_count(0)
    await page.get_by_role("button", name="Write to bob@alpha.test").click()
    await expect(journeys.composer(page)).to_be_visible(timeout=PATIENCE_MS)
    # A refusal is what the browser itself notes on its console.
    assert [one for one in desk.complaints if "404" not in one] == []
