"""Whoever asks with a browser is told in a page what went wrong; programs get the document."""

import pytest

from tests.support.page_browser import Browser

ACCEPT = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
DOCUMENT = "application/problem+json"


@pytest.mark.parametrize(
    ("path", "status"), [("/nothing/here", 404), ("/odd//path", 404), ("/sign-out", 405)]
)
async def test_a_browser_gets_a_page(browser: Browser, path: str, status: int):
    answered, headers = await browser.headers(path, Accept=ACCEPT)
    _, page = await browser.get(path, Accept=ACCEPT)

    assert answered == status
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert headers["Vary"] == "Accept"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert 'href="/"' in page


async def test_a_page_keeps_what_the_answer_says_beside_it(browser: Browser):
    _, headers = await browser.headers("/sign-out", Accept=ACCEPT)

    assert headers["Allow"] == "POST"


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/activity+json"])
async def test_a_program_gets_the_document(browser: Browser, accept: str):
    status, headers = await browser.headers("/nothing/here", Accept=accept)

    assert (status, headers["Content-Type"]) == (404, DOCUMENT)


async def test_the_api_answers_documents_to_browsers_too(browser: Browser):
    _, headers = await browser.headers("/api/covey/v1/nothing", Accept=ACCEPT)

    assert headers["Content-Type"] == DOCUMENT


async def test_a_page_reflects_no_markup(browser: Browser):
    _, page = await browser.get("/<script>alert(1)</script>", Accept=ACCEPT)

    assert "alert" not in page
