"""What a screen reader is told of the chat: regions, names and states, and nothing twice."""

from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page, expect

from tests.e2e.conftest import browser_for, found, started
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PASSWORD, PATIENCE_MS, Complaints, make_owner, page_of
from tests.e2e.scene import Scene, open_room, set_scene

pytestmark = pytest.mark.browser

LIST: Final = """
- navigation "Conversations":
  - heading "Covey" [level=2]
  - button "Search"
  - link "People"
  - button "New conversation"
  - group "Show":
    - button "All" [pressed]
    - button "Unread"
  - heading "Invitations 1" [level=3]
  - list:
    - listitem:
      - link "Choir Invited by Cora Lindqvist"
  - heading "Requests 2" [level=3]
  - list
  - list:
    - listitem:
      - link /Book circle .* Sunday it is/
      - button "What to do with Book circle"
"""
# Both of Cora's messages say whose they are, though her name is seen only once.
ROOM: Final = """
- main:
  - region "Conversation Book circle":
    - heading "Book circle" [level=2]
    - paragraph: 3 members
    - feed "Messages":
      - article /^Cora Lindqvist cora@alpha.test .+/
      - article /^You alice@alpha.test .+/:
        - button "Cora Lindqvist Who has read the last chapter?"
        - paragraph: Nearly! I finish it on the train tomorrow.
        - paragraph:
          - text: delivered
      - article /^Cora Lindqvist cora@alpha.test .+/:
        - text: This message was deleted.
      - article /^Cora Lindqvist cora@alpha.test .+/:
        - paragraph: No spoilers, promised.
      - article /^Cora Lindqvist cora@alpha.test .+/:
        - paragraph:
          - button "edited"
        - list "Reactions":
          - listitem:
            - button "❤, 2 people, you among them" [pressed]
      - article /^Bob Tanaka bob@beta.test .+/
    - button "Attach files"
    - textbox "Write a message"
    - paragraph: Readable by the administrators of alpha.test and beta.test.
"""
DETAILS: Final = """
- complementary "Details":
  - heading "Details" [level=2]
  - button "Close the details"
  - heading "People" [level=3]
  - list:
    - listitem:
      - text: Bob Tanaka bob@beta.test
      - paragraph: active now · admin
  - heading "Who can read" [level=3]
  - heading "Notifications" [level=3]
  - button "Mute…"
  - button "Leave this group"
"""
REQUEST: Final = """
- main:
  - region /know writes to you/:
    - heading /know writes to you/ [level=2]
    - paragraph: eve@beta.test
    - paragraph: 1 message waits.
    - group "Messages":
      - paragraph
    - paragraph:
      - button "Accept"
      - button "Decline"
"""


async def test_the_chat_is_read_aloud_as_it_is_seen(tmp_path: Path) -> None:
    complaints = Complaints()
    async with started(tmp_path, "alpha.test", "beta.test") as nodes, browser_for(nodes) as browser:
        page = await page_of(browser, DESK, complaints)
        await make_owner(page, found(nodes[0]).owner_link, "alice", PASSWORD)
        scene = await set_scene(*(Desk(node, page, complaints) for node in nodes))
        await _is_read(page, scene)
        await _says_what_comes(page, scene)

    assert complaints == []


async def _is_read(page: Page, scene: Scene) -> None:
    await page.set_viewport_size(DESK)
    await open_room(page, scene)
    body = page.locator("body")
    for told in (LIST, ROOM, DETAILS):
        await expect(body).to_match_aria_snapshot(told, timeout=PATIENCE_MS)
    # Of a message that has the focus the words are told with whose they are.
    last = page.locator("message-item").last
    await last.focus()
    await expect(last).to_have_accessible_description(
        "Sunday it is. I bring the tea, and a list of what comes next."
    )


async def _says_what_comes(page: Page, scene: Scene) -> None:
    """New words are said once, by a region of their own; what was there before never is."""
    live = page.locator("[aria-live=polite]").filter(has_text="Bob Tanaka: One more thing")
    await expect(live).to_have_count(0)
    await scene.there.say("bob", await _there(scene), "One more thing")
    await expect(live).to_have_count(1, timeout=PATIENCE_MS)
    assert await page.locator("[role=feed] [aria-live], [aria-live] [role=feed]").count() == 0
    await scene.here.open(f"/chat/{scene.request}")
    await expect(page.locator("body")).to_match_aria_snapshot(REQUEST, timeout=PATIENCE_MS)


async def _there(scene: Scene) -> str:
    """The id of the group at the other node."""
    here = await scene.here.ask("alice", "GET", f"/conversations/{scene.room}")
    rooms = (await scene.there.ask("bob", "GET", "/conversations"))["items"]
    return str(next(one["id"] for one in rooms if one["uri"] == here["uri"]))
