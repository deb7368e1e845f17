"""No body is larger than its address allows, and JSON is JSON."""

import pytest

from node.http.limits import API_BODY_BYTES
from tests.unit.node.conftest import LIMIT, Ask

JSON = "Content-Type: application/json"


async def test_a_body_of_the_limit_is_read(ask: Ask) -> None:
    body = b"x" * LIMIT

    assert (await ask("/echo", method="POST", body=body)).body == body


async def test_a_body_over_the_limit_is_refused_by_its_length(ask: Ask) -> None:
    answer = await ask("/echo", f"Content-Length: {LIMIT + 1}", method="POST")

    assert answer.status == 413


async def test_a_body_over_the_limit_is_refused_while_it_arrives(ask: Ask) -> None:
    chunk = b"3e9\r\n" + b"x" * 1001 + b"\r\n0\r\n\r\n"

    answer = await ask(
        "/echo",
        "Transfer-Encoding: chunked",
        method="POST",
        body=chunk,
    )

    assert answer.status == 413


async def test_a_body_that_is_garbled_on_its_way_is_refused(ask: Ask) -> None:
    answer = await ask(
        "/echo", "Transfer-Encoding: chunked", method="POST", body=b"3\r\nabc\r\nz\r\n"
    )

    assert answer.status == 400


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ((JSON,), b'{"b": 1, "a": 2}', 200),
        ((f"{JSON}; charset=utf-8",), b"{}", 200),
        ((), b"", 200),
        ((), b"{}", 415),
        (("Content-Type: text/plain",), b"{}", 415),
        (("Content-Type: application/x-www-form-urlencoded",), b"a=1", 415),
        ((JSON, JSON), b"{}", 400),
        ((JSON,), b"[]", 400),
        ((JSON,), b"{", 400),
        ((JSON,), b'{"a": 1, "a": 2}', 400),
        ((JSON,), b'{"a": NaN}', 400),
        ((JSON,), b'{"a": "\xff"}', 400),
        ((JSON,), b" " * (API_BODY_BYTES + 1), 413),
    ],
)
async def test_an_api_call_is_a_json_object(
    ask: Ask, headers: tuple[str, ...], body: bytes, status: int
) -> None:
    assert (await ask("/keys", *headers, method="POST", body=body)).status == status
