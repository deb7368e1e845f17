"""Lists of what other servers keep out are fetched: bounded, and only where they have changed.

A dataset of FIRES comes in pages that go on from where the last one ended; every page stands at the
origin of the dataset.

Source: policy.md 13
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from federation.policy.lists import fires
from federation.policy.lists.entry import BYTES_MAX, ENTRIES_MAX
from federation.policy.lists.fires import State
from federation.policy.problem import Unreadable
from federation.protocol.uri import same_origin
from federation.transport.answer import Answer
from federation.transport.client import Client
from federation.transport.failure import BadAnswer, Forbidden, Unreachable

PAGES_MAX: Final = 500
DEADLINE_S: Final = 300.0
TOKEN_CHARS_MAX: Final = 1000
ACCEPT: Final = "text/csv, application/json, text/plain;q=0.9, */*;q=0.5"
ACCEPT_FIRES: Final = "application/ld+json, application/json;q=0.9"
INSTANCE: Final = "mastodon-instance"
INSTANCE_PATH: Final = "/api/v1/instance/domain_blocks"


@dataclass(frozen=True, slots=True)
class Had:
    """A list was had.

    Attributes:
        etag: By which its server knows it, and `modified` likewise; "" for nothing.
    """

    body: bytes
    etag: str = ""
    modified: str = ""


@dataclass(frozen=True, slots=True)
class Same:
    """It is what it was."""


@dataclass(frozen=True, slots=True)
class Missed:
    """It could not be had, for this reason."""

    why: str


@dataclass(frozen=True, slots=True)
class Pages:
    """What a dataset of FIRES says, read as far as it goes.

    Attributes:
        cursor: Where it goes on the next time.
    """

    state: State
    cursor: str


# Told how far it is, in words.
Tell = Callable[[str], Awaitable[None]]


def address_of(format_: str, url: str) -> str:
    """Where a list is fetched: of a Mastodon server only its name is written."""
    if format_ == INSTANCE and urlsplit(url).path in {"", "/"}:
        return url.rstrip("/") + INSTANCE_PATH
    return url


async def fetch_list(
    client: Client, url: str, *, etag: str = "", modified: str = ""
) -> Had | Same | Missed:
    """Fetch a list, if it is another one than we have.

    Args:
        client: The guarded one.
        url: Of the list.
        etag: Of what we have, "" for nothing.
        modified: When it was changed last, as its server wrote it.
    """
    known = {"If-None-Match": etag, "If-Modified-Since": modified}
    headers = {name: value for name, value in known.items() if value}
    answer = await client.get(url, accept=ACCEPT, max_bytes=BYTES_MAX, headers=headers)
    if isinstance(answer, Answer):
        if answer.status == HTTPStatus.NOT_MODIFIED and headers:
            return Same()
        if answer.status == HTTPStatus.OK:
            told = (answer.headers.get(name, "") for name in ("etag", "last-modified"))
            return Had(answer.body, *(value if _fits(value) else "" for value in told))
    return Missed(_why(answer))


async def fetch_dataset(
    client: Client, name: str, url: str, *, state: State, cursor: str, tell: Tell
) -> Pages | Missed | Unreadable:
    """Read a dataset on from its cursor, or from its snapshot.

    Args:
        client: The guarded one.
        name: Of the list, for what is said of it.
        url: Of the dataset's document.
        state: What it has said so far.
        cursor: Where it goes on, "" for its beginning.
        tell: How far it is.
    """
    try:
        async with asyncio.timeout(DEADLINE_S):
            if not cursor:
                state = {}
                began = await _beginning(client, name, url)
                if not isinstance(began, str):
                    return began
                cursor = began
            return await _read_on(client, name, url, cursor=cursor, state=state, tell=tell)
    except TimeoutError:
        return Missed("its pages took too long")


async def _beginning(client: Client, name: str, url: str) -> str | Missed | Unreadable:
    """Where a dataset begins: its snapshot, or the first of all changes."""
    body = await _body(client, url)
    if isinstance(body, Missed):
        return body
    dataset = await asyncio.to_thread(fires.read_dataset, name, body)
    return dataset if isinstance(dataset, Unreadable) else dataset.snapshot or dataset.changes


async def _read_on(
    client: Client, name: str, url: str, *, cursor: str, state: State, tell: Tell
) -> Pages | Missed | Unreadable:
    seen: set[str] = set()
    for number in range(1, PAGES_MAX + 1):
        if not same_origin(cursor, url):
            return Missed("it goes on at another server")
        seen.add(cursor)
        body = await _body(client, cursor)
        if isinstance(body, Missed):
            return body
        page = await asyncio.to_thread(fires.read_page, name, body)
        if isinstance(page, Unreadable):
            return page
        state = await asyncio.to_thread(partial(fires.after, state, page.changes))
        if len(state) > ENTRIES_MAX:
            return Missed(f"it has more than {ENTRIES_MAX:,} entities")
        await tell(f"page {number}")
        # Nothing follows yet: the next time the last page has more, or names another.
        if not page.following or page.following in seen:
            break
        cursor = page.following
    return Pages(state, cursor)


async def _body(client: Client, url: str) -> bytes | Missed:
    answer = await client.get(url, accept=ACCEPT_FIRES, max_bytes=BYTES_MAX)
    if isinstance(answer, Answer) and answer.status == HTTPStatus.OK:
        return answer.body
    return Missed(_why(answer))


def _why(answer: Answer | BadAnswer | Forbidden | Unreachable) -> str:
    match answer:
        case Answer():
            return f"its server answers {answer.status}"
        case BadAnswer():
            return f"its server answers with {answer.reason}"
        case Forbidden():
            return f"it may not be asked for: {answer.reason}"
        case Unreachable():
            return f"it cannot be reached: {answer.kind.value}"


def _fits(value: str) -> bool:
    """Whether it can be sent back as it came."""
    is_short = len(value) <= TOKEN_CHARS_MAX
    return is_short and value.isascii() and value.isprintable()
