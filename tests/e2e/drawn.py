"""Every template as a page in a browser, with no node behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from playwright.async_api import Page, Route, async_playwright

from node.http.security_headers import PAGE_POLICY
from node.web.languages import Languages
from node.web.static_files import StaticFile
from tests.e2e.journeys import CHROMIUM, CHROMIUM_ARGS
from tests.support.every_page import every_page, static_in

ADDRESS = "https://alpha.test/"


@asynccontextmanager
async def drawn_pages(tag: str, languages: Languages) -> AsyncIterator[tuple[Page, list[str]]]:
    """A page, and the templates' names: below ADDRESS it finds each in that language."""
    pages = dict(every_page(tag, languages))
    static = static_in(languages)

    async def answer(route: Route) -> None:
        path = urlsplit(route.request.url).path.removeprefix("/")
        if path in pages:
            headers = {"Content-Security-Policy": PAGE_POLICY}
            await route.fulfill(body=pages[path], content_type="text/html", headers=headers)
        elif path.startswith("static/"):
            file: StaticFile = static.files[path.split("/", 2)[2]]
            await route.fulfill(body=file.body, content_type=file.content_type)
        elif path.startswith("media/"):
            file = static.files["mark.svg"]
            await route.fulfill(body=file.body, content_type=file.content_type)
        else:
            await route.fulfill(status=404)

    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=list(CHROMIUM_ARGS)
        )
        page = await chromium.new_page()
        await page.route("**/*", answer)
        yield page, sorted(pages)
        await chromium.close()
