"""What a handler of Mastodon's API reads from its request."""

from collections.abc import Iterable
from typing import Final

from aiohttp import web

from federation.commands.once import MaybeOnce, once_for
from node.app_keys import SERVICES, Services
from node.http.errors import DeclinedError
from node.http.fields import Fields, of_query
from node.http.problem import Problem
from node.identity.caller import CALLER, Caller
from node.mastodon.answers import NOT_FOUND

KEY_HEADER: Final = "Idempotency-Key"
KEY_LENGTH_MAX: Final = 255
# What a database holds as a number.
DIGITS_MAX: Final = 18
TRUE: Final = frozenset({"1", "t", "true", "on", "yes"})
LIMIT: Final = 20
LIMIT_MAX: Final = 40


def caller_of(request: web.Request) -> Caller:
    """Who calls; the manners have checked it."""
    return request[CALLER]


def services_of(request: web.Request) -> Services:
    """What handlers may use."""
    return request.app[SERVICES]


def query_of(request: web.Request) -> Fields:
    """What the query says.

    Raises:
        DeclinedError: It cannot be read.
    """
    return of_query(request.rel_url.raw_query_string)


def number_of(text: str) -> int | None:
    """The number in an id; None for what no id of this door looks like."""
    is_number = text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX
    return int(text) if is_number else None


def number_in(request: web.Request, name: str = "id") -> int:
    """The number in the address.

    Raises:
        DeclinedError: It is none, so there is nothing.
    """
    number = number_of(request.match_info[name])
    if number is None:
        raise DeclinedError(NOT_FOUND)
    return number


def numbers_in(texts: Iterable[str], *, most: int = LIMIT_MAX) -> list[int]:
    """The numbers among these, in their order, the first ones."""
    numbers = [number_of(text) for text in texts]
    return [each for each in numbers if each is not None][:most]


def limit_of(said: Fields, *, usual: int = LIMIT, most: int = LIMIT_MAX) -> int:
    """How many are asked for; what is no number says nothing."""
    number = number_of(said.text("limit"))
    return min(max(number, 1), most) if number is not None else usual


def is_on(said: Fields, name: str) -> bool:
    """Whether a switch is on."""
    return said.text(name).lower() in TRUE


def once_of(request: web.Request, said: Fields) -> MaybeOnce:
    """The idempotency key of a request with what it asks for, or None.

    Raises:
        DeclinedError: There are two keys, or one that is too long.
    """
    keys = request.headers.getall(KEY_HEADER, [])
    if not keys or keys == [""]:
        return None
    if len(keys) > 1 or len(keys[0]) > KEY_LENGTH_MAX:
        reason = f"{KEY_HEADER} must be one text of 1 to {KEY_LENGTH_MAX} characters."
        raise DeclinedError(Problem("bad-request", reason))
    target = f"{request.method} {request.path.rstrip('/')}"
    body = {name: list(values) for name, values in said.values.items()}
    return once_for(caller_of(request).account, keys[0], target=target, body=body)
