"""A group over three nodes, in a browser at each: what one does the others see at once."""

import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e import journeys
from tests.e2e.conftest import Processes, browser_for, found, started
from tests.e2e.journeys import (
    DESK,
    PASSWORD,
    PATIENCE_MS,
    PHONE,
    Complaints,
    choose,
    page_of,
    saying,
)
from tests.e2e.other_software import nodes_and_mastodon
from tests.support.process_node import until

pytestmark = pytest.mark.browser

FIRST_WITHIN_S = 60


async def at_home(browser: Browser, nodes: Processes, complaints: Complaints) -> tuple[Page, ...]:
    """alice, bob and gus, each signed in at a node and a browser of their own."""
    pages = []
    for node, name, size in zip(nodes, ("alice", "bob", "gus"), (DESK, PHONE, DESK), strict=False):
        page = await page_of(browser, size, complaints)
        await journeys.make_owner(page, found(node).owner_link, name, PASSWORD)
        pages.append(page)
    return tuple(pages)


async def test_three_people_of_three_nodes_live_through_a_group(tmp_path: Path) -> None:
    names = ("alpha.test", "beta.test", "gamma.test")
    complaints = Complaints()
    async with started(tmp_path, *names) as nodes, browser_for(nodes) as browser:
        began_at = time.monotonic()
        alice, bob, gus = await at_home(browser, nodes, complaints)
        await journeys.start_group(alice, "Book circle", "bob@beta.test", "gus@gamma.test")
        await journeys.say(alice, "Welcome")
        assert time.monotonic() - began_at < FIRST_WITHIN_S
        for page in (bob, gus):
            await journeys.accept_request(page, "Book circle", "alice@alpha.test")
        people = (alice, bob, gus)
        await all_hear_all(people)
        await all_see_what_becomes_of_messages(people)
        await one_is_removed(people)
    assert complaints == []


async def all_hear_all(people: tuple[Page, ...]) -> None:
    """Without reloading, once."""
    alice = people[0]
    for page, words in zip(people, ("Here is alpha", "Here is beta", "Here is gamma"), strict=True):
        await journeys.say(page, words)
        for other in people:
            await journeys.hears(other, words)
    await journeys.is_delivered(alice, "Here is alpha")


async def all_see_what_becomes_of_messages(people: tuple[Page, ...]) -> None:
    """One is edited, one has a reaction, one is deleted."""
    alice, bob, gus = people
    await choose(alice, "Here is alpha", "Edit")
    await journeys.composer(alice).fill("Here is the first")
    await journeys.composer(alice).press("Enter")
    await saying(gus, "Here is gamma").locator(".body").click(button="right")
    await gus.get_by_role("menuitemcheckbox", name="React with 👍").click()
    await choose(bob, "Here is beta", "Delete for everybody")
    await bob.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    for page in people:
        await expect(saying(page, "Here is the first")).to_contain_text(
            "edited", timeout=PATIENCE_MS
        )
        await expect(page.get_by_role("button", name="👍, 1 person")).to_be_visible(
            timeout=PATIENCE_MS
        )
        await expect(saying(page, "This message was deleted.")).to_be_visible(timeout=PATIENCE_MS)
        await expect(saying(page, "Here is beta")).to_have_count(0)


async def one_is_removed(people: tuple[Page, ...]) -> None:
    """Who is removed is told so, hears nothing more and keeps what was."""
    alice, bob, gus = people
    await alice.get_by_role("button", name="What to do with gus").click()
    await alice.get_by_role("menuitem", name="Remove from the group").click()
    dialog = alice.get_by_role("dialog", name="Remove from the group")
    await dialog.get_by_role("button", name="Remove from the group").click()
    told = gus.get_by_text("You are no longer in this group. Older messages stay here.")
    await expect(told).to_be_visible(timeout=PATIENCE_MS)
    await expect(journeys.composer(gus)).to_be_hidden()
    for page in (alice, bob):
        await expect(page.get_by_text("alice removed gus")).to_be_visible(timeout=PATIENCE_MS)
    await journeys.say(alice, "Only the two of us")
    await journeys.hears(bob, "Only the two of us")
    await expect(saying(gus, "Here is the first")).to_be_visible()
    await expect(journeys.message(gus, "Only the two of us")).to_have_count(0)


async def test_who_declines_is_told_nothing_more_and_is_no_member(tmp_path: Path) -> None:
    complaints = Complaints()
    names = ("alpha.test", "beta.test")
    async with started(tmp_path, *names) as nodes, browser_for(nodes) as browser:
        alice, bob = await at_home(browser, nodes, complaints)
        await journeys.start_group(alice, "Book circle", "bob@beta.test")
        member = alice.get_by_role("complementary").get_by_role("listitem").filter(has_text="bob@")
        await expect(member).to_contain_text("invited")

        await bob.get_by_role("link", name="Request from alice@alpha.test").click(
            timeout=PATIENCE_MS
        )
        await bob.get_by_role("button", name="Decline").click()

        await expect(bob.get_by_text("No conversations yet.")).to_be_visible(timeout=PATIENCE_MS)
        await expect(member).to_have_count(0, timeout=PATIENCE_MS)
        await journeys.say(alice, "Alone here")
        await expect(bob.get_by_text("Alone here")).to_have_count(0)
    assert complaints == []


async def test_of_a_member_on_other_software_nothing_is_claimed_that_nobody_knows(
    tmp_path: Path,
) -> None:
    complaints = Complaints()
    labels = "uses mastodon: sees private mentions, cannot confirm receipt, may have to accept you"
    async with (
        nodes_and_mastodon(tmp_path, "alpha.test") as (nodes, carol),
        browser_for(nodes) as browser,
    ):
        (alice,) = await at_home(browser, nodes, complaints)
        await alice.get_by_role("button", name="New conversation").click()
        await alice.get_by_label("People", exact=True).fill(carol.acct)
        await alice.get_by_label("People", exact=True).press("Enter")
        await expect(alice.get_by_role("main")).to_contain_text(
            f"{carol.acct} uses Mastodon: sees private mentions", timeout=PATIENCE_MS
        )
        await alice.get_by_role("checkbox", name="Make this a group").check()
        await alice.get_by_label("Name of the group (optional)").fill("Book circle")
        await alice.get_by_role("button", name="Send 1 invitation").click()

        async def is_invited() -> bool:
            return any("invites you" in one.text for one in (*carol.filtered, *carol.shown))

        assert await until(is_invited, within_s=PATIENCE_MS / 1000)
        await carol.accept_senders()
        await carol.reply(carol.find("invites you"), "yes")
        member = (
            alice.get_by_role("complementary").get_by_role("listitem").filter(has_text=carol.acct)
        )
        await expect(member).to_contain_text(labels, ignore_case=True, timeout=PATIENCE_MS)
        await expect(member).not_to_contain_text("invited", timeout=PATIENCE_MS)

        await journeys.say(alice, "Can you read this?")
        await expect(saying(alice, "Can you read this?")).to_contain_text(
            "sent", timeout=PATIENCE_MS
        )
        await expect(saying(alice, "Can you read this?")).not_to_contain_text("delivered")
        await choose(alice, "Can you read this?", "Delivery details")
        await expect(alice.get_by_role("dialog")).to_contain_text("masto.test \N{EN DASH} sent")
        await expect(alice.get_by_role("dialog")).to_contain_text("cannot confirm more")
    assert complaints == []
