"""What a handler reads from its request: who calls, what they ask for, and under which key."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from aiohttp import web

from federation.commands.once import MaybeOnce, once_for
from federation.protocol.verdict import Refused
from node.app_keys import SERVICES, Services
from node.http.errors import DeclinedError
from node.http.limits import read_json
from node.http.problem import WORDS, Problem, for_status
from node.identity.caller import CALLER, Caller

BASE: Final = "/api/covey/v1"
KEY_HEADER: Final = "Idempotency-Key"
KEY_LENGTH_MAX: Final = 255
RETRY_S: Final = 30
NOT_FOUND: Final = Refused("", 404)

T = TypeVar("T")


# How other APIs name those who may read a message.
AUDIENCE: Final = frozenset({"visibility", "to", "cc"})


@dataclass(frozen=True, slots=True)
class Call:
    """A request whose caller may make it.

    Attributes:
        body: Its JSON object; empty where it has none.
        once: Its idempotency key with what it asks for, or None.
    """

    services: Services
    caller: Caller
    body: Mapping[str, Any]
    once: MaybeOnce

    def keep_audience(self) -> None:
        """Refuse a wish for other readers: who reads a message, its conversation says.

        Raises:
            DeclinedError: The body names some (security.md 9).
        """
        if not AUDIENCE.isdisjoint(self.body):
            raise _unprocessable("A message is for the members of its conversation.")

    def text(self, name: str) -> str:
        """A property of the body that must be there as a text."""
        value = self.body.get(name)
        if not isinstance(value, str):
            raise _unprocessable(f"{name} must be a text.")
        return value

    def text_or_none(self, name: str) -> str:
        """A property of the body that may be left out or null; "" then."""
        return "" if self.body.get(name) is None else self.text(name)

    def switch(self, name: str) -> bool | None:
        """A property of the body that is true or false, or None where it is left out or null."""
        value = self.body.get(name)
        if value is not None and not isinstance(value, bool):
            raise _unprocessable(f"{name} is true or false.")
        return value

    def texts_or_none(self, name: str) -> tuple[str, ...]:
        """A property of the body that may be left out or null; empty then."""
        return () if self.body.get(name) is None else self.texts(name)

    def texts(self, name: str) -> tuple[str, ...]:
        """A property of the body that must be a list of texts."""
        value = self.body.get(name)
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise _unprocessable(f"{name} must be a list of texts.")
        return tuple(value)


async def read_call(request: web.Request) -> Call:
    """The call behind a request that changes something.

    Raises:
        DeclinedError: The body or the key is not what it should be.
        RemoteProtocolError: The body is no JSON object.
    """
    body, caller = await read_json(request), caller_of(request)
    key = key_of(request)
    target = f"{request.method} {request.path}"
    once = once_for(caller.account, key, target=target, body=body) if key else None
    return Call(services_of(request), caller, body, once)


def caller_of(request: web.Request) -> Caller:
    """Who calls; the guard has checked it."""
    return request[CALLER]


def services_of(request: web.Request) -> Services:
    """What handlers may use."""
    return request.app[SERVICES]


def done(answer: T | Refused) -> T:
    """What a command or query answered.

    Raises:
        DeclinedError: It has refused.
    """
    if isinstance(answer, Refused):
        raise declined(answer)
    return answer


def found(answer: T | None) -> T:
    """What a query found.

    Raises:
        DeclinedError: There is nothing for this caller.
    """
    if answer is None:
        raise declined(NOT_FOUND)
    return answer


def declined(refused: Refused) -> DeclinedError:
    """The way out with the problem that a refusal is to its caller."""
    if refused.notice in WORDS:
        return DeclinedError(Problem(refused.notice, refused.reason))
    problem = for_status(refused.status, refused.reason)
    retry_s = RETRY_S if problem.word == "unavailable" else None
    return DeclinedError(replace(problem, retry_after_s=refused.retry_after_s or retry_s))


def key_of(request: web.Request) -> str:
    """The idempotency key of a request, or "".

    Raises:
        DeclinedError: It has two, or one that is too long.
    """
    keys = request.headers.getall(KEY_HEADER, [])
    if len(keys) > 1 or any(not key or len(key) > KEY_LENGTH_MAX for key in keys):
        reason = f"{KEY_HEADER} must be one text of 1 to {KEY_LENGTH_MAX} characters."
        raise DeclinedError(Problem("bad-request", reason))
    return keys[0] if keys else ""


def _unprocessable(detail: str) -> DeclinedError:
    return DeclinedError(Problem("unprocessable", detail))
