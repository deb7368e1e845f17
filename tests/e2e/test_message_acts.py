"""What people do with a message: answer, react, edit, delete, report, and see what became of it."""

import re

import pytest
from playwright.async_api import Browser, expect

from tests.e2e import journeys
from tests.e2e.conftest import found
from tests.e2e.desk import Desk
from tests.e2e.journeys import (
    DESK,
    PASSWORD,
    PATIENCE_MS,
    Complaints,
    RunningNode,
    choose,
    page_of,
    saying,
)
from tests.support.process_node import ProcessNode

pytestmark = pytest.mark.browser


async def test_a_message_is_answered_by_keys_and_the_quote_leads_to_it(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "Who reads on Sunday?")
    await desk.open(f"/chat/{room}")
    await expect(saying(page, "Who reads on Sunday?")).to_be_visible()
    await page.get_by_role("feed").focus()

    await page.keyboard.press("k")
    await page.keyboard.press("r")
    await expect(journeys.composer(page)).to_be_focused()
    await expect(page.get_by_text("Reply to bob")).to_be_visible()
    await page.keyboard.type("I do")
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Reply to bob")).to_be_hidden()
    quote = saying(page, "I do").get_by_role("button", name=re.compile("Who reads on Sunday"))
    await quote.click()
    await expect(saying(page, "Who reads on Sunday?")).to_be_focused()
    shown = (await desk.ask("bob", "GET", f"/conversations/{room}/messages"))["items"]
    assert shown[1]["reply_to"] == shown[0]["id"]
    assert desk.complaints == []


async def test_a_menu_that_opens_above_the_pointer_outlives_the_release_of_its_button(
    desk: Desk,
) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "Who reads on Sunday?")
    await desk.open(f"/chat/{room}")
    words = saying(page, "Who reads on Sunday?").locator(".body")
    await page.set_viewport_size({"width": 1280, "height": 420})
    reply = page.get_by_role("menuitem", name="Reply")

    for _ in range(2):  # the first press fetches the menu, the second finds it there
        await words.click(button="right")
        await expect(reply).to_be_visible()
        box, menu = await words.bounding_box(), await page.get_by_role("menu").bounding_box()
        assert box is not None
        assert menu is not None
        assert menu["y"] + menu["height"] < box["y"] + box["height"]
        await page.keyboard.press("Escape")
        await expect(reply).to_be_hidden()


