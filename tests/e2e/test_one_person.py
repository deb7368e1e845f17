"""One person before one page, while others act and the node comes and goes."""

import re

import pytest
from playwright.async_api import expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PASSWORD, PATIENCE_MS
from tests.support.process_node import until

pytestmark = pytest.mark.browser

# What the browser keeps of the chat.
KEPT = """async () => {
  const answered = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const records = [];
  for (const { name } of await indexedDB.databases()) {
    const database = await answered(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      records.push(...await answered(database.transaction(store).objectStore(store).getAll()));
    }
    database.close();
  }
  return JSON.stringify([{ ...sessionStorage, ...localStorage }, records]);
}"""

PATIENCE_S = PATIENCE_MS / 1000


async def test_the_first_message_in_an_open_room_is_read(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await expect(desk.page.get_by_text("Only invited people can read here")).to_be_visible()

    await desk.say("bob", room, "Good evening")
    await journeys.hears(desk.page, "Good evening")

    async def is_read() -> bool:
        return await desk.unread("alice", room) == 0

    assert await until(is_read, within_s=PATIENCE_S)
    assert desk.complaints == []


async def test_what_arrives_while_another_room_is_open_stays_unread(desk: Desk) -> None:
    room, other = await desk.group_of_bob("Book circle"), await desk.group_of_bob("Shopping")
    await desk.open(f"/chat/{room}")
    await expect(journeys.composer(desk.page)).to_be_visible()
    await desk.page.get_by_role("link", name="Back to the conversations").click()

    await desk.say("bob", room, "Good evening")
    await desk.say("bob", other, "Bread, cheese")

    for title in ("Book circle", "Shopping"):
        row = desk.page.get_by_role("link", name=title)
        await expect(row.get_by_label("1 unread message")).to_be_visible(timeout=PATIENCE_MS)
    assert await desk.unread("alice", room) == await desk.unread("alice", other) == 1


async def test_what_could_not_be_sent_is_sent_when_the_node_is_back(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await journeys.say(desk.page, "Before")
    await desk.node.kill()
    await journeys.say(desk.page, "While it was away")
    await expect(journeys.message(desk.page, "While it was away")).to_contain_text("not sent")

    await desk.node.start()

    sent = journeys.message(desk.page, "While it was away")
    await expect(sent).not_to_contain_text("not sent", timeout=3 * PATIENCE_MS)
    await expect(sent).to_contain_text("sent")
    shown = (await desk.ask("bob", "GET", f"/conversations/{room}/messages"))["items"]
    assert [message["text"] for message in shown] == ["Before", "While it was away"]


async def test_a_server_that_cannot_be_reached_is_said_to_be_that(desk: Desk) -> None:
    await desk.page.get_by_role("button", name="New conversation").click()
    await desk.page.get_by_label("People", exact=True).fill("eva@nowhere.test")
    await desk.page.get_by_role("button", name="Add", exact=True).click()

    await expect(desk.page.get_by_role("alert")).to_have_text(
        "The server of eva@nowhere.test cannot be reached now.", timeout=PATIENCE_MS
    )


async def test_nothing_can_be_started_with_nobody(desk: Desk) -> None:
    page = desk.page
    await page.get_by_role("button", name="New conversation").click()
    await expect(page.get_by_role("button", name="Send invitations")).to_be_disabled()

    await page.get_by_label("People", exact=True).fill("bob@alpha.test")
    await expect(page.get_by_role("button", name="Write to bob@alpha.test")).to_be_enabled()
    await page.get_by_role("checkbox", name="Make this a group").check()
    await page.get_by_label("Name of the group (optional)").fill("Tea")
    await expect(page.get_by_role("button", name="Send 1 invitation")).to_be_enabled()
    await page.get_by_label("People", exact=True).fill("")
    await page.get_by_role("radio", name="Direct").check()
    await expect(page.get_by_role("button", name="Start writing")).to_be_disabled()

    await page.get_by_label("People", exact=True).fill("bob@alpha.test")
    await page.get_by_role("button", name="Start writing").click()
    await expect(journeys.composer(page)).to_be_visible(timeout=PATIENCE_MS)
    assert desk.complaints == []


async def test_who_names_themselves_is_told_that_they_are_in_it_anyway(desk: Desk) -> None:
    page = desk.page
    await page.get_by_role("button", name="Start a conversation").click()

    await page.get_by_label("People", exact=True).fill("alice@alpha.test")
    await page.get_by_label("People", exact=True).press("Enter")

    await expect(page.get_by_role("alert")).to_contain_text("This is you")
    await expect(page.get_by_role("button", name="Remove alice@alpha.test")).to_have_count(0)
    assert desk.complaints == []


async def test_who_leaves_is_told_so_and_reads_on(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "Good evening")
    await desk.open(f"/chat/{room}")

    await desk.page.get_by_role("button", name="Members and details").click()
    await desk.page.get_by_role("button", name="Leave this group").click()
    await desk.page.get_by_role("button", name="Leave", exact=True).click()

    notice = desk.page.get_by_text("You have left this group.")
    await expect(notice).to_be_visible(timeout=PATIENCE_MS)
    await expect(notice).to_be_focused()
    await expect(desk.page.get_by_role("complementary")).to_be_hidden()
    await expect(journeys.composer(desk.page)).to_be_hidden()
    await expect(journeys.message(desk.page, "Good evening")).to_be_visible()
    await expect(desk.page.locator("conversation-room .members")).to_have_text("You have left")
    assert desk.complaints == []


async def test_what_was_written_outlives_the_session(desk: Desk) -> None:
    page = desk.page
    room, other = await desk.group_of_bob("Book circle"), await desk.group_of_bob("Shopping")
    await desk.open(f"/chat/{other}")
    await journeys.composer(page).fill("Half a sent")
    await desk.open(f"/chat/{room}")
    await expect(journeys.composer(page)).to_be_visible()
    await page.context.clear_cookies()

    await journeys.composer(page).fill("See you at eight")
    await journeys.composer(page).press("Enter")
    await journeys.fill_in_sign_in(page, "alice", PASSWORD)

    await expect(page).to_have_url(re.compile(f"/chat/{room}$"))
    await journeys.hears(page, "See you at eight")
    await expect(journeys.message(page, "See you at eight")).not_to_contain_text("not sent")
    await page.get_by_role("link", name="Back to the conversations").click()
    await page.get_by_role("link", name="Shopping").click()
    await expect(journeys.composer(page)).to_have_value("Half a sent")


async def test_a_session_that_ended_leads_to_signing_in_again(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await journeys.composer(desk.page).fill("Half a sent")
    await desk.page.context.clear_cookies()

    await desk.node.kill()
    await desk.node.start()
    await journeys.fill_in_sign_in(desk.page, "alice", PASSWORD)

    await expect(desk.page).to_have_url(re.compile(f"/chat/{room}$"))
    await expect(journeys.composer(desk.page)).to_have_value("Half a sent")


async def test_signing_out_leaves_nothing_in_the_browser(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await desk.page.route("**/messages", lambda route: route.abort())
    await journeys.say(desk.page, "Not yet said")
    await expect(journeys.message(desk.page, "Not yet said")).to_contain_text("not sent")
    await journeys.composer(desk.page).fill("A secret")
    await desk.page.get_by_role("link", name="Back to the conversations").click()
    kept = await desk.page.evaluate(KEPT)
    assert "A secret" in kept
    assert "Not yet said" in kept

    await journeys.sign_out(desk.page)

    assert await desk.page.evaluate(KEPT) == "[{},[]]"
