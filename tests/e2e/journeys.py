"""What two people do in their browsers, step by step; each step waits for what the page then says.

A step takes a page and nothing of the node but its address.
"""

import re
from dataclasses import dataclass

from playwright.async_api import (
    Browser,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    ViewportSize,
    expect,
)

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # The certificates are of a throw-away CA. What a context ignores, its workers do not.
    "--ignore-certificate-errors",
)
PATIENCE_MS = 20_000
PASSWORD = "a quiet long password"
PHONE = ViewportSize(width=360, height=740)
DESK = ViewportSize(width=1280, height=800)


@dataclass(frozen=True, slots=True)
class RunningNode:
    """A node that answers.

    Attributes:
        base_url: Where its pages are.
        domain: What stands behind the @ in its handles.
        owner_link: Its unspent one-time link.
    """

    base_url: str
    domain: str
    owner_link: str


class Complaints(list[str]):
    """Everything a page complains about: console errors and violations of its policy."""

    def watch(self, page: Page) -> None:
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.append(str(error)))

    def _said(self, line: ConsoleMessage) -> None:
        if line.type == "error":
            self.append(f"{line.text} {line.location.get('url', '')}")


async def page_of(chromium: Browser, size: ViewportSize, complaints: Complaints) -> Page:
    """A page that shares nothing with any other."""
    context = await chromium.new_context(viewport=size, ignore_https_errors=True)
    page = await context.new_page()
    complaints.watch(page)
    return page


async def make_owner(page: Page, link: str, name: str, password: str) -> None:
    """Open the one-time link and make the account, which signs its maker in."""
    await page.goto(link)
    await page.get_by_label("Name").fill(name)
    await page.get_by_label("Password", exact=True).fill(password)
    await page.get_by_label("Password, once more").fill(password)
    await page.get_by_role("button", name="Make the account").click()
    await expect(page.get_by_role("navigation", name="Conversations")).to_be_visible(
        timeout=PATIENCE_MS
    )


async def sign_in(page: Page, base_url: str, name: str, password: str) -> None:
    """Come to the bare address, find the way in, and take it."""
    await page.goto(base_url)
    await page.get_by_role("link", name="Sign in").click()
    await fill_in_sign_in(page, name, password)
    await expect(page.get_by_role("navigation", name="Conversations")).to_be_visible(
        timeout=PATIENCE_MS
    )


async def fill_in_sign_in(page: Page, name: str, password: str) -> None:
    """Sign in where the form is, or soon will be."""
    await page.get_by_label("Name").fill(name, timeout=3 * PATIENCE_MS)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in", exact=True).click()


async def sign_out(page: Page) -> None:
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("link", name="Sign in")).to_be_visible()


async def start_group(page: Page, title: str, *accts: str) -> None:
    """Start a group with people who are invited."""
    await page.get_by_role("button", name="New conversation").click()
    for acct in accts:
        await page.get_by_label("People", exact=True).fill(acct)
        await page.get_by_role("button", name="Add", exact=True).click()
        await expect(page.get_by_role("button", name=f"Remove {acct}")).to_be_visible(
            timeout=PATIENCE_MS
        )
    if len(accts) == 1:
        await page.get_by_role("checkbox", name="Make this a group").check()
    await page.get_by_label("Name of the group (optional)").fill(title)
    await page.get_by_role("button", name=re.compile(rf"Send {len(accts)} invitation")).click()
    await expect(page.get_by_role("heading", name=title)).to_be_visible(timeout=PATIENCE_MS)


async def write_to(page: Page, *accts: str) -> None:
    """Open the direct conversation with these people; Enter adds one after the other."""
    await page.get_by_role("button", name="New conversation").click()
    await page.get_by_role("radio", name="Direct").check()
    for acct in accts:
        await page.get_by_label("People", exact=True).fill(acct)
        await page.get_by_label("People", exact=True).press("Enter")
        await expect(page.get_by_role("button", name=f"Remove {acct}")).to_be_visible(
            timeout=PATIENCE_MS
        )
    await page.get_by_role("button", name="Start writing").click()
    await expect(composer(page)).to_be_visible(timeout=PATIENCE_MS)


async def accept_request(page: Page, title: str, inviter: str) -> None:
    """Take a stranger's invitation: see who asks, ask for the words, accept."""
    await page.get_by_role("link", name=f"Request from {inviter}").click(timeout=PATIENCE_MS)
    await expect(page.get_by_text(title)).to_have_count(0)
    await page.get_by_role("button", name="Show").click()
    await expect(page.get_by_role("main")).to_contain_text(title)
    await page.get_by_role("button", name="Accept").click()
    await expect(composer(page)).to_be_visible(timeout=PATIENCE_MS)


async def say(page: Page, text: str) -> None:
    """Write and send by the keyboard."""
    await composer(page).fill(text)
    await composer(page).press("Enter")
    await expect(message(page, text)).to_have_count(1, timeout=PATIENCE_MS)


async def hears(page: Page, text: str) -> None:
    """The message is there without reloading, once."""
    await expect(message(page, text)).to_have_count(1, timeout=PATIENCE_MS)


async def is_delivered(page: Page, text: str) -> None:
    """The sender is told that every member's node has it."""
    await expect(message(page, text)).to_contain_text("delivered", timeout=PATIENCE_MS)


async def attach(page: Page, *files: FilePayload) -> None:
    """Choose files, in whatever language the page is."""
    async with page.expect_file_chooser() as chooser:
        await page.locator("message-composer form button").first.click()
    await (await chooser.value).set_files(list(files))


def composer(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Write a message")


async def choose(page: Page, text: str, act: str) -> None:
    """Choose from the menu of a message."""
    await saying(page, text).locator(".body").click(button="right")
    await page.get_by_role("menuitem", name=act, exact=True).click()


def saying(page: Page, text: str) -> Locator:
    """The message whose own words these are, and none that quotes them."""
    return page.get_by_role("article").filter(has=page.locator(".body", has_text=text))


def message(page: Page, text: str) -> Locator:
    return page.get_by_role("article").filter(has_text=text)