async def test_a_quote_leads_to_a_message_that_is_long_past(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    path = f"/conversations/{room}/messages"
    first = await desk.ask("bob", "POST", path, {"text": "The first word"})
    for number in range(130):
        await desk.say("bob", room, f"Word {number} of many")
    await desk.ask("bob", "POST", path, {"text": "The last word", "reply_to": first["id"]})
    await desk.open(f"/chat/{room}")

    await saying(page, "The last word").get_by_role("button", name=re.compile("first word")).click()

    await expect(saying(page, "The first word")).to_be_focused(timeout=PATIENCE_MS)
    await expect(saying(page, "The last word")).to_have_count(0)
    await page.get_by_role("button", name="To the newest message").click()
    await expect(saying(page, "The last word")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_role("button", name="To the newest message")).to_be_hidden()
    assert desk.complaints == []


async def test_a_message_is_forwarded_as_a_copy_that_one_sends_oneself(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    other = await desk.group_of_bob("Choir")
    await desk.say("bob", room, "We meet at *seven*")
    await desk.open(f"/chat/{room}")

    await choose(page, "We meet at seven", "Forward")
    dialog = page.get_by_role("dialog", name="Forward to…")
    await expect(dialog.get_by_role("option", name=re.compile("Book circle"))).to_have_count(0)
    await page.keyboard.type("choir")
    await page.keyboard.press("Enter")

    await expect(page).to_have_url(re.compile(f"/chat/{other}$"))
    await expect(journeys.composer(page)).to_have_value(re.compile("We meet at .?seven"))
    before = await desk.ask("bob", "GET", f"/conversations/{other}/messages")
    assert before["items"] == []
    await page.keyboard.press("Enter")
    await expect(saying(page, "We meet at seven")).to_be_visible()
    (copy,) = (await desk.ask("bob", "GET", f"/conversations/{other}/messages"))["items"]
    assert copy["author"]["acct"] == "alice@alpha.test"
    assert copy["reply_to"] is None
    assert desk.complaints == []


async def test_people_react_and_take_it_back(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    message = await desk.ask("bob", "POST", f"/conversations/{room}/messages", {"text": "Cake?"})
    await desk.ask("bob", "PUT", f"/messages/{message['id']}/reactions/👍")
    await desk.open(f"/chat/{room}")
    await expect(page.locator("emoji-picker")).to_be_hidden()
    thumb = page.get_by_role("button", name="👍, 1 person")
    await expect(thumb).to_have_attribute("aria-pressed", "false")

    await thumb.click()
    both = page.get_by_role("button", name="👍, 2 people, you among them")
    await expect(both).to_have_attribute("aria-pressed", "true", timeout=PATIENCE_MS)
    await saying(page, "Cake?").focus()
    await page.keyboard.press("e")
    await page.get_by_role("searchbox", name="Search emoji").fill("cake")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="🎂, 1 person, you among them")).to_be_visible()
    await expect(saying(page, "Cake?")).to_be_focused()
    await both.click()

    await expect(thumb).to_have_attribute("aria-pressed", "false", timeout=PATIENCE_MS)
    assert desk.complaints == []


async def test_what_was_said_last_is_edited_and_its_history_stays(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await journeys.say(page, "At **seven**")
    await expect(saying(page, "At seven")).to_contain_text("sent")

    await journeys.composer(page).press("ArrowUp")
    await expect(journeys.composer(page)).to_have_value("At **seven**")
    await journeys.composer(page).fill("At **eight**")
    await journeys.composer(page).press("Enter")

    await expect(saying(page, "At eight")).to_be_visible()
    await expect(journeys.composer(page)).to_have_value("")
    await saying(page, "At eight").get_by_role("button", name="edited").click()
    dialog = page.get_by_role("dialog", name="Earlier versions")
    await expect(dialog.get_by_role("listitem")).to_have_count(2)
    await expect(dialog).to_contain_text("At seven")
    assert desk.complaints == []


async def test_an_edit_that_is_given_up_brings_back_what_was_begun(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await journeys.say(page, "At seven")
    await expect(saying(page, "At seven")).to_contain_text("sent")
    await journeys.composer(page).fill("Half a sent")

    await choose(page, "At seven", "Edit")
    await expect(journeys.composer(page)).to_have_value("At seven")
    await journeys.composer(page).press("Escape")

    await expect(journeys.composer(page)).to_have_value("Half a sent")
    assert desk.complaints == []


async def test_a_message_is_deleted_only_after_it_was_asked(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await journeys.say(page, "A slip of the pen")
    await expect(saying(page, "A slip of the pen")).to_contain_text("sent")
    dialog = page.get_by_role("dialog", name="Delete for everybody")

    await saying(page, "A slip of the pen").focus()
    await page.keyboard.press("Delete")
    await expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(saying(page, "A slip of the pen")).to_be_focused()
    await page.keyboard.press("Delete")
    await dialog.get_by_role("button", name="Delete", exact=True).click()

    await expect(saying(page, "This message was deleted.")).to_be_visible(timeout=PATIENCE_MS)
    await expect(saying(page, "A slip of the pen")).to_have_count(0)
    assert desk.complaints == []


async def test_a_moderator_removes_and_anybody_reports(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.say("bob", room, "Buy my pills")
    member = f"/conversations/{room}/members/alice@{desk.node.name}"
    await desk.open(f"/chat/{room}")
    await saying(page, "Buy my pills").locator(".body").click(button="right")
    await expect(page.get_by_role("menuitem", name="Report")).to_be_visible()
    await expect(page.get_by_role("menuitem", name="Remove this message")).to_have_count(0)
    await page.keyboard.press("Escape")

    await choose(page, "Buy my pills", "Report")
    dialog = page.get_by_role("dialog", name="Report")
    await dialog.get_by_label("What is wrong? (optional)").fill("Advertising")
    await dialog.get_by_role("button", name="Report").click()
    await expect(dialog).to_contain_text("Our moderators have your report")
    await page.keyboard.press("Escape")
    (report,) = (await desk.ask("alice", "GET", "/admin/reports"))["items"]
    assert (report["comment"], len(report["messages"])) == ("Advertising", 1)

    await desk.ask("bob", "PATCH", member, {"role": "admin"})
    await saying(page, "Buy my pills").focus()
    await expect(page.get_by_role("complementary")).to_be_hidden()
    await page.keyboard.press("Delete")
    await page.get_by_role("dialog").get_by_role("button", name="Remove").click()

    await expect(saying(page, "A moderator has removed this message")).to_be_visible(
        timeout=PATIENCE_MS
    )
    assert desk.complaints == []


async def test_the_details_say_what_became_of_a_message_at_each_server(
    chromium: Browser, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, DESK, complaints)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.start_group(alice, "Book circle", f"bob@{beta.domain}")
    await journeys.accept_request(bob, "Book circle", f"alice@{alpha.domain}")
    await journeys.say(alice, "Hello from alpha")
    await journeys.is_delivered(alice, "Hello from alpha")

    await choose(alice, "Hello from alpha", "Delivery details")

    dialog = alice.get_by_role("dialog", name="Delivery details")
    await expect(dialog).to_contain_text("delivered to 1 of 1 servers")
    await expect(dialog).to_contain_text(re.compile(rf"{beta.domain} \S delivered \d"))
    await expect(dialog).to_contain_text(f"bob@{beta.domain}")
    assert complaints == []


async def test_who_waits_for_a_server_is_told_once_it_has_the_message(
    chromium: Browser, processes: tuple[ProcessNode, ProcessNode]
) -> None:
    alpha, beta = processes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    await journeys.make_owner(alice, found(alpha).owner_link, "alice", PASSWORD)
    await beta.covey("user", "add", "bob")
    desk, there = Desk(alpha, alice, complaints), Desk(beta, alice, complaints)
    draft = {"kind": "direct", "members": [f"bob@{beta.name}"], "text": "First"}
    room = (await desk.ask("alice", "POST", "/conversations", draft))["id"]
    await desk.open(f"/chat/{room}")
    await journeys.is_delivered(alice, "First")
    await beta.kill()
    await journeys.say(alice, "Are you there?")
    waiting = re.compile(rf"waiting (for {beta.name} )?since \d")
    await expect(saying(alice, "Are you there?")).to_contain_text(waiting, timeout=PATIENCE_MS)

    await choose(alice, "Are you there?", "Delivery details")
    switch = alice.get_by_role("switch", name="Tell me")
    await expect(switch).not_to_be_checked()
    await expect(alice.get_by_role("dialog", name="Delivery details")).to_contain_text(waiting)
    await switch.check()
    await alice.keyboard.press("Escape")
    await choose(alice, "Are you there?", "Delivery details")
    await expect(switch).to_be_checked()
    await alice.keyboard.press("Escape")
    await beta.start()
    # Who is heard from is there again, and gets at once what waited.
    (asked,) = (await there.ask("bob", "GET", "/conversations"))["items"]
    await there.ask("bob", "POST", f"/conversations/{asked['id']}/accept")
    await there.say("bob", asked["id"], "Back again")

    live = alice.locator("covey-app > [aria-live=polite]")
    await expect(live).to_have_text(
        f"“Are you there?” has reached {beta.name}.", timeout=PATIENCE_MS
    )
    assert complaints == []


async def test_who_refuses_is_removed_or_written_to_alone(desk: Desk) -> None:
    page, bob = desk.page, f"bob@{desk.node.name}"
    draft = {"kind": "group", "title": "Book circle", "members": [bob]}
    room = (await desk.ask("alice", "POST", "/conversations", draft))["id"]
    await desk.ask("bob", "POST", f"/conversations/{room}/accept")
    row = {"host": desk.node.name, "state": "refused", "members": [bob]}
    told = {"items": [row | {"reason": "", "since": "2026-11-30T10:00:00.000Z"}]}
    await page.route("**/delivery", lambda route: route.fulfill(json=told))
    await desk.open(f"/chat/{room}")
    await journeys.say(page, "Who reads?")
    await expect(saying(page, "Who reads?")).to_contain_text("sent")
    acts = page.get_by_role("dialog", name="Delivery details").get_by_role("group", name=bob)

    await choose(page, "Who reads?", "Delivery details")
    await acts.get_by_role("link", name="Write to them alone").click()
    await expect(page).to_have_url(re.compile("/chat/new.with=bob"))
    await expect(page.get_by_role("button", name=f"Remove {bob}")).to_be_visible()

    await page.go_back()
    await choose(page, "Who reads?", "Delivery details")
    await acts.get_by_role("button", name="Remove from the group").click()
    sure = page.get_by_role("dialog", name="Remove from the group")
    await expect(sure).to_contain_text("gets nothing more from this group")
    await sure.get_by_role("button", name="Remove from the group").click()
    await expect(sure).to_be_hidden(timeout=PATIENCE_MS)
    members = (await desk.ask("alice", "GET", f"/conversations/{room}"))["members"]
    assert [one["acct"] for one in members if one["state"] == "joined"] == ["alice@alpha.test"]
    assert desk.complaints == []
