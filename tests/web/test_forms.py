"""A form from elsewhere, or without its token, changes nothing."""

import pytest
from aiohttp.test_utils import make_mocked_request

from node.http.errors import DeclinedError
from node.web.forms import read_form
from tests.support.page_browser import BASE_URL, PASSWORD, Browser, Fields, token_in

# What a reader says that got as far as the kind of the content.
READ = "unsupported-media-type"
FIELDS = {"name": "alice", "password": PASSWORD}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": BASE_URL},
        {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_a_form_from_our_page_is_read(browser: Browser, owner: str, headers: Fields):
    _, page = await browser.get("/sign-in")

    status, _, _ = await browser.post("/sign-in", FIELDS | {"csrf": token_in(page)}, **headers)

    assert status == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.test"},
        {"Origin": "https://evil.test", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
async def test_a_form_from_elsewhere_is_refused(
    browser: Browser, owner: str, headers: dict[str, str]
):
    _, page = await browser.get("/sign-in")

    status, _, _ = await browser.post("/sign-in", FIELDS | {"csrf": token_in(page)}, **headers)

    assert status == 403


@pytest.mark.parametrize("token", [{}, {"csrf": ""}, {"csrf": "another"}])
async def test_a_form_without_its_token_is_refused(
    browser: Browser, owner: str, token: dict[str, str]
):
    await browser.get("/sign-in")

    status, _, _ = await browser.post("/sign-in", FIELDS | token)

    assert status == 403


async def test_a_form_without_its_cookie_is_refused(browser: Browser, owner: str):
    _, page = await browser.get("/sign-in")
    browser.cookies.clear()

    status, _, _ = await browser.post("/sign-in", FIELDS | {"csrf": token_in(page)})

    assert status == 403


@pytest.mark.parametrize(
    ("base_url", "headers", "word"),
    [
        ("http://alpha.test", {"Origin": "null"}, READ),
        ("http://alpha.test", {}, "forbidden"),
        ("http://alpha.test", {"Origin": "https://alpha.test"}, "forbidden"),
        ("http://alpha.test", {"Origin": "null", "Sec-Fetch-Site": "cross-site"}, "forbidden"),
        ("https://alpha.test", {"Origin": "null"}, "forbidden"),
    ],
)
async def test_only_development_does_without_a_site(base_url: str, headers: Fields, word: str):
    form_type = {"Content-Type": "text/plain"}
    request = make_mocked_request("POST", "/sign-in", headers=headers | form_type)

    with pytest.raises(DeclinedError) as refusal:
        await read_form(request, base_url, "token")

    assert refusal.value.problem.word == word


async def test_json_is_no_form(browser: Browser, owner: str):
    await browser.get("/sign-in")

    status, page, _ = await browser.post("/sign-in", FIELDS, **{"Content-Type": "application/json"})

    assert status == 415
    assert "<h1>" in page


async def test_a_form_is_small(browser: Browser, owner: str):
    _, page = await browser.get("/sign-in")

    fields = FIELDS | {"csrf": token_in(page), "password": "x" * 20_000}
    status, _, _ = await browser.post("/sign-in", fields)

    assert status == 413
