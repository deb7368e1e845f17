"""X10 of the corpus: whatever stands in an answer of the API, in the client nothing of it runs."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Dialog, Page, Request, async_playwright, expect

from tests.e2e.journeys import CHROMIUM, CHROMIUM_ARGS, DESK, fill_in_sign_in
from tests.hostile.cast import HANA, HOME
from tests.hostile.poisoned_api import PoisonedApi, words_and_times
from tests.hostile.stage import PASSWORD, Stage
from tests.hostile.test_rendering import ACTIVE
from tests.hostile.trial import Trial
from tests.support.person import API

SIGNING_IN = ("session", "known_device", "account")
EVIL = "https://evil.test/"

POISONS = {
    "elements": '"><img src=x onerror=alert(1)><svg onload=alert(2)><script>alert(3)</script>'
    '<iframe srcdoc="<script>parent.alert(4)</script>"></iframe>',
    "attributes": '\' " onmouseover=alert(1) style="background:url(https://evil.test/a)"'
    " autofocus onfocus=alert(2) tabindex=0 x='",
    "links": "</title></style><style>@import 'https://evil.test/x.css';</style>"
    "<link rel=stylesheet href=https://evil.test/y.css><base href=https://evil.test/>"
    "<meta http-equiv=refresh content='0;url=https://evil.test/'>"
    '<a href="javascript:alert(1)">a</a><a href="data:text/html,<script>alert(1)</script>">b</a>',
    "templates": "${alert(1)}{{constructor.constructor('alert(2)')()}}<template><img src=x "
    "onerror=alert(3)></template><noscript><p title='</noscript><img src=x onerror=alert(4)>'>",
}
ADDRESSES = {
    "elements": EVIL + POISONS["elements"],
    "attributes": EVIL + POISONS["attributes"],
    "links": "javascript:alert(1)//",
    "templates": "data:text/html,<script>alert(1)</script>",
}

# Other views, and what is there when they have come.
ELSEWHERE = {
    "/chat/c0": "conversation-details .person",
    "/chat/people": "people-page li",
    "/chat/people/ana@b.test": "person-profile .face",
    "/chat/new": "new-conversation .found li",
}

# What a browser says of an attempt that its policy has stopped.
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
});
"""
# What should never be in the document, however it came there.
FOREIGN = """() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    const name = element.tagName.toUpperCase();
    if (["IFRAME", "OBJECT", "EMBED", "BASE", "STYLE", "TEMPLATE"].includes(name)) found.push(name);
    for (const { name: key, value } of element.attributes) {
      if (/^on/i.test(key)) found.push(`${name} ${key}`);
      if (key === "style" && /url\\(/.test(value)) found.push(`${name} ${key}`);
      const leads = ["href", "src", "action", "formaction", "srcdoc", "xlink:href"].includes(key);
      if (leads && /^\\s*(javascript|data):/i.test(value)) found.push(`${name} ${key}`);
    }
  }
  return found;
}"""


# Without slots: Playwright notes on an object which of its methods it calls.
@dataclass
class Watched:
    """A page, and what of it would be an attack that has come through."""

    stage: Stage
    page: Page
    found: list[str] = field(default_factory=list)
    texts: str = ""

    async def begin(self) -> None:
        """Watch from the first document on."""
        page = self.page
        await page.add_init_script(WATCH)
        page.on("dialog", self._dialog)
        page.on("request", self._request)

    async def look(self) -> None:
        """Keep what is wrong in the document as it is now, and what it says."""
        self.found += await self.page.evaluate("() => window.violations")
        self.found += await self.page.evaluate(FOREIGN)
        self.texts += await self.page.evaluate("() => document.body.innerText")

    async def _dialog(self, dialog: Dialog) -> None:
        self.found.append(f"dialog {dialog.message}")
        await dialog.dismiss()

    def _request(self, request: Request) -> None:
        self.stage.sent += 1
        if not request.url.startswith(f"https://{HOME}/"):
            self.found.append(f"request {request.url}")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def chromium(stage: Stage) -> AsyncIterator[Browser]:
    """A browser that finds the node by its name, and every other one nowhere."""
    rules = f"MAP {HOME} 127.0.0.1:{stage.node.port}, MAP * ~NOTFOUND"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=[*CHROMIUM_ARGS, f"--host-resolver-rules={rules}"]
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def watched(trial: Trial, chromium: Browser) -> AsyncIterator[Watched]:
    """Otto's page, signed in."""
    trial.may_change(*SIGNING_IN)
    context = await chromium.new_context(viewport=DESK, ignore_https_errors=True)
    watched = Watched(trial.stage, await context.new_page())
    await watched.begin()
    await watched.page.goto(f"https://{HOME}/sign-in")
    await fill_in_sign_in(watched.page, "otto", f"{PASSWORD} otto")
    await expect(watched.page.get_by_role("navigation", name="Conversations")).to_be_visible()
    yield watched
    await context.close()


