"""A browser tells of messages once somebody has asked it to, and takes back what was read."""

import json

import pytest
from playwright.async_api import CDPSession, Page, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import PATIENCE_MS
from tests.support.process_node import until

pytestmark = pytest.mark.browser

# The browser's push service is somewhere else; what it would give is put in its place.
SUBSCRIBED = """
const point = new Uint8Array(65).fill(1);
const held = {
  endpoint: "https://push.test/for/alice",
  toJSON: () => ({ endpoint: held.endpoint, keys: KEYS }),
  unsubscribe: async () => { window.subscription = null; return true; },
};
window.subscription = null;
PushManager.prototype.subscribe = async (options) => {
  window.asked = options;
  return (window.subscription = held);
};
PushManager.prototype.getSubscription = async () => window.subscription;
"""
KEYS = {
    "p256dh": (
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
    ),
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
HELD = """async () => (await (await fetch("/api/covey/v1/push")).json()).subscription"""
SHOWN = """async () => {
  const registration = await navigator.serviceWorker.getRegistration("/chat");
  const shown = await registration.getNotifications();
  return shown.map(({ title, body, tag }) => [title, body, tag]);
}"""
READY = "() => navigator.serviceWorker.ready.then(() => true)"


async def allow(desk: Desk) -> None:
    await desk.page.context.grant_permissions(["notifications"], origin=f"https://{desk.node.name}")
    script = SUBSCRIBED.replace("KEYS", json.dumps(KEYS))
    await desk.page.add_init_script(script)
    await desk.open("/chat")
    assert await desk.page.evaluate(READY)


async def shown(page: Page) -> list[list[str]]:
    found: list[list[str]] = await page.evaluate(SHOWN)
    return found


async def deliver(desk: Desk, session: CDPSession, **document: object) -> None:
    """What the push service would hand to the worker."""
    ids: list[str] = []
    session.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda said: ids.extend(each["registrationId"] for each in said["registrations"]),
    )
    await session.send("ServiceWorker.enable")

    async def is_known() -> bool:
        return bool(ids)

    assert await until(is_known, within_s=10)
    await session.send(
        "ServiceWorker.deliverPushMessage",
        {
            "origin": f"https://{desk.node.name}",
            "registrationId": ids[-1],
            "data": json.dumps(document),
        },
    )
    await session.send("ServiceWorker.disable")


async def test_it_is_asked_for_by_a_click_and_given_up_by_another(desk: Desk) -> None:
    await allow(desk)
    page = desk.page
    assert await page.evaluate("() => window.asked") is None

    await page.get_by_role("button", name="Notifications").click()
    await page.get_by_role("button", name="Turn on notifications").click()

    await expect(page.get_by_text("This browser tells you of messages")).to_be_visible()
    assert await page.evaluate(HELD) == {
        "endpoint": "https://push.test/for/alice",
        "standard": True,
        "show_text": False,
    }
    await page.get_by_label("Show what was written").check()
    await expect(page.get_by_label("Show what was written")).to_be_checked()

    async def shows_text() -> bool:
        return bool((await page.evaluate(HELD))["show_text"])

    assert await until(shows_text, within_s=10)
    await page.get_by_role("button", name="Turn off notifications").click()
    await expect(page.get_by_role("button", name="Turn on notifications")).to_be_visible()
    assert await page.evaluate(HELD) is None
    assert desk.complaints == []


async def test_a_conversation_has_one_notification_which_goes_when_it_is_read(
    desk: Desk,
) -> None:
    await allow(desk)
    page, room = desk.page, await desk.group_of_bob("Book circle")
    session = await page.context.new_cdp_session(page)
    told = {"type": "message", "conversation": room, "title": "Book circle", "author": "Bob"}

    await deliver(desk, session, **told, message="1", text=None)
    await deliver(desk, session, **told, message="2", text="Good evening")

    async def is_second() -> bool:
        return await shown(page) == [["Book circle", "Bob: Good evening", room]]

    assert await until(is_second, within_s=10)
    await desk.say("bob", room, "Good evening")
    await page.get_by_role("link", name="Book circle").click()
    await journeys.hears(page, "Good evening")

    async def is_gone() -> bool:
        return await shown(page) == []

    assert await until(is_gone, within_s=PATIENCE_MS / 1000)
    assert desk.complaints == []


async def test_what_is_read_elsewhere_is_taken_back(desk: Desk) -> None:
    await allow(desk)
    page, room = desk.page, await desk.group_of_bob("Book circle")
    session = await page.context.new_cdp_session(page)
    told = {"type": "message", "conversation": room, "title": "Book circle", "author": "Bob"}
    await deliver(desk, session, **told, message="1", text=None)

    async def is_there() -> bool:
        return await shown(page) == [["Book circle", "New message from Bob", room]]

    assert await until(is_there, within_s=10)
    await deliver(desk, session, type="read", conversation=room)

    async def is_gone() -> bool:
        return await shown(page) == []

    assert await until(is_gone, within_s=10)
