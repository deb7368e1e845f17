import asyncio

import pytest
from aiohttp import web

from federation.transport.answer import Answer
from federation.transport.client import POST_ANSWER_MAX_BYTES, Client
from federation.transport.failure import Forbidden, Kind, Unreachable
from tests.support.tls_peer import Authority, TlsPeer, settings_for

INBOX = "https://alpha.test/inbox"


@pytest.fixture
async def client(issuer: Authority, alpha: TlsPeer):
    async with Client(settings_for(issuer, alpha)) as opened:
        yield opened


async def test_the_bytes_and_the_headers_arrive_as_given(client: Client, alpha: TlsPeer):
    alpha.serve("/inbox", "", status=202)
    headers = {"Content-Type": "application/activity+json", "Digest": "d", "Host": "alpha.test"}

    answer = await client.post(INBOX, b'{"a": 1}', headers)

    assert isinstance(answer, Answer)
    assert answer.status == 202
    sent = alpha.requests[0]
    assert alpha.bodies == [b'{"a": 1}']
    assert {name: sent.headers.getall(name) for name in headers} == {
        name: [value] for name, value in headers.items()
    }


async def test_a_redirect_is_not_followed(client: Client, alpha: TlsPeer):
    alpha.redirect("/inbox", "/elsewhere", status=307)

    answer = await client.post(INBOX, b"{}", {})

    assert isinstance(answer, Answer)
    assert (answer.status, answer.headers["location"]) == (307, "/elsewhere")
    assert alpha.paths() == ["/inbox"]


async def test_of_a_long_answer_the_first_part_is_read(client: Client, alpha: TlsPeer):
    alpha.serve("/inbox", b"x" * 100_000, status=400)

    answer = await client.post(INBOX, b"{}", {})

    assert isinstance(answer, Answer)
    assert answer.status == 400
    assert answer.body == b"x" * POST_ANSWER_MAX_BYTES


async def test_a_forbidden_inbox_is_not_dialled(client: Client):
    answer = await client.post("https://127.0.0.1/inbox", b"{}", {})

    assert isinstance(answer, Forbidden)
    assert client.egress_log == ()


async def test_a_connection_closed_under_us_is_tried_once_more(client: Client, alpha: TlsPeer):
    async def closes(request: web.Request) -> web.Response:
        alpha.serve("/inbox", "", status=202)
        request.transport.abort()
        return web.Response()

    alpha.routes["/inbox"] = closes

    answer = await client.post(INBOX, b"{}", {})

    assert isinstance(answer, Answer)
    assert answer.status == 202
    assert alpha.bodies == [b"{}", b"{}"]


async def test_a_server_that_always_closes_is_unreachable(client: Client, alpha: TlsPeer):
    async def closes(request: web.Request) -> web.Response:
        request.transport.abort()
        return web.Response()

    alpha.routes["/inbox"] = closes

    answer = await client.post(INBOX, b"{}", {})

    assert isinstance(answer, Unreachable)
    assert answer.kind is Kind.DISCONNECTED
    assert len(alpha.requests) == 2


async def test_a_silent_server_ends_with_the_total_time(issuer: Authority, alpha: TlsPeer):
    never = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await never.wait()
        return web.Response()

    alpha.routes["/inbox"] = hang

    async with Client(settings_for(issuer, alpha, total_timeout_s=0.3)) as client:
        answer = await client.post(INBOX, b"{}", {})
    never.set()

    assert isinstance(answer, Unreachable)
    assert answer.kind is Kind.TIMEOUT


async def test_connections_are_kept_and_two_at_most(client: Client, alpha: TlsPeer):
    alpha.serve("/inbox", "", status=202)

    for _ in range(3):
        await asyncio.gather(*(client.post(INBOX, b"{}", {}) for _ in range(6)))

    assert len(alpha.requests) == 18
    assert 1 <= len(client.egress_log) <= 2


async def test_a_client_that_is_not_open_says_so(issuer: Authority, alpha: TlsPeer):
    with pytest.raises(RuntimeError, match="not open"):
        await Client(settings_for(issuer, alpha)).post(INBOX, b"{}", {})
