"""What arrives is HTTP that can be read in one way only, or it never becomes a request.

aiohttp's parser reads; what it lets pass although two programs might read it differently is refused
here, before a handler is called and without a word of the sender's in the log.

Source: security.md 2.1, step 0
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from aiohttp import hdrs, web
from aiohttp.http import (
    HttpProcessingError,
    HttpRequestParser,
    HttpVersion10,
    HttpVersion11,
    RawRequestMessage,
)
from aiohttp.http_exceptions import BadHttpMethod, InvalidURLError, LineTooLong
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader

HEADER_BYTES_MAX: Final = 16 * 1024
FIELDS_MAX: Final = 128
LINE_BYTES_MAX: Final = 16 * 1024
# ": " and the end of the line.
FIELD_EXTRA_BYTES: Final = 4

# How the bytes of a chunked body end if there are no trailers.
LAST_CHUNK: Final = b"\r\n0\r\n\r\n"
LAST_BYTES: Final = len(LAST_CHUNK)
CONTINUE: Final = "100-continue"
UNKNOWN_METHOD: Final = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+ /[^ ]* HTTP/1\.[01]\r\n")
TOO_MANY_FIELDS: Final = "Too many headers received"

Message = tuple[RawRequestMessage, StreamReader]
Fed = tuple[Sequence[Message], bool, bytes]


class MalformedError(HttpProcessingError):
    """This is no request that anybody here answers.

    Attributes:
        word: A key of `node.http.problem.WORDS`.
        detail: A sentence that quotes nothing of what came.
    """

    def __init__(self, word: str, detail: str) -> None:
        super().__init__(message=detail)
        self.word = word
        self.detail = detail


NOT_HTTP: Final = ("bad-request", "This is not a well-formed HTTP/1.1 request.")
VERSIONS: Final = frozenset({HttpVersion10, HttpVersion11})
VERSION: Final = ("bad-request", "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
HEAD_TOO_LARGE: Final = (
    "headers-too-large",
    f"A request has at most {FIELDS_MAX} header fields and {HEADER_BYTES_MAX} bytes of them.",
)
NO_SUCH_METHOD: Final = ("method-not-allowed", "There is no such method here.")
TARGET: Final = "The request target holds what no target may hold."
# How messages of aiohttp's begin, before they quote what came: what we say instead.
REASONS: Final[Mapping[str, str]] = {
    "Missing 'Host'": "There must be exactly one Host header.",
    "Duplicate 'Host'": "There must be exactly one Host header.",
    "Duplicate 'Content-Length'": "Content-Length may come only once.",
    "Duplicate Content-Length": "Content-Length may come only once.",
    "Duplicate '": "A header field came twice that may come only once.",
    "Content-Length can't be": "A body has a Content-Length or a Transfer-Encoding, not both.",
    "Transfer-Encoding can't be": "A body has a Content-Length or a Transfer-Encoding, not both.",
    "Invalid character in Content-Length": "Content-Length is not a number.",
    "Content-Length overflow": "Content-Length is larger than any body.",
    "Request has invalid `Transfer-Encoding`": "The only transfer coding taken is chunked, once.",
    "Invalid character in chunk size": "The size of a chunk is not a hexadecimal number.",
    "Invalid header token": "The name of a header field holds what no name may hold.",
    "Invalid header value char": "The value of a header field holds what no value may hold.",
    "Unexpected whitespace after header value": "A header field goes on in a second line.",
    "Expected CRLF": "Each line must end with CR and LF.",
    "Expected HTTP/": "The first line must be a method, a target and HTTP/1.1.",
    "Expected space after method": "The first line must be a method, a target and HTTP/1.1.",
    "Received HTTPS traffic": "This is TLS, and plain HTTP is spoken here.",
    "Pause on PRI": "Only HTTP/1.1 and HTTP/1.0 are spoken here.",
}
TRAILERS: Final = ("bad-request", "Trailers are not taken, and nothing may follow a chunked body.")
CODING: Final = ("bad-request", "The only transfer coding taken is chunked, once.")
EXPECTATION: Final = ("bad-request", "The only expectation met is 100-continue.")
TOO_SLOW: Final = ("timeout", "The head of the request took too long to arrive.")


class StrictParser:
    """Stands before the parser of one connection; ends it at the first fault."""

    __slots__ = (
        "_head_bytes",
        "_inner",
        "_is_chunked",
        "_is_late",
        "_is_over",
        "_on_broken",
        "_payload",
        "_tail",
        "message_consumed",
        "pause_reading",
        "set_upgraded",
    )

    def __init__(self, inner: HttpRequestParser, on_broken: Callable[[], None]) -> None:
        """Stand before a parser.

        Args:
            inner: The one of a connection.
            on_broken: Called when a body breaks whose request is in a handler's hands already.
        """
        self._inner = inner
        # What else a connection asks of its parser.
        self.message_consumed = inner.message_consumed
        self.pause_reading = inner.pause_reading
        self.set_upgraded = inner.set_upgraded
        self._on_broken = on_broken
        self._payload: StreamReader = EMPTY_PAYLOAD
        self._is_chunked = False
        self._is_late = False
        self._is_over = False
        self._head_bytes = 0
        self._tail = b""

    @property
    def has_part_of_a_head(self) -> bool:
        """Whether a request has begun whose head is not whole yet."""
        return self._head_bytes > 0

    def feed_data(self, data: bytes) -> Fed:
        """Take what arrived; answer the requests whose heads are whole.

        Raises:
            MalformedError: It may be answered in no other way, and nothing more is read.
        """
        if self._is_over:
            return (), False, b""
        before = self._payload
        was_in_body = not before.is_eof()
        self._tail = data[-LAST_BYTES:] if len(data) >= LAST_BYTES else self._tail_with(data)
        try:
            if self._is_late:
                raise MalformedError(*TOO_SLOW)
            fed: Fed = self._inner.feed_data(data)
            self._follow(fed[0], len(data), was_in_body=was_in_body)
        except HttpProcessingError as error:
            self._is_over, self._head_bytes = True, 0
            fault = _fault(error, data)
            if not was_in_body:
                raise fault from None
            before.set_exception(web.RequestPayloadError(fault.detail))
            self._on_broken()
            return (), False, b""
        return fed

    def give_up(self) -> None:
        """Wait for the rest of a head no longer: the next call of `feed_data` refuses it."""
        self._is_late = True

    def _tail_with(self, data: bytes) -> bytes:
        return (self._tail + data)[-LAST_BYTES:]

    def _follow(self, messages: Sequence[Message], count: int, *, was_in_body: bool) -> None:
        """Judge whole heads, and see where the bytes that arrived have ended.

        SECURITY: aiohttp puts a trailer among the headers of the next request. So a chunked body
        has none, and is the last thing that a piece of the stream holds; test_strict_parser.py.
        """
        has_ended = self._is_chunked and was_in_body and self._payload.is_eof()
        for message, payload in messages:
            if has_ended:
                raise MalformedError(*TRAILERS)
            _judge(message, may_be_large=self._head_bytes + count > HEADER_BYTES_MAX)
            self._payload, self._is_chunked = payload, message.chunked
            has_ended = message.chunked and payload.is_eof()
        if has_ended and self._tail != LAST_CHUNK:
            raise MalformedError(*TRAILERS)
        self._head_bytes = 0 if messages or was_in_body else self._head_bytes + count
        if self._head_bytes > HEADER_BYTES_MAX + LINE_BYTES_MAX:
            raise MalformedError(*HEAD_TOO_LARGE)


def _judge(message: RawRequestMessage, *, may_be_large: bool) -> None:
    """Refuse a head that aiohttp would take.

    Raises:
        MalformedError: It is too large, of another version, or says something of its body that
            nobody here reads.
    """
    if may_be_large:
        fields = message.raw_headers
        size = sum(len(name) + len(value) + FIELD_EXTRA_BYTES for name, value in fields)
        if size > HEADER_BYTES_MAX:
            raise MalformedError(*HEAD_TOO_LARGE)
    if message.version not in VERSIONS:
        raise MalformedError(*VERSION)
    headers = message.headers
    # A coding without chunks is none that aiohttp takes.
    if message.chunked:
        codings = headers.getall(hdrs.TRANSFER_ENCODING)
        if [each.lower() for each in codings] != ["chunked"]:
            raise MalformedError(*CODING)
        if hdrs.TRAILER in headers:
            raise MalformedError(*TRAILERS)
    if hdrs.EXPECT in headers and headers[hdrs.EXPECT].lower() != CONTINUE:
        raise MalformedError(*EXPECTATION)


def _fault(error: HttpProcessingError, data: bytes) -> MalformedError:
    """What is said of an error of the parser's; its own text quotes what came."""
    if isinstance(error, MalformedError):
        return error
    if isinstance(error, LineTooLong) or error.message == TOO_MANY_FIELDS:
        return MalformedError(*HEAD_TOO_LARGE)
    if isinstance(error, BadHttpMethod) and UNKNOWN_METHOD.match(data):
        return MalformedError(*NO_SUCH_METHOD)
    if isinstance(error, InvalidURLError):
        return MalformedError("bad-request", TARGET)
    said = error.message.removeprefix("Bad status line:\n  ")
    found = next((ours for theirs, ours in REASONS.items() if said.startswith(theirs)), None)
    return MalformedError("bad-request", found) if found else MalformedError(*NOT_HTTP)
