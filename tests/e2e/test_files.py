"""Pictures and other files: described, sent along, seen on another node and opened."""

import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, expect

from tests.e2e import journeys
from tests.e2e.desk import Desk
from tests.e2e.journeys import (
    DESK,
    PASSWORD,
    PATIENCE_MS,
    PHONE,
    Complaints,
    RunningNode,
    page_of,
)

pytestmark = pytest.mark.browser


def picture(name: str) -> FilePayload:
    written = BytesIO()
    Image.new("RGB", (600, 400), (40, 90, 160)).save(written, "PNG")
    return {"name": name, "mimeType": "image/png", "buffer": written.getvalue()}


AGENDA: FilePayload = {
    "name": "agenda.pdf",
    "mimeType": "application/pdf",
    "buffer": b"%PDF-1.7\nhello",
}


async def test_a_described_picture_is_seen_on_another_node_and_opened(
    chromium: Browser, two_nodes: tuple[RunningNode, RunningNode]
) -> None:
    alpha, beta = two_nodes
    complaints = Complaints()
    alice = await page_of(chromium, DESK, complaints)
    bob = await page_of(chromium, PHONE, complaints)
    await journeys.make_owner(alice, alpha.owner_link, "alice", PASSWORD)
    await journeys.make_owner(bob, beta.owner_link, "bob", PASSWORD)
    await journeys.start_group(alice, "Book circle", f"bob@{beta.domain}")
    await journeys.accept_request(bob, "Book circle", f"alice@{alpha.domain}")

    await journeys.attach(alice, picture("beach.png"), AGENDA)
    await alice.get_by_label("Description of beach.png").fill("A wide beach")
    await journeys.composer(alice).fill("Here we meet")
    await expect(alice.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    await journeys.composer(alice).press("Enter")

    shown = journeys.message(bob, "Here we meet")
    await expect(shown).to_have_count(1, timeout=PATIENCE_MS)
    await expect(shown.get_by_role("link", name="agenda.pdf")).to_be_visible()
    own = journeys.message(alice, "Here we meet").get_by_role("link", name="agenda.pdf")
    await expect(own).to_contain_text("14 bytes")
    image = shown.get_by_role("img", name="A wide beach")
    assert str(await image.get_attribute("src")).startswith(f"{beta.base_url}/media/remote/")
    await expect(image).not_to_have_js_property("naturalWidth", 0, timeout=PATIENCE_MS)
    await shown.get_by_role("button", name="ALT").click()
    await expect(shown.locator("figcaption")).to_have_text("A wide beach")

    await shown.get_by_role("button", name="A wide beach").click()
    viewer = bob.get_by_role("dialog", name="Picture")
    await expect(viewer.get_by_role("img", name="A wide beach")).to_be_visible()
    await bob.keyboard.press("Escape")
    await expect(viewer).to_be_hidden()
    await expect(alice.get_by_role("list", name="Files that are sent along")).to_be_hidden()
    assert complaints == []


async def test_what_is_wrong_with_a_file_is_said_beside_it(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    program: FilePayload = {
        "name": "setup.exe",
        "mimeType": "application/x-msdownload",
        "buffer": b"MZ\x90\x00" + bytes(range(256)),
    }
    await expect(journeys.composer(page)).to_be_visible()

    await journeys.attach(page, program, picture("beach.png"))

    row = page.get_by_role("listitem").filter(has_text="setup.exe")
    await expect(row.get_by_role("alert")).to_contain_text("does not take that kind of file")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_disabled()
    await row.get_by_role("button", name="Do not send setup.exe").click()
    await page.get_by_role("button", name="Send", exact=True).click()
    sent = page.get_by_role("article").filter(has=page.get_by_role("img"))
    await expect(sent).to_contain_text("sent", timeout=PATIENCE_MS)
    (message,) = (await desk.ask("bob", "GET", f"/conversations/{room}/messages"))["items"]
    assert (message["text"], len(message["attachments"])) == ("", 1)


PASTE = """(field) => {
  const data = new DataTransfer();
  data.items.add(new File(["hello there"], "note.txt", { type: "text/plain" }));
  const what = { clipboardData: data, bubbles: true, cancelable: true };
  field.dispatchEvent(new ClipboardEvent("paste", what));
}"""
DROP = """(room) => {
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File(["hello again"], "list.txt", { type: "text/plain" }));
  room.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
}"""


async def test_files_are_pasted_and_dropped(desk: Desk) -> None:
    page, room = desk.page, await desk.group_of_bob("Book circle")
    await desk.open(f"/chat/{room}")
    await expect(journeys.composer(page)).to_be_visible()

    await journeys.composer(page).evaluate(PASTE)
    await page.locator("conversation-room").evaluate(DROP)
    await expect(page.get_by_label("Description of note.txt")).to_have_value("note.txt")
    await expect(page.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    await page.get_by_role("button", name="Send", exact=True).click()

    for name in ("note.txt", "list.txt"):
        link = page.get_by_role("link", name=name)
        await expect(link).to_have_attribute("href", re.compile(r"^https://alpha.test/media/"))
    assert desk.complaints == []
