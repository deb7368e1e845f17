"""The one-time link makes the owner's account, once, and signs its maker in."""

from typing import Final

from aiohttp import web

from federation.protocol.verdict import Refused
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.owner_account import make_owner
from node.identity.owner_link import is_owner_link
from node.identity.passwords import LENGTH_MIN, judge_password
from node.identity.sign_in import Lacking, RightPassword
from node.web.context import PageContext
from node.web.entering import enter
from node.web.forms import form_token, keep_form_token, read_open_form
from node.web.languages import Words
from node.web.return_path import SIGN_IN

PATH: Final = "/setup/{token}"
SPENT: Final = Problem("not-found", "This link was used already, or it has run out.")
DIFFERENT: Final = Words("page.password_differs")


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form, and its answer."""

    async def show(request: web.Request) -> web.Response:
        await _require_link(request, context)
        return _form(request, context)

    async def make(request: web.Request) -> web.Response:
        return await _make(request, context)

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", PATH, make, Scope.ANYONE),
    )


async def _make(request: web.Request, context: PageContext) -> web.Response:
    fields = await read_open_form(request, context.base_url)
    await _require_link(request, context)
    name, password = fields.get("name", "").strip().lower(), fields.get("password", "")
    failure = _judge(password, fields.get("again", ""))
    if failure:
        return _form(request, context, name=name, failure=failure)
    password_hash = await context.passwords.hash(password)
    token = request.match_info["token"]
    made = await make_owner(
        token, lambda: context.register_owner(name, password_hash), context.now()
    )
    if isinstance(made, Refused):
        return _form(request, context, name=name, failure=made.reason)
    entered = await enter(request, RightPassword(name, password_hash).known, context)
    if isinstance(entered, Lacking):
        raise web.HTTPSeeOther(SIGN_IN)
    return entered


def _judge(password: str, again: str) -> Words | str:
    """What is wrong with the passwords, or ""."""
    verdict = judge_password(password)
    if isinstance(verdict, Refused):
        return verdict.reason
    return "" if password == again else DIFFERENT


def _form(
    request: web.Request, context: PageContext, *, name: str = "", failure: Words | str = ""
) -> web.Response:
    token = form_token(request, context.entropy, context.base_url)
    page = context.render(
        request,
        "setup.html",
        status=422 if failure else 200,
        csrf=token,
        name=name,
        failure=failure,
        action=request.path,
        password_min=LENGTH_MIN,
    )
    keep_form_token(page, token, context.base_url)
    return page


async def _require_link(request: web.Request, context: PageContext) -> None:
    if not await is_owner_link(request.match_info["token"], context.now()):
        raise DeclinedError(SPENT)
