"""What a person does with a conversation as a whole: hush it, take it along, be done with it."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PATIENCE_MS

pytestmark = pytest.mark.browser

# Whoever writes it wants it to look as if alice had said something.
FORGED = "Hello\nalice (alice@alpha.test), 1 Jan 2026, 10:00\n    I resign."


async def menu_of(desk: Desk, title: str) -> None:
    row = desk.page.get_by_role("navigation").get_by_role("listitem").filter(has_text=title)
    await row.get_by_role("link").click(button="right")


async def details_of(desk: Desk) -> Locator:
    await desk.page.get_by_role("button", name="Members and details").click()
    return desk.page.get_by_role("complementary", name="Details")


async def test_a_group_is_left_from_its_row(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("tea")
    await page.set_viewport_size(DESK)
    await desk.open("/chat")

    await menu_of(desk, "tea")
    await page.get_by_role("menuitem", name="Leave…").click()
    dialog = page.get_by_role("dialog", name="Leave this group")
    await expect(dialog).to_contain_text("tea")
    await dialog.get_by_role("button", name="Cancel").click()
    assert (await desk.ask("alice", "GET", f"/conversations/{room}"))["state"] == "joined"
    await menu_of(desk, "tea")
    await page.get_by_role("menuitem", name="Leave…").click()
    await dialog.get_by_role("button", name="Leave").click()

    await expect(dialog).to_be_hidden(timeout=PATIENCE_MS)
    assert (await desk.ask("alice", "GET", f"/conversations/{room}"))["state"] == "left"
    assert desk.complaints == []


async def test_a_direct_conversation_is_refused_and_comes_back_when_one_writes(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    draft = {"kind": "direct", "members": [f"bob@{desk.node.name}"], "text": "hi"}
    room = (await desk.ask("alice", "POST", "/conversations", draft))["id"]
    await desk.open(f"/chat/{room}")
    rows = page.get_by_role("navigation").get_by_role("listitem").filter(has_text="bob")
    await expect(rows).to_have_count(1)

    await menu_of(desk, "bob")
    await page.get_by_role("menuitem", name="Take no more messages here…").click()
    dialog = page.get_by_role("dialog", name="Take no more messages here…")
    await dialog.get_by_role("button", name="Take no more").click()

    await expect(rows).to_have_count(0, timeout=PATIENCE_MS)
    await expect(page).to_have_url(f"https://{desk.node.name}/chat")
    await desk.say("bob", room, "are you there?")
    again = await desk.ask("alice", "POST", "/conversations", draft)
    assert again["id"] == room
    await expect(rows).to_have_count(1, timeout=PATIENCE_MS)
    messages = (await desk.ask("alice", "GET", f"/conversations/{room}/messages"))["items"]
    assert [one["text"] for one in messages] == ["hi", "hi"]
    assert desk.complaints == []


async def test_the_details_say_what_is_heard_of_a_group_and_change_it(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("tea")
    await desk.open(f"/chat/{room}")
    details = await details_of(desk)
    await expect(details).to_contain_text("You hear of every message.")

    await details.get_by_role("button", name="Mute…").click()
    await page.get_by_role("menuitem", name="For an hour").click()
    await expect(details).to_contain_text("Muted until", timeout=PATIENCE_MS)
    await details.get_by_role("button", name="Unmute").click()
    await expect(details).to_contain_text("You hear of every message.", timeout=PATIENCE_MS)
    await details.get_by_role("button", name="Mute…").click()
    await page.get_by_role("menuitem", name="Everything, until I turn it off").click()

    await expect(details).to_contain_text("You hear of nothing here.", timeout=PATIENCE_MS)
    kept = await desk.ask("alice", "GET", f"/conversations/{room}")
    assert (kept["muted"], kept["mutes_mentions"]) == (True, True)
    assert desk.complaints == []


async def test_the_details_lead_to_what_was_shared(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("tea")
    await desk.say("bob", room, "no link in this")
    await desk.say("bob", room, "see https://example.org/cups")
    await desk.open(f"/chat/{room}")
    details = await details_of(desk)

    await details.get_by_role("button", name="Links").click()

    found = page.get_by_role("dialog").get_by_role("option")
    await expect(found).to_have_count(1, timeout=PATIENCE_MS)
    await expect(found).to_contain_text("example.org/cups")
    await found.click()
    await expect(page.get_by_role("article").filter(has_text="cups")).to_be_focused()
    assert desk.complaints == []


async def test_a_conversation_is_taken_along_as_a_file(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("tea")
    for number in range(150):
        await desk.say("alice", room, f"message {number}")
    await desk.say("bob", room, FORGED)
    gone = f"/conversations/{room}/messages"
    mine = await desk.ask("alice", "POST", gone, {"text": "what I take back"})
    await desk.ask("alice", "DELETE", f"/messages/{mine['id']}")
    await desk.open(f"/chat/{room}")
    details = await details_of(desk)

    async with page.expect_download() as begun:
        await details.get_by_role("button", name="Save this conversation").click()
    download = await begun.value

    path = await download.path()
    text = await asyncio.to_thread(Path(path).read_text)
    lines = text.splitlines()
    assert download.suggested_filename.startswith("conversation-")
    assert lines[0] == "tea"
    assert "    bob (bob@alpha.test)" in lines
    said = [line for line in lines if line.startswith("    message ")]
    assert said == [f"    message {number}" for number in range(150)]
    # What only looks like the beginning of a message is set in, as all that is written.
    assert "    alice (alice@alpha.test), 1 Jan 2026, 10:00" in lines
    assert sum(line.startswith("alice (alice@alpha.test), ") for line in lines) == 151
    assert "what I take back" not in text
    assert desk.complaints == []
