"""Everything that can be done can be done without a pointer, and the focus is never lost."""

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PATIENCE_MS, composer, message, saying
from tests.support.process_node import until

pytestmark = pytest.mark.browser


async def press(page: Page, *keys: str) -> None:
    for key in keys:
        await page.keyboard.press(key)


async def tab_to(page: Page, wanted: Locator) -> None:
    """Go on by Tab until that has the focus."""
    await expect(wanted).to_be_visible(timeout=PATIENCE_MS)
    for _ in range(60):
        if await wanted.evaluate("(one) => one === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there")


async def test_a_room_is_found_and_written_in_without_a_pointer(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    tea = await desk.group_of_bob("tea")
    await desk.say("bob", tea, "Who brings cups?")
    await desk.open("/chat")
    await expect(page.get_by_role("link", name="tea")).to_be_visible()

    # Jump into the room, and answer there.
    await press(page, "Control+k")
    await page.keyboard.type("tea")
    await expect(page.get_by_role("option", name="tea").first).to_be_visible()
    await press(page, "Enter")
    await expect(composer(page)).to_be_focused(timeout=PATIENCE_MS)
    await expect(saying(page, "Who brings cups?")).to_be_visible(timeout=PATIENCE_MS)
    await press(page, "Control+ArrowUp")
    await expect(page.get_by_text("Reply to bob")).to_be_visible()
    await page.keyboard.type("I do")
    await press(page, "Shift+Enter")
    await page.keyboard.type("and spoons")
    await press(page, "Enter")
    await expect(saying(page, "and spoons")).to_contain_text("sent", timeout=PATIENCE_MS)

    # Edit what was said last; Escape gives it up and stays.
    await press(page, "ArrowUp")
    await expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible()
    await press(page, "Escape")
    await expect(composer(page)).to_have_value("")
    await expect(composer(page)).to_be_focused()
    async with page.expect_file_chooser():
        await press(page, "Control+u")
    assert desk.complaints == []


async def test_messages_are_gone_through_and_acted_on_without_a_pointer(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("tea")
    await desk.say("bob", room, "Who brings cups?")
    await desk.say("alice", room, "I do, and spoons")
    await desk.open(f"/chat/{room}")
    await expect(saying(page, "spoons")).to_be_visible(timeout=PATIENCE_MS)
    cups = saying(page, "Who brings cups?")

    await tab_to(page, page.get_by_role("feed"))
    await press(page, "k", "k")
    await expect(cups).to_be_focused()
    await press(page, "e")
    await expect(page.get_by_role("searchbox", name="Search emoji")).to_be_focused()
    await page.keyboard.type("cake")
    await press(page, "Enter")
    await expect(page.get_by_role("button", name="🎂, 1 person, you among them")).to_be_visible(
        timeout=PATIENCE_MS
    )
    await expect(cups).to_be_focused()
    await press(page, "Enter")
    await expect(page.get_by_role("menuitemcheckbox").first).to_be_focused()
    await press(page, "Escape")
    await expect(cups).to_be_focused()
    await press(page, "j", "Delete")
    await expect(page.get_by_role("dialog", name="Delete for everybody")).to_be_visible()
    await press(page, "Escape")
    await expect(saying(page, "and spoons")).to_be_focused()
    assert desk.complaints == []


async def test_regions_and_conversations_are_gone_through_by_keys(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    rooms = [await desk.group_of_bob(title) for title in ("one", "two", "three")]
    await desk.say("bob", rooms[0], "hello")
    await desk.say("bob", rooms[2], "hello")
    await desk.open(f"/chat/{rooms[2]}")
    await expect(page.get_by_role("heading", name="three")).to_be_visible()
    heading = page.get_by_role("main").get_by_role("heading").first

    await expect(composer(page)).to_be_focused(timeout=PATIENCE_MS)
    for region in ("complementary", "navigation", "main"):
        await press(page, "F6")
        await expect(page.locator(":focus")).to_have_role(region)  # type: ignore[arg-type]
    await press(page, "F6", "Shift+F6")
    await expect(page.locator(":focus")).to_have_role("main")

    # What is listed: three, one, two. Whoever passes through a room before it is painted has not
    # read it.
    await press(page, "Alt+ArrowDown")
    await expect(heading).to_have_text("one")
    unread = page.get_by_role("listitem").filter(has_text="one").get_by_label("1 unread message")
    await expect(unread).to_have_count(0)
    await press(page, "Alt+ArrowDown")
    await expect(heading).to_have_text("two")
    await desk.say("bob", rooms[2], "again")
    third = page.get_by_role("listitem").filter(has_text="three")
    await expect(third.get_by_label("1 unread message")).to_be_visible()
    await press(page, "Alt+Shift+ArrowUp")
    await expect(heading).to_have_text("three")
    assert desk.complaints == []


async def test_escape_marks_a_room_as_read(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("tea")
    for number in range(30):
        await desk.say("bob", room, f"News {number:02}")
    await desk.open(f"/chat/{room}")
    await expect(message(page, "News 00")).to_be_in_viewport()
    await expect(message(page, "News 29")).not_to_be_in_viewport()
    assert await desk.unread("alice", room) == 30

    await composer(page).focus()
    await press(page, "Escape")

    assert await until(lambda: is_read(desk, room), within_s=PATIENCE_MS / 1000)
    await expect(message(page, "News 29")).not_to_be_in_viewport()
    assert desk.complaints == []


async def test_requests_are_answered_without_a_pointer(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    rooms = {}
    for name in ("dora", "eve"):
        await desk.node.covey("user", "add", name)
        draft = {"kind": "direct", "members": [f"alice@{desk.node.name}"], "text": "hello"}
        rooms[name] = (await desk.ask(name, "POST", "/conversations", draft))["id"]
    await desk.open("/chat")
    main = page.get_by_role("main")

    await tab_to(page, page.get_by_role("link", name="Request from dora@alpha.test"))
    await press(page, "Enter")
    await tab_to(page, main.get_by_text("More", exact=True))
    await press(page, "Enter")
    await tab_to(page, main.get_by_role("button", name="Accept and mute"))
    await press(page, "Enter")
    await expect(composer(page)).to_be_visible(timeout=PATIENCE_MS)
    kept = await desk.ask("alice", "GET", f"/conversations/{rooms['dora']}")
    assert (kept["state"], kept["muted"]) == ("joined", True)

    await tab_to(page, page.get_by_role("link", name="Request from eve@alpha.test"))
    await press(page, "Enter")
    await tab_to(page, main.get_by_text("More", exact=True))
    await press(page, "Enter")
    await tab_to(page, main.get_by_role("button", name="Block this person"))
    await press(page, "Enter")

    await expect(page.get_by_role("link", name="Request from")).to_have_count(0)
    (blocked,) = (await desk.ask("alice", "GET", "/blocks"))["items"]
    assert blocked["acct"] == "eve@alpha.test"
    assert desk.complaints == []


async def test_a_profile_and_the_settings_are_used_without_a_pointer(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    await desk.open("/chat/people/bob@alpha.test")
    main = page.get_by_role("main")

    for name in ("Follow", "Mute"):
        await tab_to(page, main.get_by_role("button", name=name, exact=True))
        await press(page, "Enter")
        undone = main.get_by_role("button", name=f"Un{name.lower()}")
        await expect(undone).to_be_visible(timeout=PATIENCE_MS)
    (followed,) = (await desk.ask("alice", "GET", "/follows"))["items"]
    (muted,) = (await desk.ask("alice", "GET", "/mutes"))["items"]
    assert followed["acct"] == muted["acct"] == "bob@alpha.test"
    await desk.open("/settings")
    await tab_to(page, page.get_by_label("Name", exact=True))
    await page.keyboard.type("Alice Liddell")
    await press(page, "Enter")

    await expect(page.get_by_label("Name", exact=True)).to_have_value("Alice Liddell")
    assert (await desk.ask("alice", "GET", "/me"))["name"] == "Alice Liddell"
    assert desk.complaints == []


async def is_read(desk: Desk, room: str) -> bool:
    return await desk.unread("alice", room) == 0


async def test_the_keys_are_listed_and_letters_can_be_switched_off(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("tea")
    await desk.say("bob", room, "Who brings cups?")
    await desk.open(f"/chat/{room}")
    message = saying(page, "Who brings cups?")
    await message.focus()

    await press(page, "Control+/")
    dialog = page.get_by_role("dialog", name="Keys")
    await expect(dialog).to_contain_text("Jump to a conversation, a person or a message")
    await tab_to(page, dialog.get_by_label("Single letters act on messages"))
    await press(page, "Space", "Escape")
    await expect(dialog).to_be_hidden()
    await expect(message).to_be_focused()
    await press(page, "r", "e")
    await expect(page.get_by_text("Reply to bob")).to_be_hidden()
    await expect(page.locator("emoji-picker")).to_be_hidden()
    await page.reload()
    await message.focus()
    await press(page, "r")
    await expect(page.get_by_text("Reply to bob")).to_be_hidden()
    assert desk.complaints == []


async def test_a_conversation_begins_and_a_group_is_led_without_a_pointer(desk: Desk) -> None:
    page = desk.page
    await page.set_viewport_size(DESK)
    await desk.open("/chat")

    await tab_to(page, page.get_by_role("button", name="New conversation"))
    await press(page, "Enter")
    await expect(page.get_by_label("People", exact=True)).to_be_focused(timeout=PATIENCE_MS)
    await page.keyboard.type("bob@alpha.test")
    await press(page, "Enter")
    await expect(page.get_by_role("button", name="Remove bob@alpha.test")).to_be_visible(
        timeout=PATIENCE_MS
    )
    await tab_to(page, page.get_by_role("checkbox", name="Make this a group"))
    await press(page, "Space")
    await tab_to(page, page.get_by_label("Name of the group (optional)"))
    await page.keyboard.type("Tea")
    await tab_to(page, page.get_by_role("button", name="Send 1 invitation"))
    await press(page, "Enter")
    await expect(composer(page)).to_be_focused(timeout=PATIENCE_MS)

    await press(page, "F6")
    await tab_to(page, page.get_by_role("button", name="What to do with bob"))
    await press(page, "Enter")
    await expect(page.get_by_role("menuitem").first).to_be_focused()
    await press(page, "Escape")
    await expect(page.get_by_role("button", name="What to do with bob")).to_be_focused()
    await tab_to(page, page.get_by_role("button", name="Leave this group"))
    await press(page, "Enter")
    await tab_to(page, page.get_by_role("dialog").get_by_role("button", name="Leave", exact=True))
    await press(page, "Enter")
    await expect(page.get_by_text("You have left this group.")).to_be_focused(timeout=PATIENCE_MS)
    assert desk.complaints == []


async def test_keys_are_chosen_in_the_settings_and_hold_in_the_open_chat(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("tea")
    await desk.say("bob", room, "Who brings cups?")
    await desk.open(f"/chat/{room}")
    await saying(page, "Who brings cups?").focus()
    await press(page, "Control+/")
    await tab_to(page, page.get_by_role("dialog").get_by_role("link"))
    settings = await page.context.new_page()
    desk.complaints.watch(settings)
    await settings.goto("https://alpha.test/settings")
    part = settings.get_by_role("region", name="Keyboard")

    # The list, from wherever one is, and back; its words are loaded after the page.
    await expect(part.get_by_text("All keys")).to_be_visible()
    await press(settings, "Control+/")
    await expect(part.get_by_text("All keys")).to_be_focused()
    await expect(part.get_by_text("Jump to a conversation, a person")).to_be_in_viewport()
    await press(settings, "Shift+Tab")
    await expect(part.get_by_label("Single letters act on messages")).to_be_focused()
    await press(settings, "Space")
    await press(settings, "Shift+Tab", "Shift+Tab", "ArrowDown", "Enter")
    await expect(settings.get_by_role("status")).to_have_text("Saved.")
    await expect(part.get_by_label("Ctrl or ⌘ with Enter")).to_be_checked()
    await expect(part.get_by_label("Single letters act on messages")).not_to_be_checked()

    # What is of the device holds at once, what is of the account from the next look on.
    await press(page, "Escape", "r")
    await expect(page.get_by_text("Reply to bob")).to_be_hidden()
    await page.reload()
    await composer(page).fill("I do")
    await press(page, "Enter")
    await expect(composer(page)).to_have_value("I do\n")
    await press(page, "Control+Enter")
    await expect(saying(page, "I do")).to_contain_text("sent", timeout=PATIENCE_MS)
    assert desk.complaints == []
