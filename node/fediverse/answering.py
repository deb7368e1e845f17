"""What a query answers becomes a response that no shared cache keeps unless everybody may read it.

SECURITY: a hidden document and an address that does not exist answer alike;
tests/fediverse/test_private_reads.py walks every route.
"""

from collections.abc import Mapping
from typing import Final, assert_never

from aiohttp import web

from federation.protocol.vocabulary import ACTIVITY_JSON
from federation.queries.fetchable import Answer, Gone, Hidden, Private, Public
from node.http.problem import Problem

PRIVATE: Final[Mapping[str, str]] = {
    "Cache-Control": "private, no-store",
    "Vary": "Signature, Signature-Input, Authorization, Cookie, Accept",
}
OPEN: Final[Mapping[str, str]] = {"Vary": "Accept"}
# Scripts of other sites may ask for names (RFC 7033 5).
FOR_SCRIPTS: Final[Mapping[str, str]] = {"Access-Control-Allow-Origin": "*"}
STATUS_GONE: Final = 410


def answering(
    answer: Answer, *, media_type: str = ACTIVITY_JSON, headers: Mapping[str, str] = OPEN
) -> web.Response:
    """The response.

    Args:
        answer: What a query said.
        media_type: Of a document.
        headers: Of a public document.
    """
    match answer:
        case Public(body):
            return _document(body, media_type, headers)
        case Private(body):
            return _document(body, media_type, PRIVATE)
        case Hidden():
            return Problem("not-found").response()
        case Gone(None):
            return Problem("gone").response()
        case Gone(body):
            return _document(body or b"", media_type, headers, status=STATUS_GONE)
        case _:
            assert_never(answer)


def _document(
    body: bytes, media_type: str, headers: Mapping[str, str], *, status: int = 200
) -> web.Response:
    return web.Response(body=body, status=status, headers={**headers, "Content-Type": media_type})
