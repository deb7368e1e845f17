"""What a room says of a group whose home contradicts itself, and of messages that never came."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e import journeys
from tests.e2e.conftest import Processes, found
from tests.e2e.desk import BASE
from tests.e2e.journeys import PATIENCE_MS, Complaints
from tests.support.process_node import ProcessNode

pytestmark = pytest.mark.browser


async def ask(
    node: ProcessNode, name: str, method: str, path: str, json: object = None
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {await node.token_for(name)}"}
    status, answer = await node.call(method, BASE + path, headers=headers, json=json)
    assert status < 400, answer
    return dict(answer)


async def test_a_room_says_what_is_missing_and_that_its_home_contradicts_itself(
    processes: Processes, chromium: Browser
) -> None:
    home, away = processes
    complaints = Complaints()
    bob = await journeys.page_of(chromium, journeys.PHONE, complaints)
    await journeys.make_owner(bob, found(away).owner_link, "bob", journeys.PASSWORD)
    await home.covey("user", "add", "ana")
    draft = {"kind": "group", "title": "Book circle", "members": ["bob@beta.test"]}
    room = (await ask(home, "ana", "POST", "/conversations", draft))["id"]
    await journeys.accept_request(bob, "Book circle", "ana@alpha.test")
    said = f"/conversations/{room}/messages"
    await ask(home, "ana", "POST", said, {"text": "the first"})
    await journeys.hears(bob, "the first")

    # Nobody had two of her messages for a month; and home has signed two states for one epoch.
    await away.change(
        "UPDATE author_log SET heard = complete_to + 2, trouble = 'missing',"
        " troubled_at = moved_at, missing_since = moved_at WHERE local = FALSE"
    )
    await away.change("UPDATE conversation SET disputed = TRUE")
    await bob.reload()
    main = bob.get_by_role("main")
    await expect(main).to_contain_text("2 messages from ana are missing", timeout=PATIENCE_MS)
    await expect(main).to_contain_text("alpha.test has told different things about who is in")
    await expect(main.get_by_role("button", name="Leave this group")).to_be_visible()

    await main.get_by_role("button", name="Follow the server").click()
    await expect(main).not_to_contain_text("has told different things", timeout=PATIENCE_MS)
    for text in ("the second", "the third"):
        await ask(home, "ana", "POST", said, {"text": text})
    await journeys.hears(bob, "the third")
    await expect(main).not_to_contain_text("are missing", timeout=PATIENCE_MS)
    await expect(main).not_to_contain_text("is missing")
    assert complaints == []
