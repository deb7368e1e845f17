"""The caller finds people, conversations and messages of theirs by words, and by what they ask."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from aiohttp import web

from federation.protocol.errors import RemoteProtocolError
from federation.protocol.timestamps import parse_time
from federation.protocol.uri import canonical
from federation.protocol.webfinger import parse_account
from federation.queries import search
from federation.queries.search import Filters
from node.covey_api.call import BASE, caller_of, done, services_of
from node.covey_api.documents import answer, conversation, message, person
from node.http.errors import DeclinedError
from node.http.paging import link_header, read_limit
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

# Ours are ULIDs, and no time looks like one.
_ID: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


async def find(request: web.Request) -> web.Response:
    """Messages with all words of `q`, newest first; on the first page people and groups as well.

    `from`, `in`, `before`, `after` and `has` narrow it to some messages. A page reads only so many
    messages. Its `Link` leads on, also where it has found nothing: by the id of a message in
    `before`, which may say a time as well.
    """
    limit, words = read_limit(request), request.query.get("q", "")
    places, times = _parted(request.query.getall("before", []))
    filters = _filters(request, before=_one("before", times))
    found = done(
        await search.search(
            caller_of(request).actor_uri,
            words,
            filters,
            before=_one("before", places),
            limit=limit,
        )
    )
    link = link_header(
        services_of(request).space.base_url,
        request,
        older=found.older,
        kept=[("before", each) for each in times]
        + [("after", each) for each in request.query.getall("after", [])],
    )
    document = {
        "items": [message(view) for view in found.messages],
        "people": [person(view) for view in found.people],
        "conversations": [conversation(view) for view in found.conversations],
    }
    return answer(document, headers={"Link": link} if link else None)


def _filters(request: web.Request, *, before: str) -> Filters:
    said = {name: _one(name, request.query.getall(name, [])) for name in ("from", "in", "after")}
    has = frozenset(request.query.getall("has", []))
    if said["in"] and not _ID.fullmatch(said["in"]):
        raise _bad("in is the id of a conversation.")
    if not has <= {search.FILE, search.LINK}:
        raise _bad("has is file or link.")
    return Filters(
        author=_person(said["from"]),
        conversation_id=said["in"],
        since=_time("after", said["after"]),
        before=_time("before", before),
        has=has,
    )


def _parted(values: Sequence[str]) -> tuple[list[str], list[str]]:
    """Ids of messages, and what is none."""
    return (
        [each for each in values if _ID.fullmatch(each)],
        [each for each in values if each and not _ID.fullmatch(each)],
    )


def _one(name: str, values: Sequence[str]) -> str:
    if len(values) > 1:
        raise _bad(f"{name} is there more than once.")
    return values[0] if values else ""


def _person(text: str) -> str:
    """A handle, or an id as it is kept."""
    try:
        if "://" in text:
            return canonical(text, allow_http=True)
        if text:
            parse_account(text)
    except RemoteProtocolError as error:
        raise _bad("from is an address like ana@example.org, or an actor's id.") from error
    return text


def _time(name: str, text: str) -> datetime | None:
    """The moment, or the beginning of the day in UTC."""
    if not text:
        return None
    try:
        if _DAY.fullmatch(text):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        return parse_time(text)
    except (ValueError, RemoteProtocolError) as error:
        raise _bad(f"{name} is a day like 2026-11-01, or a time of RFC 3339.") from error


def _bad(detail: str) -> DeclinedError:
    return DeclinedError(Problem("bad-request", detail))


ENDPOINTS: Final = (Endpoint("GET", f"{BASE}/search", find, Scope.READ_SEARCH),)
