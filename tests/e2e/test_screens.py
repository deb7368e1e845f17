"""Every screen in both themes, sizes and languages: nothing on it keeps anybody out."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import FilePayload, Page, expect

from node.web.languages import load_languages
from tests.e2e import journeys
from tests.e2e.conftest import browser_for, found, started
from tests.e2e.desk import Desk
from tests.e2e.drawn import ADDRESS, drawn_pages
from tests.e2e.journeys import DESK, PASSWORD, PATIENCE_MS, Complaints, make_owner, page_of
from tests.e2e.scene import Scene, open_room, set_scene
from tests.e2e.screens import look_at

pytestmark = pytest.mark.browser

Opening = Callable[[Page, Scene], Awaitable[None]]
Step = Callable[[Page], Awaitable[None]]
NOTES: FilePayload = {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Bring cups."}


@pytest.mark.parametrize("language", ["en", "de"])
async def test_no_form_keeps_anybody_out(language: str) -> None:
    complaints = Complaints()
    wrong: list[str] = []
    async with drawn_pages(language, load_languages()) as (page, templates):
        complaints.watch(page)
        for template in sorted(set(templates) - {"chat.html"}):
            await page.goto(ADDRESS + template)
            wrong += await look_at(
                page, template.removesuffix(".html"), is_translated=language != "en"
            )

    assert wrong == []
    assert complaints == []


async def test_no_screen_of_the_chat_keeps_anybody_out(tmp_path: Path) -> None:
    complaints = Complaints()
    wrong: list[str] = []
    async with started(tmp_path, "alpha.test", "beta.test") as nodes, browser_for(nodes) as browser:
        page = await page_of(browser, DESK, complaints)
        await make_owner(page, found(nodes[0]).owner_link, "alice", PASSWORD)
        wrong += await look_at(page, "chat-empty")
        scene = await set_scene(*(Desk(node, page, complaints) for node in nodes))
        for language in ("en", "de"):
            await scene.here.ask("alice", "PATCH", "/me", {"language": language})
            for name, opening in SCREENS.items():
                await page.set_viewport_size(DESK)
                await opening(page, scene)
                wrong += await look_at(page, name, is_translated=language != "en")

    assert wrong == []
    assert complaints == []


def at(path: str, selector: str) -> Opening:
    """An address, and what is there when it has come."""

    async def opening(page: Page, scene: Scene) -> None:
        ids = {"room": scene.room, "removed": scene.removed, "direct": scene.direct}
        ids |= {"invited": scene.invited, "asked": scene.asked, "request": scene.request}
        await scene.here.open(path.format(**ids))
        await expect(page.locator(selector).first).to_be_visible(timeout=PATIENCE_MS)

    return opening


def then(opening: Opening, *steps: Step) -> Opening:
    async def further(page: Page, scene: Scene) -> None:
        await opening(page, scene)
        for step in steps:
            await step(page)

    return further


def in_room(*steps: Step) -> Opening:
    """The room without the details, which cover it on a phone."""
    return then(open_room, click(".show-details"), *steps)


def click(selector: str) -> Step:
    return lambda page: page.locator(selector).first.click()


def see(selector: str) -> Step:
    return lambda page: expect(page.locator(selector).first).to_be_visible(timeout=PATIENCE_MS)


def press(key: str, on: str = "message-item >> nth=-1") -> Step:
    """A key on an element; bob's message, the newest, if no other is named."""

    async def step(page: Page) -> None:
        await page.locator(on).first.focus()
        await page.keyboard.press(key)

    return step


def choose(act: str, text: str) -> Step:
    """What the menu of a message offers."""

    async def step(page: Page) -> None:
        await page.locator("message-item").filter(has_text=text).last.focus()
        await page.keyboard.press("Enter")
        await page.locator(f"message-menu [data-act={act}]").click()

    return step


async def begin_answer(page: Page) -> None:
    """An answer that names a stranger and takes a file along."""
    await press("r")(page)
    await page.keyboard.type("I ask @zoe@elsewhere.example")
    await journeys.attach(page, NOTES)


async def look_for(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await see("find-dialog dialog[open]")(page)
    await page.keyboard.type("sunday")
    await see("find-dialog [role=option] time:not(:empty)")(page)


LIST = at("/chat", "conversation-list .rows .more")
SCREENS: dict[str, Opening] = {
    "list": at("/chat", "conversation-list .rows .row"),
    "room-details": then(open_room, see("conversation-details .person")),
    "room": in_room(see("message-item")),
    "date": in_room(click(".go-to-date"), see("ask-dialog dialog[open]")),
    "room-direct": at("/chat/{direct}", "message-item"),
    "room-removed": at("/chat/{removed}", "conversation-room .notice"),
    "invitation": at("/chat/{invited}", "invitation-card"),
    "invitation-asked": at("/chat/{asked}", "invitation-card"),
    "message-request": at("/chat/{request}", "message-request .words p"),
    "people": at("/chat/people", "people-page .rows li"),
    "profile": at("/chat/people/cora@alpha.test", "person-profile .face"),
    "not-found": at("/chat/nothing", "main .empty p"),
    "row-menu": then(
        LIST,
        press("Shift+F10", "conversation-list > .scroll > .rows .row"),
        see("choice-menu button"),
    ),
    "new-conversation": then(
        LIST, click("conversation-list .accent"), see("new-conversation .found li")
    ),
    "keys": then(LIST, press("Control+/", "conversation-list .accent"), see("keys-dialog dialog")),
    "notifications": then(LIST, click(".account-bar button"), see("notification-settings dialog")),
    # A search is there again where its address is opened anew, so another address follows.
    "find": then(LIST, look_for),
    "composer-full": in_room(begin_answer, see("upload-tray .upload")),
    "message-menu": in_room(press("Enter"), see("message-menu button")),
    "emoji": in_room(press("e"), see("emoji-picker [role=option]")),
    "delivery": in_room(choose("details", "Nearly"), see("dialog[open] .hosts")),
    "history": in_room(choose("history", "seven"), see("dialog[open] .versions")),
    "report": in_room(choose("report", "Sunday it is"), see("dialog[open] .subject")),
    "leave": then(open_room, click("conversation-details .leaving .danger"), see("dialog[open]")),
    "settings-own": at("/settings", "h1"),
    "settings-blocks": at("/settings/blocks", "h1"),
}
