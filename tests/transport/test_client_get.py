import asyncio
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from federation.transport.answer import Answer
from federation.transport.client import Client, Sign
from federation.transport.failure import BadAnswer, Forbidden, Kind, Unreachable
from tests.support.tls_peer import Authority, TlsPeer, settings_for

JSON = "application/activity+json"


@pytest.fixture
async def client(issuer: Authority, alpha: TlsPeer, beta: TlsPeer):
    async with Client(settings_for(issuer, alpha, beta)) as opened:
        yield opened


async def fetch(client: Client, url: str, *, max_bytes: int = 1000, sign: Sign | None = None):
    return await client.get(url, accept=JSON, max_bytes=max_bytes, sign=sign)


async def test_a_document_comes_whole_from_the_named_host(client: Client, alpha: TlsPeer):
    alpha.serve("/u/al", '{"id": "x"}')

    answer = await fetch(client, "https://alpha.test/u/al?x=%2F")

    assert isinstance(answer, Answer)
    assert (answer.status, answer.body) == (200, b'{"id": "x"}')
    assert answer.headers["content-type"] == JSON
    assert answer.url == "https://alpha.test/u/al?x=%2F"
    sent = alpha.requests[0]
    assert (sent.host, sent.raw_path) == ("alpha.test", "/u/al?x=%2F")
    assert sent.headers["Accept"] == JSON
    assert sent.headers["Accept-Encoding"] == "identity"
    assert sent.headers["User-Agent"] == "Covey/test"


async def test_a_name_without_exception_is_refused_at_the_socket(issuer: Authority, alpha: TlsPeer):
    settings = replace(settings_for(issuer, alpha), allow_private=())

    async with Client(settings) as client:
        answer = await fetch(client, "https://alpha.test/u/al")

        assert isinstance(answer, Forbidden)
        assert [(line.address, line.allowed) for line in client.egress_log] == [
            ("127.0.0.1", False)
        ]
    assert alpha.requests == []


async def test_a_name_that_dns_leads_to_loopback_is_refused_at_the_socket(
    issuer: Authority, alpha: TlsPeer
):
    settings = replace(settings_for(issuer, alpha), allow_private=(), hosts={}, allow_http=True)

    async with Client(settings) as client:
        answer = await fetch(client, f"https://localhost:{alpha.port}/")

        assert isinstance(answer, Forbidden)
        assert client.egress_log
        assert not any(line.allowed for line in client.egress_log)


async def test_a_literal_address_is_refused_before_and_at_the_socket(
    issuer: Authority, alpha: TlsPeer
):
    settings = replace(settings_for(issuer, alpha), allow_private=(), allow_http=True)

    async with Client(settings) as client:
        answer = await fetch(client, f"https://127.0.0.1:{alpha.port}/")
        assert isinstance(answer, Forbidden)
        assert client.egress_log == ()

        # The second wall, had the first one a hole: the session itself, asked for a literal.
        with pytest.raises(aiohttp.ClientConnectorError):
            await client._session.get(f"https://127.0.0.1:{alpha.port}/")
        assert [line.allowed for line in client.egress_log] == [False]
    assert alpha.requests == []


async def test_a_redirect_is_followed_and_signed_anew(client: Client, alpha: TlsPeer):
    alpha.redirect("/a", "/b")
    alpha.serve("/b", "{}")
    signed: list[str] = []

    def sign(url: str) -> dict[str, str]:
        signed.append(url)
        return {"Signature": url}

    answer = await fetch(client, "https://alpha.test/a#key", sign=sign)

    assert isinstance(answer, Answer)
    assert answer.url == "https://alpha.test/b"
    assert signed == ["https://alpha.test/a", "https://alpha.test/b"]
    assert [request.headers["Signature"] for request in alpha.requests] == signed


async def test_three_redirects_are_followed_and_a_fourth_is_not(client: Client, alpha: TlsPeer):
    for step in range(4):
        alpha.redirect(f"/{step}", f"/{step + 1}")
    alpha.serve("/4", "{}")

    assert isinstance(await fetch(client, "https://alpha.test/1"), Answer)
    alpha.requests.clear()
    assert await fetch(client, "https://alpha.test/0") == BadAnswer("redirects without end", 302)
    assert alpha.paths() == ["/0", "/1", "/2", "/3"]


async def test_no_url_is_visited_twice(client: Client, alpha: TlsPeer):
    alpha.redirect("/a", "/b")
    alpha.redirect("/b", "https://ALPHA.test:443/a")

    assert await fetch(client, "https://alpha.test/a") == BadAnswer("redirects without end", 302)
    assert alpha.paths() == ["/a", "/b"]


async def test_an_answer_from_another_origin_is_not_used(
    client: Client, alpha: TlsPeer, beta: TlsPeer
):
    alpha.redirect("/a", "https://beta.test/a")
    beta.serve("/a", "{}")

    answer = await fetch(client, "https://alpha.test/a")

    assert answer == BadAnswer("a redirect to another origin", 200)


async def test_a_way_through_another_origin_and_back_is_fine(
    client: Client, alpha: TlsPeer, beta: TlsPeer
):
    alpha.redirect("/a", "https://beta.test/a")
    beta.redirect("/a", "https://alpha.test/b", status=308)
    alpha.serve("/b", "{}")

    answer = await fetch(client, "https://alpha.test/a")

    assert isinstance(answer, Answer)
    assert answer.url == "https://alpha.test/b"


