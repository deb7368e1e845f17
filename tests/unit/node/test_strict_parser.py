"""What is no HTTP, or could be read in two ways, is a problem and the end of its connection."""

import asyncio
import logging

import pytest

from federation.protocol import strict_json
from node.http.problem import TYPE_BASE
from tests.support.http_server import HttpServer
from tests.unit.node.conftest import RawAnswer, parsed

HOST = b"Host: alpha.test\r\n"
POST = b"POST /echo HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"
SMUGGLED = b"GET /page HTTP/1.1\r\n" + HOST + b"\r\n"
MARK = b"MARKOFTHESENDER"


def many_fields(count: int) -> bytes:
    return b"".join(b"X-%d: y\r\n" % number for number in range(count))


MALFORMED: dict[str, tuple[bytes, int]] = {
    "two hosts": (POST + HOST + b"Content-Length: 2\r\n\r\n{}", 400),
    "no host": (b"GET /page HTTP/1.1\r\nX: " + MARK + b"\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", 400),
    "a negative length": (POST + b"Content-Length: -2\r\n\r\n{}", 400),
    "a length and a coding": (CHUNKED + b"Content-Length: 2\r\n\r\n0\r\n\r\n", 400),
    "a coding and a length": (
        POST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
    ),
    "gzip and chunked": (POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400),
    "chunked twice": (CHUNKED + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
    "an unknown coding": (POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
    "identity": (POST + b"Transfer-Encoding: identity\r\n\r\n", 400),
    "a bad chunk": (CHUNKED + b"\r\nzz\r\n" + MARK + b"\r\n0\r\n\r\n", 400),
    "a trailer": (CHUNKED + b"\r\n2\r\n{}\r\n0\r\nX: " + MARK + b"\r\n\r\n", 400),
    "a trailer announced": (
        CHUNKED + b"Trailer: X\r\n\r\n2\r\n{}\r\n0\r\nX: " + MARK + b"\r\n\r\n",
        400,
    ),
    "an announced trailer that does not come": (CHUNKED + b"Trailer: X\r\n\r\n0\r\n\r\n", 400),
    "a last chunk with an extension": (CHUNKED + b"\r\n0;x=" + MARK + b"\r\n\r\n", 400),
    "a request behind chunks": (CHUNKED + b"\r\n0\r\n\r\n" + SMUGGLED, 400),
    "a request behind a trailer": (CHUNKED + b"\r\n0\r\nX: y\r\n\r\n" + SMUGGLED, 400),
    "chunks behind a trailer": (
        CHUNKED + b"\r\n0\r\nX: y\r\n\r\n" + CHUNKED + b"\r\n0\r\n\r\n",
        400,
    ),
    "an expectation": (POST + b"Expect: " + MARK + b"\r\nContent-Length: 2\r\n\r\n{}", 400),
    "NUL in a field": (POST + b"X: " + MARK + b"\x00b\r\n\r\n", 400),
    "a folded line": (POST + b"X: a\r\n " + MARK + b"\r\n\r\n", 400),
    "a space before a colon": (POST + MARK + b" : a\r\n\r\n", 400),
    "lines without CR": (b"GET /page HTTP/1.1\nHost: alpha.test\n\n", 400),
    "HTTP/0.9": (b"GET /page HTTP/0.9\r\n" + HOST + b"\r\n", 400),
    "HTTP/2.0": (b"GET /page HTTP/2.0\r\n" + HOST + b"\r\n", 400),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "TLS": (b"\x16\x03\x01" + MARK + b"\r\n\r\n", 400),
    "words": (MARK + b" is no request\r\n\r\n", 400),
    "129 fields": (POST + many_fields(128) + b"\r\n", 431),
    "a field over the cap": (POST + b"X: " + MARK + b"y" * 17_000 + b"\r\n\r\n", 431),
    "fields over the cap": (
        POST + b"".join(b"X-%d: %s\r\n" % (number, b"y" * 1000) for number in range(17)) + b"\r\n",
        431,
    ),
    "a target over the cap": (b"GET /" + b"a" * 17_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n", 431),
    "a head without end": (POST + b"X: y\r\n" * 20_000, 431),
    "a method in mixed case": (b"POSt /echo HTTP/1.1\r\n" + HOST + b"\r\n", 405),
    "an unknown method": (MARK + b" /echo HTTP/1.1\r\n" + HOST + b"\r\n", 405),
}


def one_answer(raw: bytes) -> RawAnswer:
    """The only answer there is."""
    answer = parsed(raw)
    assert len(answer.body) == int(answer.headers["content-length"])
    return answer


@pytest.mark.parametrize("name", MALFORMED)
async def test_what_is_malformed_is_a_problem_and_the_end(
    server: HttpServer, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    data, status = MALFORMED[name]
    caplog.set_level(logging.DEBUG)

    answer = one_answer(await server.say(data))

    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-request-id"] in {"ID0", "ID1"}
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    problem = strict_json.loads(answer.body)
    assert problem["status"] == status
    assert problem["type"].startswith(TYPE_BASE)
    assert MARK not in answer.body
    lines = [line for line in caplog.records if line.name != "asyncio"]
    assert [(line.levelname, line.__dict__["status"]) for line in lines] == [("INFO", status)]
    assert lines[0].exc_info is None
    assert MARK.decode() not in str(vars(lines[0]))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("two hosts", "exactly one Host"),
        ("no host", "exactly one Host"),
        ("two lengths", "Content-Length may come only once"),
        ("a negative length", "Content-Length is not a number"),
        ("a coding and a length", "not both"),
        ("an unknown coding", "only transfer coding"),
        ("a bad chunk", "size of a chunk"),
        ("NUL in a field", "The value of a header field"),
        ("a folded line", "second line"),
        ("a space before a colon", "The name of a header field"),
        ("lines without CR", "CR and LF"),
        ("HTTP/2.0", "Only HTTP/1.1"),
        ("the preface of HTTP/2", "Only HTTP/1.1"),
        ("TLS", "plain HTTP"),
        ("a method in mixed case", "no such method"),
    ],
)
async def test_it_is_said_what_is_malformed(
    server: HttpServer, caplog: pytest.LogCaptureFixture, name: str, words: str
) -> None:
    caplog.set_level(logging.INFO)

    answer = one_answer(await server.say(MALFORMED[name][0]))

    assert words in strict_json.loads(answer.body)["detail"]
    (line,) = [line for line in caplog.records if line.name != "asyncio"]
    assert words in line.__dict__["reason"]
    assert line.__dict__["client"] == "127.0.0.1"


@pytest.mark.parametrize(
    "pieces",
    [
        (CHUNKED + b"\r\n2\r\n{}\r\n", b"0\r\nX: y\r\n\r\n"),
        (CHUNKED + b"\r\n", b"2\r\n{}\r\n0\r\n", b"X: y\r\n", b"\r\n"),
        (CHUNKED + b"\r\n2\r\n{}\r\n", b"0\r\n\r\n" + SMUGGLED),
        (CHUNKED + b"\r\n2\r\n{}\r\n", b"zz\r\n"),
    ],
)
async def test_a_body_that_breaks_in_a_handlers_hands_is_one_refusal(
    server: HttpServer, pieces: tuple[bytes, ...]
) -> None:
    reader, writer = await server.dial()
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)

    answer = one_answer(await reader.read())
    writer.close()

    assert (answer.status, answer.headers["connection"]) == (400, "close")


async def test_no_trailer_becomes_a_header_of_the_next_request(server: HttpServer) -> None:
    """aiohttp 3.14.5 puts it there; the fields that a proxy adds would be worth nothing."""
    one_answer(
        await server.say(CHUNKED + b"\r\n0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n" + SMUGGLED)
    )


@pytest.mark.parametrize(
    "body",
    [b"0\r\n\r\n", b"2\r\n{}\r\n0\r\n\r\n", b"1;x=y\r\n{\r\n1\r\n}\r\n0\r\n\r\n"],
)
async def test_a_chunked_body_is_taken_in_any_pieces(server: HttpServer, body: bytes) -> None:
    reader, writer = await server.dial()
    for piece in CHUNKED + b"Connection: close\r\n\r\n" + body[:-1], body[-1:]:
        writer.write(piece)
        await writer.drain()

    answer = parsed(await reader.read())
    writer.close()

    assert answer.status == 200
    assert answer.body in {b"", b"{}"}


async def test_a_connection_serves_one_request_after_another(server: HttpServer) -> None:
    requests = (
        CHUNKED + b"\r\n2\r\n{}\r\n0\r\n\r\n",
        POST + b"Content-Length: 2\r\n\r\n[]",
        POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n()",
        POST + many_fields(120) + b"Content-Length: 4\r\n\r\nlast",
    )
    reader, writer = await server.dial()
    answers = []

    for request in requests:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"HTTP/1.1 100"):
            head = await reader.readuntil(b"\r\n\r\n")
        size = int(parsed(head).headers["content-length"])
        answers.append(await reader.readexactly(size))
    writer.close()

    assert answers == [b"{}", b"[]", b"()", b"last"]


async def test_requests_may_be_sent_before_the_first_is_answered(server: HttpServer) -> None:
    last = SMUGGLED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    raw = await server.say(POST + b"Content-Length: 2\r\n\r\n{}" + SMUGGLED + last)

    assert raw.count(b"HTTP/1.1 200") == 3


async def test_a_form_whose_body_breaks_is_refused(server: HttpServer) -> None:
    head = b"POST /form HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n"
    kind = b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
    reader, writer = await server.dial()
    for piece in head + kind, b"3\r\n--b\r\n", b"zz\r\n":
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)

    answer = one_answer(await reader.read())
    writer.close()

    assert answer.status == 400
