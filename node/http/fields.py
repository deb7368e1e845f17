"""What a client says in a body: as JSON, as a form, in parts, or with no word on which of these.

Source: clients.md 3, "Bodies"
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl

from aiohttp import hdrs, web

from federation.protocol import strict_json
from node.http.errors import DeclinedError
from node.http.forms import FORM, read_text_form
from node.http.limits import JSON, read_body
from node.http.problem import Problem

BODY_BYTES: Final = 64 * 1024
FIELDS_MAX: Final = 100
# Objects within an object.
DEPTH_MAX: Final = 3
FORM_TYPE: Final = "application/x-www-form-urlencoded"
UNREADABLE: Final = Problem("bad-request", "The body cannot be read.")


@dataclass(frozen=True, slots=True)
class Fields:
    """Names and what was said under each; what was said twice is there twice."""

    values: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """What was said last under a name, or ""."""
        return self.values.get(name, ("",))[-1]

    def texts(self, name: str) -> tuple[str, ...]:
        """All that was said under a name, with brackets behind it or without."""
        return (*self.values.get(name, ()), *self.values.get(f"{name}[]", ()))

    def is_said_twice(self, names: Iterable[str]) -> bool:
        """Whether one of these stands there more than once."""
        return any(len(self.values.get(name, ())) > 1 for name in names)


async def read_fields(request: web.Request) -> Fields:
    """What the body of a request says; what is of no kind we know says nothing.

    Raises:
        DeclinedError: It is too large (413), too slow (408) or cannot be read (400).
        RemoteProtocolError: It is JSON that breaks our strict rules (400).
    """
    kinds = request.headers.getall(hdrs.CONTENT_TYPE, [])
    kind = request.content_type if kinds else ""
    if len(kinds) > 1:
        raise DeclinedError(UNREADABLE)
    if kind == FORM:
        return _fields(await read_text_form(request, limit_bytes=BODY_BYTES))
    body = await read_body(request, BODY_BYTES)
    if kind == JSON or (not kind and body.lstrip().startswith(b"{")):
        return _of_json(strict_json.loads(body)) if body else Fields({})
    if kind not in {"", FORM_TYPE}:
        return Fields({})
    try:
        return of_query(body.decode("ascii"))
    except UnicodeDecodeError as error:
        raise DeclinedError(UNREADABLE) from error


def of_query(text: str) -> Fields:
    """What a query, or the body of a form, says.

    Raises:
        DeclinedError: It has too many fields, or escapes that are no text (400).
    """
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=FIELDS_MAX)
    except ValueError as error:
        raise DeclinedError(UNREADABLE) from error
    return _fields(pairs)


def _fields(pairs: Iterable[tuple[str, str]]) -> Fields:
    found: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        found[name] = (*found.get(name, ()), value)
    return Fields(found)


def _of_json(document: Mapping[str, Any]) -> Fields:
    """What JSON says, with the names that a form would have: in brackets what is in an object.

    A list says several things; what is neither text, number nor switch says nothing.
    """
    found: dict[str, tuple[str, ...]] = {}
    for name, value in _flat(document):
        said = [_text(each) for each in (value if isinstance(value, list) else [value])]
        kept = tuple(each for each in said if each is not None)
        if kept:
            found[f"{name}[]" if isinstance(value, list) else name] = kept
    return Fields(found)


def _flat(document: Mapping[str, Any], *, deep: int = 0) -> Iterator[tuple[str, Any]]:
    for name, value in document.items():
        if isinstance(value, dict) and deep < DEPTH_MAX:
            for inner, said in _flat(value, deep=deep + 1):
                first, bracket, rest = inner.partition("[")
                yield f"{name}[{first}]{bracket}{rest}", said
        else:
            yield name, value


def _text(value: object) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str) else None
