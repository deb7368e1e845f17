"""A name and its password open a session; which of the two was wrong is never said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import hdrs, web

from node.http.routes import Endpoint, Scope
from node.identity.registration import check_waiting
from node.identity.sessions import find_session_caller
from node.identity.sign_in import Lacking, check_password
from node.web.attempt_keys import attempt_keys
from node.web.context import PageContext
from node.web.entering import enter
from node.web.forms import form_token, keep_form_token, read_open_form
from node.web.languages import Words
from node.web.pages.sign_in_code import ask_for_code
from node.web.return_path import AGAIN, FIELD, SIGN_IN, return_path

WRONG: Final = Words("page.sign_in.wrong")
REFUSED: Final = Words("page.sign_in.refused")
MINUTE_S: Final = 60
# No account has a longer name; what is typed is kept for a while.
NAME_CHARS_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Typed:
    """What a form keeps when it is shown again: a name, and where one wanted to go."""

    name: str = ""
    to: str = ""


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form, and its answer."""

    async def show(request: web.Request) -> web.Response:
        caller = await find_session_caller(request, base_url=context.base_url, now=context.now())
        if caller is not None and AGAIN not in request.query:
            raise web.HTTPSeeOther(return_path(request.query.get(FIELD, "")))
        return sign_in_form(request, context, Typed(to=request.query.get(FIELD, "")))

    async def sign_in(request: web.Request) -> web.Response:
        return await _sign_in(request, context)

    return (
        Endpoint("GET", SIGN_IN, show, Scope.ANYONE),
        Endpoint("POST", SIGN_IN, sign_in, Scope.ANYONE),
    )


async def _sign_in(request: web.Request, context: PageContext) -> web.Response:
    fields = await read_open_form(request, context.base_url)
    name = _plain_name(fields.get("name", ""))
    typed = Typed(name, fields.get(FIELD, ""))
    keys = await attempt_keys(request, name, context, step="password")
    wait_s = context.attempts.wait_s(keys, context.now())
    if wait_s:
        return wait_form(request, context, typed, wait_s)
    with context.attempts.under_way(keys):
        right = await check_password(name, fields.get("password", ""), context.passwords)
        asked = None if right else await _waiting(name, fields, context)
    if asked is not None:
        return sign_in_form(request, context, typed, failure=asked, status=403)
    if right is None:
        context.attempts.failed(keys, context.now())
        return sign_in_form(request, context, typed, failure=WRONG, status=403)
    to = return_path(typed.to)
    entered = await enter(request, right.known, context, to=to)
    if entered is Lacking.CODE:
        return ask_for_code(right.known, to, context)
    if entered is Lacking.FIT:
        return sign_in_form(request, context, typed, failure=WRONG, status=403)
    return entered


async def _waiting(name: str, fields: Mapping[str, str], context: PageContext) -> Words | None:
    """How it stands with who has asked for an account of this name and password."""
    asked = await check_waiting(name, fields.get("password", ""), context.passwords)
    if asked is None:
        return None
    if asked.state == "waiting":
        return Words("page.sign_in.waits")
    return Words("page.sign_in.refused_with", {"word": asked.word}) if asked.word else REFUSED


def sign_in_form(
    request: web.Request,
    context: PageContext,
    typed: Typed,
    *,
    failure: Words | str = "",
    status: int = 200,
) -> web.Response:
    """The page on which one signs in.

    Args:
        request: Asks for it.
        context: What pages use.
        typed: What stays in it.
        failure: Why one is not in, or "".
        status: 200, or what says why.
    """
    token = form_token(request, context.entropy, context.base_url)
    page = context.render(
        request,
        "sign_in.html",
        status=status,
        csrf=token,
        name=typed.name,
        to=return_path(typed.to),
        failure=failure,
        takes_people=context.admissions.wanted.open,
    )
    keep_form_token(page, token, context.base_url)
    return page


def wait_form(
    request: web.Request, context: PageContext, typed: Typed, wait_s: int
) -> web.Response:
    """The same page for who has failed too often."""
    page = sign_in_form(request, context, typed, failure=_must_wait(wait_s), status=429)
    page.headers[hdrs.RETRY_AFTER] = str(wait_s)
    return page


def _must_wait(seconds: int) -> Words:
    """How long, in minutes from one minute on."""
    if seconds <= MINUTE_S:
        return Words("page.sign_in.wait_s", {"n": seconds})
    return Words("page.sign_in.wait_min", {"n": -(-seconds // MINUTE_S)})


def _plain_name(typed: str) -> str:
    """The name of an account from what people type: "@Al@example.org" is "al"."""
    return typed.strip().lower().removeprefix("@").partition("@")[0][:NAME_CHARS_MAX]
