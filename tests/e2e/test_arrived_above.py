"""A message that comes late takes its place, and whoever reads further down is told of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from federation.protocol.timestamps import format_time
from tests.e2e import journeys
from tests.e2e.conftest import browser_for, found
from tests.e2e.crowd import fill, look_into
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PASSWORD, PATIENCE_MS, Complaints, page_of
from tests.e2e.other_software import nodes_and_mastodon
from tests.support.mastodon_peer import MastodonPeer
from tests.support.process_node import until

pytestmark = pytest.mark.browser

HOURS_BACK = "UPDATE message SET t = t - 14400000, published_at = published_at - 14400000"
TOP = "(element) => element.getBoundingClientRect().top"
LATE_BY = timedelta(minutes=30)


async def begun_long_ago(desk: Desk, carol: MastodonPeer) -> str:
    """A direct conversation of alice with carol, in which only alice has said something."""
    draft = {"kind": "direct", "members": [carol.acct], "text": "Early"}
    room = (await desk.ask("alice", "POST", "/conversations", draft))["id"]

    async def has_come() -> bool:
        return any("Early" in one.text for one in (*carol.filtered, *carol.shown))

    assert await until(has_come, within_s=PATIENCE_MS / 1000)
    await carol.accept_senders()
    look_into(desk)
    await desk.node.change(HOURS_BACK)
    return str(room)


@pytest.mark.parametrize("count", [40, 300])
async def test_a_late_message_above_the_view_moves_nothing_and_is_told(
    tmp_path: Path, count: int
) -> None:
    """Among what the page holds, and before it begins."""
    complaints = Complaints()
    async with (
        nodes_and_mastodon(tmp_path, "alpha.test") as ((alpha,), carol),
        browser_for((alpha,)) as browser,
    ):
        page = await page_of(browser, DESK, complaints)
        await journeys.make_owner(page, found(alpha).owner_link, "alice", PASSWORD)
        desk = Desk(alpha, page, complaints)
        room = await begun_long_ago(desk, carol)
        await desk.say("alice", room, "The newest word")
        await fill(desk, count=count, apart_s=30)
        await desk.open(f"/chat/{room}")
        newest = journeys.message(page, "The newest word")
        await expect(newest).to_be_in_viewport(timeout=PATIENCE_MS)
        place = await newest.evaluate(TOP)

        published = format_time(datetime.now(UTC) - LATE_BY)
        await carol.reply(carol.find("Early"), "I was asleep", more={"published": published})
        told = page.get_by_role("button", name="1 message arrived above")
        await expect(told).to_be_visible(timeout=PATIENCE_MS)
        assert abs(await newest.evaluate(TOP) - place) < 1
        await told.click()

        late = journeys.message(page, "I was asleep")
        await expect(late).to_be_focused(timeout=PATIENCE_MS)
        await expect(late).to_be_in_viewport()
        await expect(late).to_contain_text("arrived late")
        await expect(told).to_be_hidden()
    assert complaints == []