async def look_at_all(watched: Watched) -> None:
    """Open each conversation that is listed, and what is hidden in it."""
    page = watched.page
    rows = page.locator("a.row")
    await expect(rows.first).to_be_visible()
    for number in range(await rows.count()):
        await rows.nth(number).click()
        show = page.get_by_role("main").get_by_role("button", name="Show", exact=True)
        if await show.count():
            await show.click()
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        await watched.look()


async def look_elsewhere(watched: Watched) -> None:
    """Open what is not a conversation, and the details of one."""
    page = watched.page
    for path, selector in ELSEWHERE.items():
        await page.goto(f"https://{HOME}{path}")
        await expect(page.locator(selector).first).to_be_visible()
        await expect(page.locator("[aria-busy=true]")).to_have_count(0)
        await watched.look()


async def try_everything(watched: Watched) -> None:
    """Do what makes the client show what went wrong."""
    page = watched.page
    await page.locator("a.row", has=page.locator("time")).first.click()
    for box in await page.get_by_role("textbox", name="Write a message").all():
        await box.fill("hello")
        await box.press("Enter")
    await watched.look()
    await page.get_by_role("button", name="New conversation").first.click()
    await page.get_by_label("People", exact=True).fill("ana@b.test")
    await page.get_by_role("button", name="Add", exact=True).click()
    await expect(page.locator("new-conversation .people li")).to_have_count(1)
    await page.locator("new-conversation button[type=submit]").click()
    await expect(page.get_by_role("alert").last).not_to_be_empty()
    await watched.look()


@pytest.mark.parametrize("poison", POISONS)
async def test_x10_every_text_of_the_api(trial: Trial, watched: Watched, poison: str):
    api = PoisonedApi(POISONS[poison], ADDRESSES[poison])
    await watched.page.route(f"**{API}/**", api.answer)
    await watched.page.goto(f"https://{HOME}/chat")
    await look_at_all(watched)
    await try_everything(watched)
    await look_elsewhere(watched)

    assert watched.found == []
    assert POISONS[poison][:40] in watched.texts


async def test_x10_every_other_field(trial: Trial, watched: Watched):
    api = PoisonedApi(POISONS["elements"], ADDRESSES["elements"])
    await watched.page.route(f"**{API}/**", api.answer)
    for name in words_and_times():
        api.also = name
        await watched.page.goto(f"https://{HOME}/chat")
        await expect(watched.page.locator("covey-app > nav")).to_be_visible()
        await watched.look()
        for row in (await watched.page.locator("a.row").all())[:2]:
            await row.click()
            await watched.look()

        assert watched.found == [], name


async def test_x10_what_a_stranger_s_server_has_sent(trial: Trial, watched: Watched):
    stage = trial.stage
    trial.has_an_effect()
    for number, active in enumerate(ACTIVE):
        create = HANA.create(stage.otto.uri, summary=active[:200], name=active[:200])
        create["object"]["content"] = f"<p>number {number}</p>{active}"
        assert await trial.status_of(HANA.post(create)) == 202
    await stage.idle()
    await watched.page.goto(f"https://{HOME}/chat")
    await look_at_all(watched)

    assert watched.found == []
    assert f"number {len(ACTIVE) - 1}" in watched.texts
