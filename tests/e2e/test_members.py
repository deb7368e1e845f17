"""The people of a group in its details: roles, bans, links, settings, and what becomes of it."""

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.e2e import journeys
from tests.e2e.conftest import Processes, found
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS, Complaints
from tests.support.qr_reader import read_qr

pytestmark = pytest.mark.browser

# The modules of a code, row by row, as its dark squares are drawn inside the empty border.
MODULES = """(image) => {
  const size = image.viewBox.baseVal.width - 8;
  const rows = Array.from({ length: size }, () => Array(size).fill(false));
  const drawn = image.querySelector("path").getAttribute("d");
  for (const [, x, y] of drawn.matchAll(/M(\\d+) (\\d+)/g)) rows[y - 4][x - 4] = true;
  return rows;
}"""


async def group_of_alice(desk: Desk, *names: str) -> str:
    """The id of a group of alice's that these people have joined; bob has an account already."""
    for name in set(names) - {"bob"}:
        await desk.node.covey("user", "add", name)
    accts = [f"{name}@{desk.node.name}" for name in names]
    draft = {"kind": "group", "title": "Book circle", "members": accts}
    made = await desk.ask("alice", "POST", "/conversations", draft)
    for name in names:
        await desk.ask(name, "POST", f"/conversations/{made['id']}/accept")
    return str(made["id"])


async def details_of(page: Page) -> Locator:
    details = page.get_by_role("complementary", name="Details")
    await page.get_by_role("button", name="Members and details").click()
    await expect(details).to_be_visible()
    return details


async def choose(page: Page, name: str, what: str) -> None:
    await page.get_by_role("button", name=f"What to do with {name}").click()
    await page.get_by_role("menuitem", name=what).click()


async def test_an_admin_gives_roles_removes_and_bans(desk: Desk) -> None:
    page, room = desk.page, await group_of_alice(desk, "bob", "cora")
    await desk.open(f"/chat/{room}")
    details = await details_of(page)
    bob = details.get_by_role("listitem").filter(has_text="bob@alpha.test")
    await expect(bob).to_be_visible()

    await choose(page, "bob", "Make moderator")
    await expect(bob).to_contain_text("moderator", timeout=PATIENCE_MS)
    await choose(page, "cora", "Remove from the group")
    dialog = page.get_by_role("dialog", name="Remove from the group")
    await dialog.get_by_role("button", name="Remove from the group").click()
    await expect(details).not_to_contain_text("cora@alpha.test", timeout=PATIENCE_MS)
    await choose(page, "bob", "Ban")
    await page.keyboard.press("Escape")
    await expect(bob).to_contain_text("moderator")
    await choose(page, "bob", "Ban")
    await page.get_by_role("dialog", name="Ban").get_by_role("button", name="Ban").click()
    await expect(details.get_by_role("heading", name="Banned")).to_be_visible(timeout=PATIENCE_MS)
    await details.get_by_role("button", name="End the ban").click()

    await expect(details.get_by_role("heading", name="Banned")).to_be_hidden(timeout=PATIENCE_MS)
    assert desk.complaints == []


async def test_a_link_is_made_shown_once_and_ended(desk: Desk) -> None:
    page, room = desk.page, await group_of_alice(desk)
    await desk.open(f"/chat/{room}")
    details = await details_of(page)

    await details.get_by_label("For", exact=True).select_option("5 people")
    await details.get_by_role("button", name="Make a link").click()
    await expect(details).to_contain_text("5 uses left", timeout=PATIENCE_MS)
    address = await details.get_by_label("Address of the link").input_value()
    code = details.get_by_role("img", name="QR code of the link")
    await expect(code).to_be_visible()
    assert read_qr(await code.evaluate(MODULES)) == address
    await desk.ask("bob", "POST", "/conversations/join", {"link": address})
    await expect(details).to_contain_text("bob@alpha.test", timeout=PATIENCE_MS)
    await details.get_by_role("button", name="End", exact=True).click()

    await expect(details.get_by_text("uses left")).to_have_count(0)
    assert (await desk.ask("alice", "GET", f"/conversations/{room}/links"))["items"] == []
    assert desk.complaints == []


async def test_the_group_is_named_and_its_last_admin_is_told_who_takes_over(desk: Desk) -> None:
    page, room = desk.page, await group_of_alice(desk, "bob")
    await desk.open(f"/chat/{room}")
    details = await details_of(page)

    await details.get_by_label("Name").fill("Reading round")
    await details.get_by_label("Who may invite").select_option("All members")
    await details.get_by_role("button", name="Save", exact=True).click()
    await expect(details).to_contain_text("Saved.", timeout=PATIENCE_MS)
    shown = await desk.ask("bob", "GET", f"/conversations/{room}")
    assert (shown["title"], shown["settings"]["invite"]) == ("Reading round", "member")
    await details.get_by_role("button", name="Leave this group").click()
    dialog = page.get_by_role("dialog", name="Leave this group")
    await expect(dialog).to_contain_text("bob (bob@alpha.test) takes over")
    await dialog.get_by_role("button", name="Leave", exact=True).click()

    await expect(page.get_by_text("You have left this group.")).to_be_focused(timeout=PATIENCE_MS)
    await expect(journeys.composer(page)).to_be_hidden()
    assert desk.complaints == []


async def test_an_admin_closes_the_group_for_everybody(desk: Desk) -> None:
    page, room = desk.page, await group_of_alice(desk, "bob")
    await desk.open(f"/chat/{room}")
    details = await details_of(page)

    await details.get_by_role("button", name="Close this group").click()
    await page.get_by_role("dialog").get_by_role("button", name="Close for everybody").click()

    await expect(page.get_by_role("dialog")).to_be_hidden(timeout=PATIENCE_MS)
    assert (await desk.ask("bob", "GET", f"/conversations/{room}"))["state"] == "closed"
    await details.get_by_role("button", name="Close the details").click()
    await expect(page.get_by_text("This conversation is closed.")).to_be_visible()
    await expect(journeys.composer(page)).to_be_hidden()
    assert desk.complaints == []


async def test_an_invitation_that_a_server_refuses_says_why_and_is_withdrawn(
    processes: Processes, chromium: Browser
) -> None:
    alpha, beta = processes
    complaints = Complaints()
    page = await journeys.page_of(chromium, journeys.PHONE, complaints)
    await journeys.make_owner(page, found(alpha).owner_link, "alice", journeys.PASSWORD)
    await beta.covey("user", "add", "bob")
    await beta.covey("policy", "block", "alpha.test", "--reason", "spam", "--yes")
    desk = Desk(alpha, page, complaints)
    draft = {"kind": "group", "title": "Book circle", "members": ["bob@beta.test"]}
    room = (await desk.ask("alice", "POST", "/conversations", draft))["id"]

    await desk.open(f"/chat/{room}")
    details = await details_of(page)
    bob = details.get_by_role("listitem").filter(has_text="bob@beta.test")
    await expect(bob).to_contain_text(
        "not taken: beta.test does not exchange messages with our server.", timeout=PATIENCE_MS
    )
    await choose(page, "bob", "Withdraw the invitation")

    await expect(bob).to_have_count(0, timeout=PATIENCE_MS)
    assert complaints == []
