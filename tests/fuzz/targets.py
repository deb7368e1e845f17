"""What strangers' bytes are read by, each as a function that ends well or raises.

A reader may refuse with its own error. Anything else that leaves it, and any answer that breaks
what it promises, is a crash.
"""

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from html.parser import HTMLParser
from typing import Final

from aiohttp import StreamReader
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http import HttpProcessingError, HttpRequestParser
from aiohttp.test_utils import make_mocked_request

from federation.activities.kind import Shape
from federation.activities.registry import BY_SHAPE, object_type_of
from federation.content.markdown import to_html
from federation.content.plain import to_text
from federation.content.sanitize import CLASSES, TAGS, clean_html
from federation.pipeline.item import Received
from federation.pipeline.needs import needs_of
from federation.policy.chain import judge
from federation.policy.check import check
from federation.policy.facts import Facts
from federation.policy.lists.entry import name_of, rules_of
from federation.policy.lists.formats import READERS
from federation.policy.lists.written import write_toml
from federation.policy.order import arrange
from federation.policy.problem import Source, Unreadable
from federation.policy.read_policy import read_policy
from federation.protocol import actor, digest, proof, strict_json, uri
from federation.protocol.canonical_json import encode
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.parse import parse_activity
from federation.protocol.signature.parsed import Request, SignatureFailure
from federation.protocol.signature.scheme import claims_in
from federation.protocol.signature.verify import check_time_and_digest
from node.http.errors import DeclinedError
from node.http.forms import FIELDS_MAX, read_file_form
from node.http.strict_parser import StrictParser

Target = Callable[[bytes], None]

NOW: Final = datetime(2026, 9, 3, 12, 5, tzinfo=UTC)
FORM_BYTES_MAX: Final = 4096
# Beyond it no integer is taken (strict_json.py).
EXACT_MAX: Final = (1 << 53) - 1
BOUNDARY: Final = "b"
SCHEMES: Final = ("https://", "http://")
KINDS: Final = ("person", "conversation")


def signature_headers(data: bytes) -> None:
    """Lines of "name: value" are a signed request, or there is a reason why not."""
    lines = data.decode("latin-1").split("\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    headers = tuple((name.strip() or "x", value.strip()) for name, _, value in pairs)
    request = Request("POST", "/inbox", headers, b"{}")
    claims = claims_in(request)
    digest.digests_hold(request.fields, b"{}")
    if not isinstance(claims, SignatureFailure):
        assert claims
        for claim in claims:
            check_time_and_digest(claim, request, NOW)


def json_body(data: bytes) -> None:
    """A body is read as every parser reads it, and has one canonical form; or it is refused."""
    try:
        value = strict_json.loads(data)
    except RemoteProtocolError:
        return
    assert value == json.loads(data)
    assert json.loads(encode(value), parse_int=_number) == value


def _number(text: str) -> int | float:
    """A number as it is written canonically, which of a large one with a fraction is its digits."""
    return int(text) if abs(int(text)) <= EXACT_MAX else float(text)


def activities(data: bytes) -> None:
    """A document is an activity whose ids have one spelling, and its meaning can be read."""
    try:
        document = strict_json.loads(data)
        activity = parse_activity(document)
        assert uri.canonical(activity.actor) == activity.actor
        assert activity.id == "" or uri.same_origin(activity.id, activity.actor)
        proof.verification_method(document)
        needs_of(Received(activity, "", "", NOW))
    except RemoteProtocolError:
        return
    for of_whom in KINDS:
        kind = BY_SHAPE.get(Shape(activity.type, object_type_of(activity), of_whom))
        try:
            if kind is not None:
                kind.read(activity)
        except RemoteProtocolError:
            continue


def actors(data: bytes) -> None:
    """A document is an actor whose keys are on its own origin, or it is refused."""
    try:
        document = strict_json.loads(data)
        found = actor.parse_actor(document)
        for key in found.keys:
            assert uri.same_origin(key.key_id, found.uri), key.key_id
        actor.parse_conversation_actor(document)
    except RemoteProtocolError:
        return


def html(data: bytes) -> None:
    """What is shown has nothing active in it, however often it was cleaned."""
    text = data.decode(errors="replace")
    to_text(text)
    for _ in range(2):
        text = clean_html(text) or ""
        _Watcher.watch(text)


def markdown(data: bytes) -> None:
    """What somebody typed becomes HTML that is safe to show."""
    _Watcher.watch(to_html(data.decode(errors="replace")))


def multipart(data: bytes) -> None:
    """A form has a file within its limits, or it is declined."""
    _runner().run(_read_form(data))


def http(data: bytes) -> None:
    """Bytes are requests, cut wherever they may be; or their connection ends."""
    cut = data[0] % max(1, len(data)) if data else 0
    _runner().run(_read_requests((data[1:cut], data[cut:])))


def policy(data: bytes) -> None:
    """Rules of an operator can be judged by, or every mistake in them has its place."""
    read = read_policy([Source("rules", data.decode(errors="replace"))], own_hosts=["own.test"])
    if isinstance(read, Unreadable):
        assert read.problems
        assert all(each.place.file == "rules" for each in read.problems)
        return
    check(read, NOW)
    judge(arrange(read), Facts(NOW, {"domain": "a.test", "links": 1, "text": "casino bonus"}))


def policy_lists(data: bytes) -> None:
    """A list of any format is read, or every mistake in it is told; what is read can be rules."""
    for kind, read in READERS.items():
        found = read("list", data)
        if isinstance(found, Unreadable):
            assert found.problems
            continue
        for entry in found.entries[:50]:
            tables = list(rules_of(entry, name_of(entry, "l")))
            written = read_policy([Source("rules", write_toml(tables))])
            assert not isinstance(written, Unreadable), (kind, written.problems)


TARGETS: Final[Mapping[str, Target]] = {
    "signature_headers": signature_headers,
    "json_body": json_body,
    "activities": activities,
    "actors": actors,
    "html": html,
    "markdown": markdown,
    "multipart": multipart,
    "http": http,
    "policy": policy,
    "policy_lists": policy_lists,
}


class _Watcher(HTMLParser):
    """Reads HTML as a browser does, and takes nothing that our allow-list does not know."""

    @classmethod
    def watch(cls, text: str) -> None:
        watcher = cls()
        watcher.feed(text)
        watcher.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, tag
        for name, value in attrs:
            assert name in {"href", "rel", "class"}, name
            if name == "href":
                assert (value or "").lower().startswith(SCHEMES), value
            if name == "class":
                assert set((value or "").split()) <= CLASSES, value

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


async def _read_form(data: bytes) -> None:
    stream = StreamReader(BaseProtocol(asyncio.get_running_loop()), limit=2**16)
    stream.feed_data(data)
    stream.feed_eof()
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    request = make_mocked_request("POST", "/media", headers=headers, payload=stream)
    try:
        form = await read_file_form(request, field="file", limit_bytes=FORM_BYTES_MAX)
    except DeclinedError:
        return
    assert len(form.data) <= FORM_BYTES_MAX
    assert len(form.texts) < FIELDS_MAX


async def _read_requests(pieces: tuple[bytes, ...]) -> None:
    loop = asyncio.get_running_loop()
    inner = HttpRequestParser(
        BaseProtocol(loop), loop, 2**16, max_line_size=16384, max_field_size=16384
    )
    parser = StrictParser(inner, on_broken=lambda: None)
    try:
        for piece in pieces:
            parser.feed_data(piece)
    except HttpProcessingError:
        return
