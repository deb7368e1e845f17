"""Every signed request that a real server sent is believed, and no altered copy of it is."""

import json
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from federation.protocol.keys import PublicKey, public_from_pem
from federation.protocol.signature.cavage import parse
from federation.protocol.signature.parsed import ParsedSignature, Request
from federation.protocol.signature.verify import Verified
from tests.support.signing import judged

WIRE = Path(__file__).parent
BODY_SAMPLES = 24


def read_request(path: Path) -> Request:
    head, _, body = path.read_bytes().partition(b"\r\n\r\n")
    first, *lines = head.decode("ascii").split("\r\n")
    method, target, _ = first.split(" ")
    headers = tuple((name, value) for name, _, value in (line.partition(": ") for line in lines))
    return Request(method, target, headers, body or None)


def signed_recordings() -> list[Path]:
    paths = (path for path in sorted(WIRE.glob("*/*.http")) if not path.match("*.res.http"))
    return [path for path in paths if "signature" in read_request(path).fields]


def key_of(path: Path, key_id: str) -> PublicKey:
    pem = json.loads((path.parent / "keys.json").read_text())[key_id]
    return public_from_pem(pem, key_id=key_id, owner=key_id.partition("#")[0])


def claim(request: Request) -> ParsedSignature:
    parsed = parse(request)
    assert isinstance(parsed, ParsedSignature)
    return parsed


def date_of(request: Request) -> datetime:
    return parsedate_to_datetime(request.fields["date"])


RECORDINGS = signed_recordings()
by_name = pytest.mark.parametrize(
    "path", RECORDINGS, ids=lambda path: f"{path.parent.name}-{path.name}"
)


def test_both_servers_and_both_methods_are_among_the_recordings():
    kinds = {(path.parent.name, read_request(path).method) for path in RECORDINGS}

    assert len(RECORDINGS) == 88
    assert kinds == {(s, m) for s in ("gotosocial", "snac2") for m in ("GET", "POST")}


@by_name
def test_a_recorded_request_holds_at_its_own_date(path: Path):
    request = read_request(path)
    key = key_of(path, claim(request).key_id)

    answer = judged(request, key, date_of(request))

    assert isinstance(answer, Verified)
    assert (answer.key_id, answer.actor) == (key.key_id, key.owner)
    assert answer.signed_at == date_of(request)


@by_name
def test_a_recorded_request_with_any_byte_changed_does_not_hold(path: Path):
    request = read_request(path)
    parsed = claim(request)
    key = key_of(path, parsed.key_id)
    now = date_of(request)

    believed = [
        altered
        for altered in variations(request, parsed.covered)
        if isinstance(judged(altered, key, now), Verified)
    ]

    assert believed == []


def variations(request: Request, covered: tuple[str, ...]) -> Iterator[Request]:
    """The request with one byte changed, at every place that is signed."""
    method, target, headers, body = request.method, request.target, request.headers, request.body
    for other in changed(method):
        yield Request(other, target, headers, body)
    for other in changed(target):
        yield Request(method, other, headers, body)
    for index, header in enumerate(headers):
        for pair in other_headers(header, covered):
            yield Request(method, target, (*headers[:index], pair, *headers[index + 1 :]), body)
    for other_body in other_bodies(body or b""):
        yield Request(method, target, headers, other_body)


def other_headers(header: tuple[str, str], covered: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Names and values of a signed header; of the Signature, a sample of the signature itself."""
    name, value = header
    if name.lower() == "signature":
        start = value.index('signature="') + len('signature="')
        yield from ((name, f'{value[:start]}{s}"') for s in changed(value[start:-1], step=31))
    elif name.lower() in covered:
        yield from ((name, other) for other in changed(value))
        yield from ((other, value) for other in changed(name) if other.lower() != name.lower())


def other_bodies(body: bytes) -> Iterator[bytes]:
    """A sample of places, the first and the last among them; one byte less, and one more."""
    text = body.decode("latin-1")
    step = max(1, len(text) // BODY_SAMPLES)
    for index in {*range(0, len(text), step), len(text) - 1} if text else ():
        yield changed_at(text, index, 0x01).encode("latin-1")
    if text:
        yield body[:-1]
        yield body + b" "


def changed(text: str, *, step: int = 1) -> Iterator[str]:
    """The text with a bit turned in one character: its last, and the one that is its case."""
    for index in range(0, len(text), step):
        yield changed_at(text, index, 0x01)
        yield changed_at(text, index, 0x20)


def changed_at(text: str, index: int, bit: int) -> str:
    return text[:index] + chr(ord(text[index]) ^ bit) + text[index + 1 :]


@by_name
def test_a_recorded_get_holds_with_a_query_added_and_a_post_does_not(path: Path):
    request = read_request(path)
    key = key_of(path, claim(request).key_id)
    had_query = "?" in request.target

    longer = Request(request.method, request.target + "?page=2", request.headers, request.body)
    answer = judged(longer, key, date_of(request))

    assert isinstance(answer, Verified) == (request.method == "GET" and not had_query)


@by_name
def test_a_recorded_request_does_not_hold_for_another_key(path: Path):
    request = read_request(path)
    key_id = claim(request).key_id
    names = json.loads((path.parent / "keys.json").read_text())
    other = next(name for name in names if name != key_id)
    impostor = key_of(path, other)
    renamed = PublicKey(key_id, impostor.owner, impostor.algorithm, impostor.key, impostor.spki)

    assert not isinstance(judged(request, impostor, date_of(request)), Verified)
    assert not isinstance(judged(request, renamed, date_of(request)), Verified)
