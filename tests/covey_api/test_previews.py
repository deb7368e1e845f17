"""What goes along with a link is what its author has seen, and no page gets more than a look."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web

from federation.commands.preview import LOOKS_MAX
from federation.remote import previews
from federation.transport.client import ClientSettings
from tests.support.api_node import ApiNode, Person, api_node
from tests.support.mold import url_of
from tests.support.tls_peer import Authority, TlsPeer, authority, peer, settings_for

HTML = "text/html; charset=utf-8"
PAGE = '<title>Tea</title><meta name="description" content="Hot &amp; sweet"><p>text'
URL = "https://tea.example/a"
TEA = {"url": URL, "title": "Tea", "description": "Hot & sweet"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[Authority]:
    with authority() as one:
        yield one


@pytest_asyncio.fixture
async def site(issuer: Authority) -> AsyncIterator[TlsPeer]:
    async with peer(issuer, "tea.example", "www.tea.example", "evil.example") as server:
        server.serve("/a", PAGE, content_type=HTML)
        yield server


@pytest.fixture
def settings(issuer: Authority, site: TlsPeer) -> ClientSettings:
    return settings_for(issuer, site)


@pytest_asyncio.fixture
async def node(template: Path, tmp_path: Path, settings: ClientSettings) -> AsyncIterator[ApiNode]:
    file = shutil.copy(template, tmp_path / "covey.sqlite3")
    async with api_node(url_of(file), settings) as running:
        yield running


@pytest_asyncio.fixture
async def room(ana: Person, bo: Person) -> str:
    made = await ana.start_group(bo, title="Tea")
    await bo.post(f"/conversations/{made}/accept")
    return f"/conversations/{made}/messages"


async def test_a_page_is_looked_at_by_the_node(ana: Person, site: TlsPeer) -> None:
    looked = await ana.post("/previews", url=f"{URL}#part")

    assert (looked.status, looked.body) == (200, TEA)
    (request,) = site.requests
    assert "Cookie" not in request.headers
    assert "Referer" not in request.headers
    assert "ana" not in str(dict(request.headers))


async def test_who_reads_sees_what_was_sent_and_asks_nobody(
    ana: Person, bo: Person, room: str, site: TlsPeer
) -> None:
    said = await ana.post(room, text=f"Look: {URL}", preview=TEA)

    (shown,) = (await bo.get(room)).items
    assert said.status == 201
    assert said.body["preview"] == shown["preview"] == TEA
    assert shown["attachments"] == []
    assert site.requests == []


async def test_a_message_without_one_has_none(ana: Person, bo: Person, room: str) -> None:
    await ana.post(room, text=f"Look: {URL}")

    (shown,) = (await bo.get(room)).items
    assert shown["preview"] is None


async def test_an_edit_keeps_it_as_long_as_the_link_is_there(
    ana: Person, bo: Person, room: str
) -> None:
    said = await ana.post(room, text=f"Look: {URL}", preview=TEA)

    kept = await ana.call("PATCH", f"/messages/{said.body['id']}", {"text": f"Well: {URL}"})
    gone = await ana.call("PATCH", f"/messages/{said.body['id']}", {"text": "Never mind"})

    assert kept.body["preview"] == TEA
    assert gone.body["preview"] is None


async def test_a_deleted_message_has_none(ana: Person, bo: Person, room: str) -> None:
    said = await ana.post(room, text=f"Look: {URL}", preview=TEA)

    await ana.call("DELETE", f"/messages/{said.body['id']}")

    (shown,) = (await bo.get(room)).items
    assert shown["preview"] is None


async def test_strangers_are_shown_none(ana: Person, cy: Person) -> None:
    made = await cy.post("/conversations", kind="direct", members=[ana.acct])
    place = f"/conversations/{made.body['id']}/messages"
    await cy.post(place, text=f"Look: {URL}", preview=TEA)

    (shown,) = (await ana.get(place)).items
    assert await ana.state_of(made.body["id"]) == "requested"
    assert (shown["preview"], shown["html"]) == (None, None)


@pytest.mark.parametrize(
    "card",
    [
        {"url": "https://evil.example/a", "title": "Tea"},
        {"url": "javascript:alert(1)", "title": "Tea"},
        {"url": URL, "title": ""},
        {"url": URL, "title": "\u202e\u200b"},
        {"url": URL},
        {"url": 1, "title": 2},
        "Tea",
        [],
    ],
)
async def test_what_is_no_card_of_a_link_of_the_text_is_refused(
    ana: Person, room: str, card: object
) -> None:
    refused = await ana.post(room, text=f"Look: {URL}", preview=card)

    assert refused.status == 422
    assert (await ana.get(room)).items == []


async def test_words_that_steer_the_display_do_not_go_along(ana: Person, room: str) -> None:
    card = {"url": URL, "title": "a\u202eb\nc" + "x" * 500, "description": "\u2066d" * 600}

    said = await ana.post(room, text=URL, preview=card)

    assert said.body["preview"]["title"] == ("ab c" + "x" * 500)[:200]
    assert said.body["preview"]["description"] == "d" * 400


@pytest.mark.parametrize(
    ("path", "leads_to", "is_shown"),
    [
        ("/www", "https://www.tea.example/a", "shown"),
        ("/own", "/a", "shown"),
        ("/else", "https://evil.example/a", "not"),
        ("/private", "https://127.0.0.1/a", "not"),
        ("/port", "https://tea.example:8443/a", "not"),
        ("/http", "http://tea.example/a", "not"),
        ("/loop", "/loop", "not"),
        ("/file", "file:///etc/passwd", "not"),
    ],
)
async def test_a_page_leads_no_further_than_its_owner(
    ana: Person, site: TlsPeer, path: str, leads_to: str, is_shown: str
) -> None:
    site.redirect(path, leads_to)

    looked = await ana.post("/previews", url=f"https://tea.example{path}")

    assert looked.status == (200 if is_shown == "shown" else 404)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "tea",
        "http://tea.example/a",
        "https://127.0.0.1/a",
        "https://[::1]/",
        "https://alpha.test/u/ana",
        "https://ana@tea.example/a",
        "ftp://tea.example/a",
        "https://tea.example/" + "x" * 3000,
    ],
)
async def test_what_may_not_be_asked_is_not(ana: Person, site: TlsPeer, url: str) -> None:
    looked = await ana.post("/previews", url=url)

    assert looked.status == 404
    assert site.requests == []


async def test_a_huge_page_is_read_as_far_as_its_head(ana: Person, site: TlsPeer) -> None:
    site.serve("/huge", PAGE + "x" * (3 << 20), content_type=HTML)
    site.serve("/late", " " * (3 << 20) + PAGE, content_type=HTML)

    early = await ana.post("/previews", url="https://tea.example/huge")
    late = await ana.post("/previews", url="https://tea.example/late")

    assert early.body["title"] == "Tea"
    assert late.status == 404


async def test_a_page_that_never_ends_is_given_up(
    ana: Person, site: TlsPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(previews, "DEADLINE_S", 0.2)

    async def drip(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": HTML})
        await response.prepare(request)
        await response.write(b"<title>")
        await request.content.wait_eof()
        await request.protocol.closed  # type: ignore[attr-defined]
        return response

    site.routes["/drip"] = drip

    looked = await ana.post("/previews", url="https://tea.example/drip")

    assert looked.status == 404


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (PAGE, "image/svg+xml", 200),
        (PAGE, "application/json", 200),
        (PAGE, HTML, 404),
        (PAGE, HTML, 500),
        ("<p>no title</p>", HTML, 200),
        ("<title>\u202e\u200b</title>", HTML, 200),
    ],
)
async def test_what_is_no_page_with_a_title_is_nothing(
    ana: Person, site: TlsPeer, body: str, content_type: str, status: int
) -> None:
    site.serve("/x", body, content_type=content_type, status=status)

    assert (await ana.post("/previews", url="https://tea.example/x")).status == 404


async def test_a_script_in_a_title_is_a_text(ana: Person, bo: Person, room: str, site: TlsPeer):
    site.serve("/a", "<title>&lt;img src=x onerror=alert(1)&gt;</title>", content_type=HTML)
    card = (await ana.post("/previews", url=URL)).body

    await ana.post(room, text=URL, preview=card)

    (shown,) = (await bo.get(room)).items
    assert shown["preview"]["title"] == "<img src=x onerror=alert(1)>"
    assert "<img" not in shown["html"]


async def test_nothing_is_asked_for_somebody_who_wants_no_cards(
    ana: Person, bo: Person, room: str, site: TlsPeer
) -> None:
    changed = await ana.call("PATCH", "/me", {"previews": False})

    looked = await ana.post("/previews", url=URL)
    said = await ana.post(room, text=f"Look: {URL}", preview=TEA)

    assert changed.body["previews"] is False
    assert looked.status == 409
    assert site.requests == []
    assert (said.status, said.body["preview"]) == (201, None)
    assert [one["preview"] for one in (await bo.get(room)).items] == [None]


async def test_one_persons_choice_is_nobody_elses(ana: Person, bo: Person, site: TlsPeer) -> None:
    await ana.call("PATCH", "/me", {"previews": False})

    others = await bo.post("/previews", url=URL)
    await ana.call("PATCH", "/me", {"previews": True, "receipts": True})
    again = await ana.post("/previews", url=URL)

    assert (others.body, again.body) == (TEA, TEA)
    assert len(site.requests) == 2


@pytest.mark.parametrize("choice", ["off", 0, [], {}])
async def test_a_choice_that_is_none_changes_nothing(ana: Person, choice: object) -> None:
    refused = await ana.call("PATCH", "/me", {"previews": choice, "receipts": True})

    me = (await ana.get("/me")).body
    assert refused.status == 422
    assert (me["previews"], me["receipts"]) == (True, False)


async def test_nobody_looks_at_pages_without_end(ana: Person, bo: Person) -> None:
    answers = [await ana.post("/previews", url=URL) for _ in range(LOOKS_MAX + 1)]

    assert [one.status for one in answers] == [200] * LOOKS_MAX + [429]
    assert answers[-1].headers["Retry-After"] == "60"
    assert (await bo.post("/previews", url=URL)).status == 200
