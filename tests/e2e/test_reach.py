"""A person decides who reaches them, and whoever does not is told so before and after writing."""

import pytest
from playwright.async_api import expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS

pytestmark = pytest.mark.browser


async def test_who_takes_nothing_of_strangers_says_so_on_their_profile(desk: Desk) -> None:
    page = desk.page
    await desk.ask("bob", "PATCH", "/me", {"name": "Bob B.", "writers": "contacts"})
    await desk.open("/chat/people/bob@alpha.test")
    closed = "Bob B. does not take messages from people they don't know."
    await expect(page.get_by_role("main")).to_contain_text(closed, timeout=PATIENCE_MS)

    await page.get_by_role("button", name="Message").click()

    await expect(page.get_by_role("alert")).to_have_text(closed)
    # A refusal is what the browser itself notes on its console.
    assert [one for one in desk.complaints if "403" not in one] == []


async def test_who_may_write_is_chosen_in_the_settings(desk: Desk) -> None:
    page = desk.page
    await desk.open("/settings")
    writers = page.get_by_role("group", name="Who may write to me")
    await expect(writers.get_by_role("radio", name="strangers wait")).to_be_checked()

    await writers.get_by_text("My contacts only").click()
    await page.locator("form[action$=privacy]").get_by_role("button", name="Save").click()

    await expect(page.get_by_role("status")).to_contain_text("Saved.")
    await expect(writers.get_by_role("radio", name="My contacts only")).to_be_checked()
    assert (await desk.ask("alice", "GET", "/me"))["writers"] == "contacts"
    assert desk.complaints == []


async def test_who_wants_to_follow_is_counted_and_answered_among_the_people(desk: Desk) -> None:
    page = desk.page
    await desk.node.covey("user", "add", "carol")
    await desk.ask("alice", "PATCH", "/me", {"approves_followers": True})
    await desk.open("/chat")
    await expect(page.get_by_role("link", name="People", exact=True)).to_be_visible(
        timeout=PATIENCE_MS
    )
    for name in ("bob", "carol"):
        await desk.ask(name, "POST", "/follows", {"acct": "alice@alpha.test"})

    await page.get_by_role("link", name="People: 2 people want to follow you").click(
        timeout=PATIENCE_MS
    )
    await page.get_by_role("button", name="2 requests").click()
    await page.get_by_role("button", name="Accept bob@alpha.test").click()
    await page.get_by_role("button", name="Decline carol@alpha.test").click(timeout=PATIENCE_MS)

    await expect(page.get_by_text("Nobody is waiting.")).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_role("button", name="1 follower", exact=True)).to_be_visible()
    follows = await desk.ask("carol", "GET", "/follows")
    assert follows["items"] == []
    assert desk.complaints == []


async def test_what_a_muted_person_writes_in_a_group_is_folded(desk: Desk) -> None:
    page = desk.page
    group = await desk.group_of_bob("Tea")
    await desk.open("/chat/people/bob@alpha.test")
    await page.get_by_role("button", name="Mute").click()
    await expect(page.get_by_role("main")).to_contain_text("makes no noise", timeout=PATIENCE_MS)
    await desk.say("bob", group, "water boils")

    await desk.open(f"/chat/{group}")

    main = page.get_by_role("main")
    folded = "Message by a person whom you have muted"
    await expect(main).to_contain_text(folded, timeout=PATIENCE_MS)
    await expect(main).not_to_contain_text("water boils")
    await main.get_by_role("button", name="Show it").click()
    await expect(main).to_contain_text("water boils")
    assert desk.complaints == []


async def test_who_only_shares_a_group_is_said_to_and_can_be_declined(desk: Desk) -> None:
    page = desk.page
    await desk.group_of_bob("Tea")
    draft = {"kind": "direct", "members": ["alice@alpha.test"], "text": "psst"}
    made = await desk.ask("bob", "POST", "/conversations", draft)

    await desk.open(f"/chat/{made['id']}")

    main = page.get_by_role("main")
    note = main.get_by_role("note").filter(has_text="You share the group Tea.")
    await expect(note).to_be_visible(timeout=PATIENCE_MS)
    await note.get_by_role("button", name="Decline").click()
    await expect(main).not_to_contain_text("psst", timeout=PATIENCE_MS)
    assert desk.complaints == []


async def test_before_the_first_word_it_is_said_how_somebody_takes_it(desk: Desk) -> None:
    page = desk.page
    await desk.open("/chat/people/bob@alpha.test")

    await page.get_by_role("button", name="Message", exact=True).click(timeout=PATIENCE_MS)

    note = page.get_by_role("note").filter(has_text="request")
    await expect(note).to_contain_text("bob", timeout=PATIENCE_MS)
    await journeys.say(page, "Hello")
    await expect(note).to_have_count(0)
    assert desk.complaints == []


async def test_who_has_just_written_is_active_and_whoever_hides_sees_nobody(desk: Desk) -> None:
    page = desk.page
    group = await desk.group_of_bob("Tea")
    await desk.open("/chat")
    row = page.get_by_role("link", name="Tea")
    await expect(row).to_be_visible(timeout=PATIENCE_MS)
    await expect(row).not_to_contain_text("active now")

    await desk.say("bob", group, "water boils")

    await expect(row).to_contain_text("1 active now", timeout=PATIENCE_MS)
    await desk.open(f"/chat/{group}")
    await page.get_by_role("button", name="Members and details").click(timeout=PATIENCE_MS)
    await expect(page.get_by_role("listitem").filter(has_text="bob@alpha.test")).to_contain_text(
        "active now", timeout=PATIENCE_MS
    )
    await desk.ask("alice", "PATCH", "/me", {"presence": False})
    await desk.open("/chat")
    await desk.say("bob", group, "tea is ready")
    await expect(row).to_contain_text("tea is ready", timeout=PATIENCE_MS)
    await expect(row).not_to_contain_text("active now")
    assert desk.complaints == []


async def test_without_requests_nobody_is_waiting(desk: Desk) -> None:
    page = desk.page
    await desk.group_of_bob("Tea")
    await desk.open("/chat")

    await page.get_by_role("button", name="Requests").click(timeout=PATIENCE_MS)

    await expect(page.get_by_text("Nobody is waiting.")).to_be_visible()
    assert desk.complaints == []


async def test_whoever_is_blocked_is_named_before_one_joins_their_group(desk: Desk) -> None:
    page = desk.page
    await desk.node.covey("user", "add", "carol")
    draft = {"kind": "group", "title": "Tea", "members": ["alice@alpha.test", "carol@alpha.test"]}
    made = await desk.ask("bob", "POST", "/conversations", draft)
    await desk.ask("carol", "POST", f"/conversations/{made['id']}/accept")
    await desk.ask("alice", "POST", "/blocks", {"acct": "carol@alpha.test"})

    await desk.open(f"/chat/{made['id']}")

    warning = page.get_by_text("You have blocked carol, who is in this group.")
    await expect(warning).to_be_visible(timeout=PATIENCE_MS)
    await expect(page.get_by_role("button", name="Accept")).to_be_visible()
    assert desk.complaints == []