@pytest.mark.parametrize(
    "location", ["http://alpha.test/b", "https://127.0.0.1/b", "https://[::1]/", "file:///b"]
)
async def test_a_redirect_is_judged_like_a_first_url(client: Client, alpha: TlsPeer, location: str):
    alpha.redirect("/a", location)

    assert isinstance(await fetch(client, "https://alpha.test/a"), Forbidden)
    assert len(client.egress_log) == 1


async def test_a_body_over_its_cap_is_cut_off_while_it_streams(client: Client, alpha: TlsPeer):
    hung_up = asyncio.Event()

    async def endless(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        try:
            while True:
                await answer.write(b"x" * 1000)
        except ConnectionError:
            hung_up.set()
            raise

    alpha.routes["/endless"] = endless

    answer = await fetch(client, "https://alpha.test/endless", max_bytes=2000)

    assert answer == BadAnswer("a body over its cap", 200)
    async with asyncio.timeout(5):
        await hung_up.wait()


@pytest.mark.parametrize(("size", "kind"), [(1000, Answer), (1001, BadAnswer)])
async def test_the_cap_counts_to_the_byte(client: Client, alpha: TlsPeer, size: int, kind: type):
    alpha.serve("/sized", b"x" * size)

    answer = await fetch(client, "https://alpha.test/sized")

    assert isinstance(answer, kind)


@pytest.mark.parametrize("encoding", ["gzip", "identity, gzip", "gzip, gzip", "br", ""])
async def test_an_encoded_body_is_refused_unread(client: Client, alpha: TlsPeer, encoding: str):
    async def encoded(_: web.Request) -> web.Response:
        return web.Response(body=b"x", headers={"Content-Encoding": encoding})

    alpha.routes["/encoded"] = encoded

    answer = await fetch(client, "https://alpha.test/encoded")

    assert answer == BadAnswer("an encoded body", 200)


async def test_a_drip_ends_with_the_total_time(issuer: Authority, alpha: TlsPeer):
    async def drip(request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse()
        await answer.prepare(request)
        while True:
            await answer.write(b" ")
            await asyncio.sleep(0)

    alpha.routes["/drip"] = drip

    async with Client(settings_for(issuer, alpha, total_timeout_s=0.3)) as client:
        answer = await fetch(client, "https://alpha.test/drip", max_bytes=1 << 30)

    assert isinstance(answer, Unreachable)
    assert answer.kind is Kind.TIMEOUT


async def test_redirects_share_one_total_time(issuer: Authority, alpha: TlsPeer):
    never = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    alpha.redirect("/a", "/hang")
    alpha.routes["/hang"] = hang

    async with Client(settings_for(issuer, alpha, total_timeout_s=0.3)) as client:
        answer = await fetch(client, "https://alpha.test/a")
    never.set()

    assert isinstance(answer, Unreachable)
    assert answer.kind is Kind.TIMEOUT


async def test_cookies_are_not_kept(client: Client, alpha: TlsPeer):
    async def sets_cookie(_: web.Request) -> web.Response:
        return web.Response(headers={"Set-Cookie": "a=b; Path=/"})

    alpha.routes["/cookie"] = sets_cookie

    await fetch(client, "https://alpha.test/cookie")
    await fetch(client, "https://alpha.test/cookie")

    assert ["Cookie" in request.headers for request in alpha.requests] == [False, False]


async def test_a_repeated_header_is_joined(client: Client, alpha: TlsPeer):
    async def twice(_: web.Request) -> web.Response:
        answer = web.Response()
        answer.headers.extend([("X-Type", "a"), ("X-Type", "b")])
        return answer

    alpha.routes["/twice"] = twice

    answer = await fetch(client, "https://alpha.test/twice")

    assert isinstance(answer, Answer)
    assert answer.headers["x-type"] == "a, b"


async def test_a_certificate_of_another_name_is_no_answer(issuer: Authority, alpha: TlsPeer):
    settings = replace(settings_for(issuer, alpha), hosts={"beta.test": ("127.0.0.1", alpha.port)})

    async with Client(settings) as client:
        answer = await fetch(client, "https://beta.test/")

    assert isinstance(answer, Unreachable)
    assert answer.kind is Kind.TLS


async def test_a_certificate_of_a_stranger_is_no_answer(issuer: Authority, alpha: TlsPeer):
    async with Client(replace(settings_for(issuer, alpha), ca_file=None)) as client:
        answer = await fetch(client, "https://alpha.test/")

    assert isinstance(answer, Unreachable)
    assert answer.kind is Kind.TLS


async def test_a_closed_port_and_an_unknown_name_say_which(
    issuer: Authority, alpha: TlsPeer, unused_port: int
):
    settings = replace(settings_for(issuer, alpha), hosts={"gone.test": ("127.0.0.1", unused_port)})

    async with Client(settings) as client:
        closed = await fetch(client, "https://gone.test/")
        unknown = await fetch(client, "https://nowhere.invalid/")

    assert isinstance(closed, Unreachable)
    assert closed.kind is Kind.CONNECT
    assert isinstance(unknown, Unreachable)
    assert unknown.kind is Kind.DNS


async def test_what_is_not_http_is_said_to_be_garbled(client: Client, alpha: TlsPeer):
    async def garbled(request: web.Request) -> web.Response:
        request.transport.write(b"SSH-2.0-OpenSSH\r\n\r\n")
        request.transport.close()
        return web.Response()

    alpha.routes["/garbled"] = garbled

    answer = await fetch(client, "https://alpha.test/garbled")

    assert isinstance(answer, Unreachable)
    assert answer.kind is Kind.GARBLED
