"""What a room shows while things happen in it, and what its composer knows."""

import pytest
from playwright.async_api import expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS
from tests.support.process_node import until

pytestmark = pytest.mark.browser

PATIENCE_S = PATIENCE_MS / 1000


async def test_members_and_emoji_are_completed_and_others_are_named(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    field = journeys.composer(page)

    await field.press_sequentially("Hi @bo")
    await expect(page.get_by_role("option", name="bob")).to_be_visible()
    await field.press("Enter")
    await expect(field).to_have_value("Hi @bob@alpha.test ")
    await expect(page.get_by_text("is not in this group")).to_have_count(0)
    await field.press_sequentially("and @eva@beta.test :rock")
    await expect(page.get_by_text("eva@beta.test is not in this group.")).to_be_visible()
    await field.press("Tab")

    await expect(field).to_have_value("Hi @bob@alpha.test and @eva@beta.test 🚀 ")
    await expect(field).to_be_focused()
    await field.press("Enter")
    await expect(journeys.message(page, "Hi @bob")).to_contain_text("sent")
    members = (await desk.ask("alice", "GET", f"/conversations/{room}"))["members"]
    assert {member["acct"] for member in members} == {"alice@alpha.test", "bob@alpha.test"}
    assert desk.complaints == []


async def test_a_draft_is_shared_by_devices_and_gone_when_it_is_sent(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.ask("bob", "POST", f"/conversations/{room}/messages", {"text": "When?"})
    path = f"/conversations/{room}"

    async def draft() -> str:
        kept = (await desk.ask("alice", "GET", path))["draft"]
        return str(kept["text"]) if kept else ""

    async def is_kept() -> bool:
        return await draft() == "On Sunday at"

    async def is_gone() -> bool:
        return await draft() == ""

    await desk.open(f"/chat/{room}")
    await journeys.composer(page).fill("On Sunday at")
    assert await until(is_kept, within_s=PATIENCE_S)
    await page.evaluate("sessionStorage.clear()")
    await page.goto("about:blank")
    await desk.open(f"/chat/{room}")
    await expect(journeys.composer(page)).to_have_value("On Sunday at", timeout=PATIENCE_MS)
    await journeys.composer(page).press("Enter")

    assert await until(is_gone, within_s=PATIENCE_S)
    await expect(journeys.composer(page)).to_have_value("")
    assert desk.complaints == []


async def test_who_types_reads_joins_and_leaves_is_told(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    path = f"/conversations/{room}"
    await desk.node.covey("user", "add", "cora")
    for name in ("alice", "bob"):
        await desk.ask(name, "PATCH", "/me", {"receipts": True})
    await desk.open(f"/chat/{room}")
    await journeys.say(page, "Good evening")
    mine = journeys.message(page, "Good evening")
    await expect(mine).to_contain_text("sent")

    await desk.ask("bob", "POST", f"{path}/typing")
    await expect(page.get_by_text("bob is writing…")).to_be_visible(timeout=PATIENCE_MS)
    (message,) = (await desk.ask("bob", "GET", f"{path}/messages"))["items"]
    await desk.ask("bob", "POST", f"{path}/read", {"up_to": message["id"]})
    await expect(mine).to_contain_text("Read by bob", timeout=PATIENCE_MS)
    await desk.say("bob", room, "Good evening, alice")
    await expect(page.get_by_text("bob is writing…")).to_have_count(0)
    await desk.ask("bob", "POST", f"{path}/members", {"acct": "cora@alpha.test"})
    await desk.ask("cora", "POST", f"{path}/accept")
    feed = page.get_by_role("feed")
    await expect(feed).to_contain_text("cora joined, invited by bob", timeout=PATIENCE_MS)
    await desk.ask("cora", "POST", f"{path}/leave")

    await expect(feed).to_contain_text("cora left", timeout=PATIENCE_MS)
    assert desk.complaints == []


async def test_a_room_opens_at_the_first_unread_message(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "This was read")
    (message,) = (await desk.ask("alice", "GET", f"/conversations/{room}/messages"))["items"]
    await desk.ask("alice", "POST", f"/conversations/{room}/read", {"up_to": message["id"]})
    for number in range(30):
        await desk.say("bob", room, f"News {number:02}")

    await desk.open(f"/chat/{room}")

    await expect(page.get_by_text("New messages", exact=True)).to_be_in_viewport()
    await expect(journeys.message(page, "News 00")).to_be_in_viewport()
    await expect(journeys.message(page, "News 29")).not_to_be_in_viewport()
    await page.get_by_role("button", name="30 new messages").click()
    await expect(journeys.message(page, "News 29")).to_be_in_viewport()

    async def is_read() -> bool:
        return await desk.unread("alice", room) == 0

    assert await until(is_read, within_s=PATIENCE_S)
    assert desk.complaints == []
