"""Prints how heavy and how quick the chat is in Chromium, for somebody with 1,000 conversations.

Run with `python -m benchmarks.browser`. Two nodes on SQLite are started; that of alice is filled,
and she signs in at it with a browser. Printed are: the JavaScript of the list, in kB as it is run;
the CPU of the page's main thread from the request of the list until its rows are there and the page
has come to rest; the time from a click on a conversation until its messages are painted; and the
time from the event of a message of bob's, at the other node, until it is painted, which includes
the wait for the next frame. A busy machine stretches the two times: look at the smallest, and at
`load`.
"""

import argparse
import asyncio
import json
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.async_api import CDPSession, Page, Response, expect

from benchmarks._full_node import PEOPLE, fill
from benchmarks._machine import about
from node.clock import Clock
from storage.times import to_ms
from tests.e2e.conftest import browser_for, found, started
from tests.e2e.desk import Desk
from tests.e2e.journeys import DESK, PASSWORD, Complaints, make_owner, message, page_of
from tests.support.process_node import ProcessNode, until

PATIENCE_MS = 120_000
MESSAGES_EACH = 10
AT_REST_MS = 500
SOON_S = 60
# More rows than any screen has.
SEEN = 60
KB = 1000
# When a message of the stream was heard, before anybody else hears it.
HEAR = """
const Native = window.EventSource;
window.EventSource = class extends Native {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", () => { window.heardAt = performance.now(); });
  }
};
"""
HELPERS = """
window.painted = () => new Promise((resolve) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => resolve(performance.now());
  port2.postMessage(0);
}));
window.changed = (isSo) => new Promise((resolve) => {
  if (isSo()) { resolve(); return; }
  const watch = new MutationObserver(() => {
    if (!isSo()) return;
    watch.disconnect();
    resolve();
  });
  const all = { childList: true, subtree: true, characterData: true };
  watch.observe(document.querySelector("main"), all);
});
"""
OPEN = """async (link) => {
  const list = () => document.querySelector("main message-list");
  const before = list();
  const began = performance.now();
  link.click();
  await changed(() => list() !== before && list()?.querySelector("message-item"));
  return (await painted()) - began;
}"""
SEE = """async (words) => {
  await changed(() => document.querySelector("main").textContent.includes(words));
  return (await painted()) - window.heardAt;
}"""


async def measure(folder: Path, options: argparse.Namespace) -> dict[str, object]:
    """All figures, of one page."""
    complaints = Complaints()
    async with started(folder, "alpha.test", "beta.test") as nodes, browser_for(nodes) as browser:
        page = await page_of(browser, DESK, complaints)
        await make_owner(page, found(nodes[0]).owner_link, "alice", PASSWORD)
        await page.goto("about:blank")
        here, there = (Desk(node, page, complaints) for node in nodes)
        await there.node.covey("user", "add", "bob")
        rooms = await _tea(here, there)
        await _filled(here.node, options.conversations)
        scripts = _scripts_of(page)
        await page.add_init_script(HELPERS + HEAR)
        listed_ms = [await _list(page) for _ in range(options.rounds)]
        opened_ms = [await _open(page, number) for number in range(1, options.count + 1)]
        await here.open(f"/chat/{rooms[0]}")
        await expect(message(page, "Good evening")).to_be_visible(timeout=PATIENCE_MS)
        painted_ms = [await _hear(page, there, rooms[1], n) for n in range(options.count)]
    return {
        "benchmark": "browser",
        "conversations": options.conversations,
        "script_kb": round(sum(scripts.values()) / KB, 1),
        **_spread("list_cpu_ms", listed_ms),
        **_spread("open_ms", opened_ms),
        **_spread("painted_ms", painted_ms),
        **about(),
    }


async def _tea(here: Desk, there: Desk) -> tuple[str, str]:
    """A group of the two, by its id at either node."""
    draft = {"kind": "group", "title": "tea", "members": ["alice@alpha.test"], "text": "Hello"}
    made = await there.ask("bob", "POST", "/conversations", draft)
    state = "requests"

    async def is_there() -> bool:
        items = (await here.ask("alice", "GET", f"/conversations?state={state}"))["items"]
        rooms[:] = [str(each["id"]) for each in items if each["state"] != "joining"]
        return bool(rooms)

    rooms: list[str] = []
    await until(is_there, within_s=SOON_S)
    await here.ask("alice", "POST", f"/conversations/{rooms[0]}/accept")
    state = "joined"
    await until(is_there, within_s=SOON_S)
    await there.say("bob", made["id"], "Good evening")
    return rooms[0], str(made["id"])


async def _filled(node: ProcessNode, conversations: int) -> None:
    """Give alice so many more conversations while her node is stopped."""
    await node.kill()
    places = conversations * PEOPLE
    sizes = {"messages": places * MESSAGES_EACH, "places": places, "actors": places}
    uri, now = f"https://{node.name}/u/alice", to_ms(Clock().now())
    await asyncio.to_thread(fill, node.folder / "covey.db", uri, now, **sizes)
    await node.start()


def _scripts_of(page: Page) -> dict[str, int]:
    """The size of each script as it comes, by its address; filled from here on until the load."""
    sizes: dict[str, int] = {}

    async def note(response: Response) -> None:
        if response.url.endswith(".js") and "/texts/" not in response.url:
            sizes.setdefault(response.url, len(await response.body()))

    page.on("response", note)
    page.once("load", lambda _: page.remove_listener("response", note))
    return sizes


async def _list(page: Page) -> float:
    """Milliseconds of CPU until the list is there."""
    cdp = await page.context.new_cdp_session(page)
    await cdp.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = await _main_thread_ms(cdp)
    await page.goto("https://alpha.test/chat")
    row = page.locator("conversation-list > .scroll > .rows > li").nth(SEEN)
    await expect(row).to_be_attached(timeout=PATIENCE_MS)
    await page.wait_for_timeout(AT_REST_MS)
    return await _main_thread_ms(cdp) - before


async def _main_thread_ms(cdp: CDPSession) -> float:
    metrics: list[dict[str, Any]] = (await cdp.send("Performance.getMetrics"))["metrics"]
    return float({one["name"]: one["value"] for one in metrics}["TaskDuration"]) * 1e3


async def _open(page: Page, number: int) -> float:
    """Milliseconds from the click on a conversation until its messages are painted."""
    link = page.locator("conversation-list > .scroll > .rows > li > a").nth(number)
    return float(await link.evaluate(OPEN))


async def _hear(page: Page, there: Desk, room: str, number: int) -> float:
    """Milliseconds from the event of a message of the other node until it is painted."""
    words = f"Word {number} of bob's."
    seen = asyncio.ensure_future(page.evaluate(SEE, words))
    await there.say("bob", room, words)
    return float(await seen)


def _spread(name: str, figures: list[float]) -> dict[str, object]:
    return {
        name: round(statistics.median(figures), 1),
        f"{name}_spread": [round(min(figures), 1), round(max(figures), 1)],
    }


def main() -> None:
    """Measure in Debian's Chromium."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--conversations", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=5, help="How often the list is fetched.")
    parser.add_argument("--count", type=int, default=20, help="Rooms opened, and messages heard.")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        print(json.dumps(asyncio.run(measure(Path(name), options))))


if __name__ == "__main__":
    main()
