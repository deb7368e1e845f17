"""Every error is a problem document whose `type` never changes (RFC 9457)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from aiohttp import web

TYPE_BASE: Final = "urn:uuid:6f1c1a52-3a0e-5b7e-9a54-2f0d3c9b7e11#"
MEDIA_TYPE: Final = "application/problem+json"

# The word of each problem, which scripts rely on: its status and its title.
WORDS: Final[Mapping[str, tuple[int, str]]] = {
    "bad-request": (400, "The request cannot be understood"),
    "unauthorized": (401, "This needs to know who is calling"),
    "forbidden": (403, "You may not do this"),
    "refused": (403, "Refused by policy"),
    "contacts-only": (403, "They take nothing from people they do not know"),
    "not-found": (404, "There is nothing here for you"),
    "method-not-allowed": (405, "This address does not take that method"),
    "timeout": (408, "The request took too long to arrive"),
    "conflict": (409, "This does not fit what is there"),
    "direct-conversation": (409, "A direct conversation has no such action"),
    "gone": (410, "This is gone"),
    "too-large": (413, "The request is too large"),
    "unsupported-media-type": (415, "This address does not take that kind of content"),
    "misdirected": (421, "This node does not answer for that host"),
    "unprocessable": (422, "The request says something that cannot be"),
    "too-many-requests": (429, "Too many requests"),
    "headers-too-large": (431, "The header section is too large"),
    "internal": (500, "Something broke here"),
    "bad-gateway": (502, "Another server gave no usable answer"),
    "unavailable": (503, "This cannot be decided now"),
}

# The word for a status nobody gave a better one.
BY_STATUS: Final[Mapping[int, str]] = {
    status: word for word, (status, _) in reversed(tuple(WORDS.items()))
}


@dataclass(frozen=True, slots=True)
class Problem:
    """What the caller is told when something is refused or fails.

    Attributes:
        word: A key of `WORDS`.
        detail: A sentence that is safe to show, or "".
        retry_after_s: When it makes sense to ask again, in seconds, or None.
        headers: Further headers of the answer.
        is_last: Whether the connection ends with this answer, because the request never did.
        rest_s: How long nothing more is taken from the connection of a client that asks too much.
        more: Further members of the document.
    """

    word: str
    detail: str = ""
    retry_after_s: int | None = None
    headers: Mapping[str, str] | None = None
    is_last: bool = False
    rest_s: int = 0
    more: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        """The HTTP status."""
        return WORDS[self.word][0]

    @property
    def title(self) -> str:
        """What all problems of this word have in common."""
        return WORDS[self.word][1]

    def response(self) -> web.Response:
        """The answer as a problem document."""
        status, title = WORDS[self.word]
        document: dict[str, object] = {
            "type": TYPE_BASE + self.word,
            "title": title,
            "status": status,
            **self.more,
        }
        if self.detail:
            document["detail"] = self.detail
        headers = {"Cache-Control": "no-store", **(self.headers or {})}
        if self.retry_after_s is not None:
            headers["Retry-After"] = str(self.retry_after_s)
        response = web.Response(
            body=json.dumps(document).encode(),
            status=status,
            content_type=MEDIA_TYPE,
            headers=headers,
        )
        if self.is_last:
            response.force_close()
        response[PROBLEM] = self
        return response


# What an answer says in other words; whoever asked with a browser gets it as a page.
PROBLEM: Final = web.ResponseKey("problem", Problem)


def for_status(status: int, detail: str = "") -> Problem:
    """The problem that has this status; an unknown 4xx is a bad request, all else is ours."""
    is_theirs = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    fallback = "bad-request" if is_theirs else "internal"
    return Problem(BY_STATUS.get(status, fallback), detail)
