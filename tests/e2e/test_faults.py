"""A browser that is offline, has two tabs, is pressed twice or hears no answer says it once."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Route, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS

pytestmark = pytest.mark.browser

# What makes the request what it is.
CARRIED = ("cookie", "idempotency-key", "origin", "x-csrf-token")


async def said(desk: Desk, room: str) -> list[str]:
    """What bob is shown."""
    shown = await desk.ask("bob", "GET", f"/conversations/{room}/messages")
    return [message["text"] for message in shown["items"]]


async def test_f49_what_was_written_offline_is_said_once_in_both_tabs(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    other = await desk.page.context.new_page()
    await other.goto(f"https://{desk.node.name}/chat/{room}")
    await journeys.say(desk.page, "Before")
    await journeys.hears(other, "Before")

    await desk.page.context.set_offline(True)
    await journeys.say(desk.page, "While offline")
    await expect(journeys.message(desk.page, "While offline")).to_contain_text(
        "not sent", timeout=PATIENCE_MS
    )
    await desk.page.context.set_offline(False)

    sent = journeys.message(desk.page, "While offline")
    await expect(sent).not_to_contain_text("not sent", timeout=3 * PATIENCE_MS)
    await journeys.hears(other, "While offline")
    await journeys.hears(desk.page, "While offline")
    assert await said(desk, room) == ["Before", "While offline"]


async def test_f49_what_was_written_offline_is_said_in_its_order_and_can_be_taken_back(
    desk: Desk,
) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await journeys.say(page, "Before")
    await journeys.hears(page, "Before")
    words = [f"While offline {number}" for number in range(5)]

    await page.context.set_offline(True)
    for each in words:
        await journeys.say(page, each)
    await expect(page.get_by_text("No connection.")).to_be_visible(timeout=PATIENCE_MS)
    for each in words:
        await expect(journeys.message(page, each)).to_contain_text("not sent", timeout=PATIENCE_MS)
    await journeys.message(page, words[2]).get_by_role("button", name="Cancel").click()
    await expect(journeys.message(page, words[2])).to_have_count(0)
    await page.context.set_offline(False)

    for each in (*words[:2], *words[3:]):
        sent = journeys.message(page, each).get_by_text("sent", exact=True)
        await expect(sent).to_be_visible(timeout=3 * PATIENCE_MS)
    assert await said(desk, room) == ["Before", *words[:2], *words[3:]]
    await expect(page.get_by_text("No connection.")).to_have_count(0)


async def test_f49_what_a_closed_page_had_to_say_is_said_once_by_the_next(desk: Desk) -> None:
    context, room = desk.page.context, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    other = await context.new_page()
    await other.goto(f"https://{desk.node.name}/chat/{room}")
    await journeys.say(desk.page, "Before")
    await journeys.hears(other, "Before")
    words = ["While offline 1", "While offline 2", "While offline 3"]

    await context.set_offline(True)
    for each in words:
        await journeys.say(desk.page, each)
        await expect(journeys.message(desk.page, each)).to_contain_text(
            "not sent", timeout=PATIENCE_MS
        )
    await expect(journeys.message(other, words[0])).to_have_count(0)
    await other.close()
    await desk.page.close()
    await context.set_offline(False)
    pages = [await context.new_page() for _ in range(2)]
    for page in pages:
        await page.goto(f"https://{desk.node.name}/chat/{room}")

    for page in pages:
        for each in words:
            await journeys.hears(page, each)
            await expect(journeys.message(page, each)).to_have_count(1)
            await expect(journeys.message(page, each)).not_to_contain_text("not sent")
    assert await said(desk, room) == ["Before", *words]


async def test_f49_what_waits_goes_on_to_a_page_that_is_open(desk: Desk) -> None:
    context, room = desk.page.context, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await desk.page.route("**/messages", lambda route: route.abort())
    await journeys.say(desk.page, "Not yet said")
    await expect(journeys.message(desk.page, "Not yet said")).to_contain_text("not sent")
    other = await context.new_page()
    await other.goto(f"https://{desk.node.name}/chat/{room}")
    await expect(journeys.composer(other)).to_be_visible()
    await expect(journeys.message(other, "Not yet said")).to_have_count(0)

    await desk.page.close()

    sent = journeys.message(other, "Not yet said").get_by_text("sent", exact=True)
    await expect(sent).to_be_visible(timeout=3 * PATIENCE_MS)
    assert await said(desk, room) == ["Not yet said"]


async def test_f49_who_presses_send_twice_says_it_once(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await journeys.composer(desk.page).fill("Only once")
    await journeys.composer(desk.page).press("Enter")
    await journeys.composer(desk.page).press("Enter")

    await journeys.hears(desk.page, "Only once")
    await desk.say("bob", room, "I see")
    await journeys.hears(desk.page, "I see")
    assert await said(desk, room) == ["Only once", "I see"]


async def test_f49_an_answer_that_is_lost_says_nothing_twice(desk: Desk) -> None:
    room = await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    lost: list[Any] = []

    async def lose(route: Route) -> None:
        if route.request.method == "POST" and not lost:
            headers = await route.request.all_headers()
            kept = {name: headers[name] for name in CARRIED}
            lost.append(
                await desk.node.call(
                    "POST",
                    urlsplit(route.request.url).path,
                    headers=kept,
                    json=route.request.post_data_json,
                )
            )
            await route.abort()
        else:
            await route.continue_()

    await desk.page.route("**/messages", lose)
    await journeys.say(desk.page, "Was it heard?")
    await desk.say("bob", room, "Yes")
    await journeys.hears(desk.page, "Yes")

    sent = journeys.message(desk.page, "Was it heard?")
    await expect(sent).to_have_count(1, timeout=PATIENCE_MS)
    await expect(sent).not_to_contain_text("not sent")
    assert [status for status, _ in lost] == [201]
    assert await said(desk, room) == ["Was it heard?", "Yes"]
