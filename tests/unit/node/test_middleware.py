"""What is shaped oddly, or meant for another host, reaches no handler."""

import logging

import pytest

from federation.protocol import strict_json
from node.http.middleware import hosts_of
from node.http.problem import TYPE_BASE
from tests.unit.node.conftest import SECRET, Ask


@pytest.mark.parametrize("host", ["alpha.test", "ALPHA.test", "alpha.test:8420"])
async def test_a_request_for_this_host_is_served(ask: Ask, host: str) -> None:
    answer = await ask("/page", hosts=(host,))

    assert (answer.status, answer.body) == (200, b"<p>hello")


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (("beta.test",), 421),
        (("alpha.test:443",), 421),
        (("alpha.test.",), 421),
        (("xalpha.test",), 421),
        (("127.0.0.1",), 421),
        (("",), 421),
        ((), 400),
        (("alpha.test", "alpha.test"), 400),
        (("alpha.test", "beta.test"), 400),
    ],
)
async def test_exactly_one_host_of_ours_is_served(
    ask: Ask, hosts: tuple[str, ...], status: int
) -> None:
    answer = await ask("/page", hosts=hosts)

    assert answer.status == status
    assert b"hello" not in answer.body


@pytest.mark.parametrize("hosts", [("127.0.0.1:8420",), ("beta.test",), ("",)])
async def test_who_looks_after_the_process_need_not_know_its_name(
    ask: Ask, hosts: tuple[str, ...]
) -> None:
    assert (await ask("/livez", hosts=hosts)).status == 200
    assert (await ask("/livez/", hosts=hosts)).status == 421


@pytest.mark.parametrize(
    ("base_url", "hosts"),
    [
        ("https://alpha.test", ("alpha.test", "alpha.test:443")),
        ("http://alpha.test", ("alpha.test", "alpha.test:80")),
        ("http://localhost:8420", ("localhost:8420",)),
        ("https://alpha.test:8443", ("alpha.test:8443",)),
    ],
)
def test_a_port_may_be_named_where_nobody_must(base_url: str, hosts: tuple[str, ...]) -> None:
    assert hosts_of(base_url) == hosts


@pytest.mark.parametrize(
    "target",
    [
        "/page",
        "/page/",
        "/page?x=//&y=%2F&z=a;b",
        "/u/al_1",
        "/c/01J-x.y~z",
        "/r/%F0%9F%91%8D",
        "/f/bo%40beta.test",
        "/f/bo%3A%20%21%26%2B%2C%3D",
        "/f/%C3%A9",
        "/f/bo@beta.test:8420",
        "/.well-known/webfinger",
        "/...",
    ],
)
async def test_a_plain_path_reaches_its_handler(ask: Ask, target: str) -> None:
    assert (await ask(target)).status == 200


@pytest.mark.parametrize(
    "target",
    [
        "//page",
        "/a//b",
        "/a/../page",
        "/a/./b",
        "/..",
        "/.",
        "/a/%2e%2e/page",
        "/a/%2E/b",
        "/a%2fb",
        "/a%2Fb",
        "/a%5cb",
        "/a\\b",
        "/a;b",
        "/a%3Bb",
        "/a%00b",
        "/a%252fb",
        "/%70age",
        "/pag%65",
        "/u/%61lice",
        "/u/%41lice",
        "/u/al%5F1",
        "/u/al%5f1",
        "/c/%30",
        "/c/a%2Db",
        "/c/a%7Eb",
        "/c/a%7eb",
        "/c/%5A%7A",
        "/a%",
        "/a%4",
        "/a%zz",
    ],
)
async def test_a_path_with_two_readings_is_not_found(ask: Ask, target: str) -> None:
    answer = await ask(target)

    assert answer.status == 404
    assert b"hello" not in answer.body


@pytest.mark.parametrize("target", ["https://alpha.test/page", "http://beta.test/page", "page"])
async def test_a_target_that_is_no_path_is_refused(ask: Ask, target: str) -> None:
    assert (await ask(target)).status == 400


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "identity, gzip", "x"])
async def test_a_compressed_body_is_refused(ask: Ask, coding: str) -> None:
    answer = await ask("/echo", f"Content-Encoding: {coding}", method="POST", body=b"x")

    assert answer.status == 415


async def test_a_body_that_says_it_is_plain_is_read(ask: Ask) -> None:
    answer = await ask("/echo", "Content-Encoding: identity", method="POST", body=b"x")

    assert (answer.status, answer.body) == (200, b"x")


async def test_a_wrong_method_is_a_problem_that_names_the_right_one(ask: Ask) -> None:
    answer = await ask("/echo", method="PUT")

    assert (answer.status, answer.headers["allow"]) == (405, "POST")
    assert strict_json.loads(answer.body)["status"] == 405


async def test_a_redirect_is_no_problem(ask: Ask) -> None:
    answer = await ask("/away")

    assert (answer.status, answer.headers["location"]) == (302, "/page")


async def test_every_answer_carries_the_id_of_its_request(ask: Ask) -> None:
    assert (await ask("/page")).headers["x-request-id"] == "ID1"
    assert (await ask("/page", hosts=("beta.test",))).headers["x-request-id"] == "ID1"


@pytest.mark.parametrize(
    ("target", "hosts", "told"),
    [
        ("/page", ("beta.test",), (421, "This node does not answer for that host", "/page")),
        ("/setup//x", ("alpha.test",), (404, "There is nothing here for you", "/{rest}")),
        ("/echo/secret", ("alpha.test",), (404, "There is nothing here for you", "/echo")),
        ("/echo", ("alpha.test",), (405, "This address does not take that method", "/echo")),
    ],
)
async def test_a_refusal_is_one_line_that_says_who_asked_for_what(
    ask: Ask,
    caplog: pytest.LogCaptureFixture,
    target: str,
    hosts: tuple[str, ...],
    told: tuple[int, str, str],
) -> None:
    caplog.set_level(logging.INFO)

    await ask(target, hosts=hosts)

    (line,) = [vars(one) for one in caplog.records if one.name != "asyncio"]
    assert (line["status"], line["reason"], line["path"]) == told
    assert (line["method"], line["client"]) == ("GET", "127.0.0.1")


async def test_a_bug_is_a_problem_document_and_one_line_with_its_traceback(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await ask("/broken")

    assert answer.status == 500
    assert strict_json.loads(answer.body)["type"] == f"{TYPE_BASE}internal"
    assert SECRET.encode() not in answer.body
    assert answer.headers["x-request-id"] == "ID1"
    (line,) = caplog.records
    assert (line.levelname, line.__dict__["status"]) == ("ERROR", 500)
    assert line.exc_info is not None
    assert SECRET in str(line.exc_info[1])


async def test_a_bug_in_the_middle_of_an_answer_breaks_it_off(
    ask: Ask, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await ask("/half")

    assert (answer.status, answer.headers["transfer-encoding"]) == (200, "chunked")
    assert answer.body == b"9\r\nas far as\r\n"
    assert [line.levelname for line in caplog.records] == ["ERROR"]
