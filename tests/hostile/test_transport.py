"""Group T of the corpus: what is no plain request is refused before anybody reads its body."""

import asyncio
import gzip
from dataclasses import replace
from itertools import repeat

import pytest

from federation.protocol.signature.parsed import Request
from tests.hostile.browser import Browser
from tests.hostile.cast import ALICE, EVE, HANA, HOME, body_of
from tests.hostile.trial import ALIVE_WITHIN_S, Trial
from tests.hostile.wire import drip, plain, raw_of
from tests.support.signing import Signed, digest

MIB = 1024 * 1024
SMUGGLED = f"GET /livez HTTP/1.1\r\nHost: {HOME}\r\n\r\n".encode()
DRIPPERS = 1000
HANDSHAKES_AT_ONCE = 8
DRIPPERS_PER_ADDRESS = 150


def lines_of(request: Request) -> list[bytes]:
    """The first line and the headers of a request, and its body last."""
    head, _, body = raw_of(request).partition(b"\r\n\r\n")
    return [*head.split(b"\r\n"), body]


def raw(lines: list[bytes]) -> bytes:
    return b"\r\n".join([*lines[:-1], b"", b""]) + lines[-1]


def honest(trial: Trial) -> Request:
    return ALICE.post(ALICE.create(trial.stage.otto.uri))


async def test_t01_a_body_one_byte_over_the_cap(trial: Trial):
    request = replace(honest(trial), body=b" " * (MIB + 1))

    (answer,) = await trial.say(raw_of(request) + SMUGGLED)

    assert answer.status == 413


async def test_t03_a_body_one_byte_at_a_time(trial: Trial):
    *head, body = lines_of(honest(trial))
    start = raw([*head, b""])

    # A thousand handshakes in one moment would be a measure of this process more than of the node.
    knocking = asyncio.Semaphore(HANDSHAKES_AT_ONCE)
    trial.memory_mib = 128

    async def one(number: int) -> None:
        source = f"127.3.0.{number // DRIPPERS_PER_ADDRESS + 1}"
        pieces = (bytes([each]) for each in body)
        async with knocking:
            streams = await trial.stage.line.dial(source)
        trial.answers.append(await drip(streams, start, pieces))

    drips = asyncio.gather(*(one(number) for number in range(DRIPPERS)))
    alive = []
    while len(trial.answers) < DRIPPERS // 2:
        alive.append((await trial.stage.send(plain("GET", "/livez"))).seconds)
    await drips

    trial.measure("/livez meanwhile, in s", max(alive))
    assert max(alive) < ALIVE_WITHIN_S


async def test_t04_a_compressed_body(trial: Trial):
    body = gzip.compress(body_of(ALICE.create(trial.stage.otto.uri)))
    await trial.send(ALICE.post(body, headers={"Content-Encoding": "gzip"}))


@pytest.mark.parametrize("order", [1, -1])
async def test_t05_two_hosts(trial: Trial, order: int):
    request = honest(trial)
    others = [pair for pair in request.headers if pair[0] != "Host"]
    hosts = [("Host", HOME), ("Host", "evil.test")][::order]

    await trial.send(replace(request, headers=(*hosts, *others)))

    assert trial.fetched() == []


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("coding", [b"chunked", b"xchunked"])
async def test_t07_two_lengths(trial: Trial, order: int, coding: bytes):
    *head, body = lines_of(honest(trial))
    length = head.pop()
    assert length.startswith(b"Content-Length")
    both = [length, b"Transfer-Encoding: " + coding][::order]
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)

    assert len(await trial.say(raw([*head, *both, chunks + SMUGGLED]))) == 1


async def test_t07_a_coding_that_nobody_knows(trial: Trial):
    *head, _ = lines_of(honest(trial))
    coded = [*head[:-1], b"Transfer-Encoding: xchunked", b"0\r\n\r\n" + SMUGGLED]

    assert len(await trial.say(raw(coded))) == 1


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/json",
        "application/ld+json",
        'application/ld+json; profile="https://evil.test/"',
        "application/x-www-form-urlencoded",
        "application/activity+json, text/plain",
        "",
    ],
)
async def test_t10_another_media_type(trial: Trial, kind: str):
    await trial.send(ALICE.post(ALICE.create(trial.stage.otto.uri), headers={"Content-Type": kind}))


async def test_t10_two_media_types(trial: Trial):
    request = honest(trial)
    for kind in ("application/activity+json", "text/plain"):
        await trial.send(replace(request, headers=(*request.headers, ("Content-Type", kind))))


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "POSt", "post"])
async def test_t11_another_method_on_the_inbox(trial: Trial, method: str):
    body = None if method == "GET" else body_of(ALICE.create(trial.stage.otto.uri))
    headers = {"Host": HOME, "Date": ALICE.post({}).fields["date"]}
    headers |= {} if body is None else {"Digest": f"SHA-256={digest(body)}"}
    headers |= {"Content-Type": "application/activity+json"}
    covered = ("(request-target)", "host", "date", *(("digest",) if body else ()))
    parameters = {"keyId": f'"{ALICE.key_id}"'}

    await trial.send(
        Signed(method, "/inbox", headers, body, parameters, covered, ALICE.rsa).request()
    )


async def test_t11_a_person_s_outbox_by_somebody_else(trial: Trial):
    create = ALICE.create(trial.stage.otto.uri)
    await trial.send(ALICE.post(create, target="/u/otto/outbox"))
    await trial.send(plain("POST", "/u/otto/outbox", {}, body_of(create)))


async def test_t13_a_forged_client_address_on_login(trial: Trial):
    browser = Browser(trial.stage, trial.source)
    statuses = [
        (
            await browser.sign_in(
                f"nobody{n}",
                X_Forwarded_For=f"198.51.100.{n}",
                X_Real_IP=f"198.51.100.{n}",
                Forwarded=f"for=198.51.100.{n}",
            )
        ).status
        for n in range(14)
    ]

    assert statuses == [403] * 10 + [429] * 4


async def test_t14_a_forged_forwarded_host(trial: Trial):
    (note,) = trial.stage.rows("SELECT uri FROM message WHERE text = 'hello Hana'")
    path = note["uri"].removeprefix(f"https://{HOME}")
    forwarded = (("X-Forwarded-Host", HOME), ("X-Forwarded-Proto", "https"), ("Forwarded", HOME))
    for reader in (HANA, EVE):
        headers = {"Host": "evil.test", "Date": reader.get(path).fields["date"]}
        signed = Signed(
            "GET",
            path,
            headers,
            None,
            {"keyId": f'"{reader.key_id}"'},
            ("(request-target)", "host", "date"),
            reader.rsa,
        ).request()
        answer = await trial.send(replace(signed, headers=(*signed.headers, *forwarded)))
        assert b"hello Hana" not in answer.body


async def test_t03_headers_that_never_end(trial: Trial):
    head = f"POST /inbox HTTP/1.1\r\nHost: {HOME}\r\nX-Slow: ".encode()

    answer = await drip(await trial.stage.line.dial(trial.source), head, repeat(b"y", 60))

    assert answer.status in {0, 408}
    assert answer.seconds < 30
