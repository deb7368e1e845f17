"""The picture by which others see somebody is chosen and taken back by plain forms."""

from io import BytesIO

import pytest
from aiohttp import FormData
from yarl import URL

from tests.support.page_browser import BASE_URL, HOST, PASSWORD, Browser, token_in
from tests.support.page_site import UPLOAD_MAX


@pytest.fixture
async def alice(browser: Browser, owner: str) -> Browser:
    """A browser in which alice is signed in."""
    await browser.fill_in("/sign-in", name="alice", password=PASSWORD)
    return browser


async def send(
    browser: Browser, data: bytes, *, csrf: str | None = None, origin: str = BASE_URL
) -> tuple[int, str]:
    """Choose a file in the form, and send it."""
    _, page = await browser.get("/settings")
    form = FormData()
    form.add_field("csrf", token_in(page) if csrf is None else csrf)
    form.add_field("file", BytesIO(data), filename="me.jpg", content_type="image/jpeg")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {"Host": HOST, "Origin": origin, "Cookie": cookies}
    url = URL("/settings/picture")
    async with browser.client.post(url, data=form, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_a_picture_is_chosen(alice: Browser):
    status, page = await send(alice, b"picture of alice")

    assert status == 200
    assert "Others see this picture of you" in page


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"", 422, "Choose a picture first."),
        (b"a text", 422, "This file is no picture"),
        (b"x" * (UPLOAD_MAX + 1), 413, "larger than 2 MB"),
    ],
    ids=["nothing", "text", "large"],
)
async def test_what_cannot_be_taken_is_said_on_the_page(
    alice: Browser, data: bytes, status: int, words: str
):
    answered, page = await send(alice, data)

    assert answered == status
    assert words in page
    assert 'action="/settings/picture#profile"' in page


@pytest.mark.parametrize("csrf", ["", "another"])
async def test_a_form_without_the_token_of_the_page_does_nothing(alice: Browser, csrf: str):
    assert (await send(alice, b"picture", csrf=csrf))[0] == 403


async def test_a_form_of_another_site_does_nothing(alice: Browser):
    assert (await send(alice, b"picture", origin="https://evil.test"))[0] == 403


async def test_nobody_who_is_not_signed_in_has_a_picture(browser: Browser, owner: str):
    status, _, headers = await browser.post("/settings/picture", {})

    assert status == 303
    assert headers["Location"].startswith("/sign-in")


async def test_a_picture_is_taken_back(alice: Browser):
    _, page = await alice.get("/settings")

    status, page = await alice.send("/settings/picture/remove", {"csrf": token_in(page)})

    assert status == 200
    assert "Your picture is removed." in page
