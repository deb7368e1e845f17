"""A link makes an account and signs its maker in: the owner's, or that of somebody invited."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from federation.protocol.verdict import Refused
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.linked_account import make_by_link
from node.identity.owner_link import is_owner_link, spend_owner_link
from node.identity.passwords import LENGTH_MIN, judge_password
from node.identity.sign_in import Lacking, RightPassword
from node.identity.sign_up_link import is_sign_up_link, spend_sign_up_link
from node.web.context import PageContext
from node.web.entering import enter
from node.web.forms import form_token, keep_form_token, read_open_form
from node.web.languages import Words
from node.web.return_path import SIGN_IN

SPENT: Final = Problem("not-found", "This link was used already, or it has run out.")
DIFFERENT: Final = Words("page.password_differs")


@dataclass(frozen=True, slots=True)
class Way:
    """A kind of link.

    Attributes:
        path: Where it leads.
        role: What its account may do.
        short, title, lead: The page's texts, by their keys.
        is_open: Whether a secret still opens the page.
        spend: Uses it, inside the transaction that makes the account.
    """

    path: str
    role: str
    short: str
    title: str
    lead: str
    is_open: Callable[[str, datetime], Awaitable[bool]]
    spend: Callable[[str, datetime], Awaitable[bool]]


WAYS: Final = (
    Way(
        "/setup/{token}",
        "owner",
        short="page.setup.short",
        title="page.setup.title",
        lead="page.setup.lead",
        is_open=is_owner_link,
        spend=spend_owner_link,
    ),
    Way(
        "/sign-up/{token}",
        "member",
        short="page.sign_up.short",
        title="page.sign_up.title",
        lead="page.sign_up.lead",
        is_open=is_sign_up_link,
        spend=spend_sign_up_link,
    ),
)


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form of each way, and its answer."""
    return tuple(each for way in WAYS for each in _endpoints(way, context))


def _endpoints(way: Way, context: PageContext) -> tuple[Endpoint, ...]:
    async def show(request: web.Request) -> web.Response:
        await _require_link(request, way, context)
        return _form(request, way, context)

    async def make(request: web.Request) -> web.Response:
        return await _make(request, way, context)

    return (
        Endpoint("GET", way.path, show, Scope.ANYONE),
        Endpoint("POST", way.path, make, Scope.ANYONE),
    )


async def _make(request: web.Request, way: Way, context: PageContext) -> web.Response:
    fields = await read_open_form(request, context.base_url)
    await _require_link(request, way, context)
    name, password = fields.get("name", "").strip().lower(), fields.get("password", "")
    failure = judge_passwords(password, fields.get("again", ""))
    if failure:
        return _form(request, way, context, name=name, failure=failure)
    password_hash = await context.passwords.hash(password)
    token = request.match_info["token"]
    made = await make_by_link(
        lambda: context.register(name, password_hash, way.role),
        lambda: way.spend(token, context.now()),
    )
    if isinstance(made, Refused):
        return _form(request, way, context, name=name, failure=made.reason)
    entered = await enter(request, RightPassword(name, password_hash).known, context)
    if isinstance(entered, Lacking):
        raise web.HTTPSeeOther(SIGN_IN)
    return entered


def judge_passwords(password: str, again: str) -> Words | str:
    """What is wrong with the passwords, or ""."""
    verdict = judge_password(password)
    if isinstance(verdict, Refused):
        return verdict.reason
    return "" if password == again else DIFFERENT


def _form(
    request: web.Request,
    way: Way,
    context: PageContext,
    *,
    name: str = "",
    failure: Words | str = "",
) -> web.Response:
    token = form_token(request, context.entropy, context.base_url)
    page = context.render(
        request,
        "new_account.html",
        status=422 if failure else 200,
        csrf=token,
        name=name,
        failure=failure,
        action=request.path,
        way=way,
        password_min=LENGTH_MIN,
    )
    keep_form_token(page, token, context.base_url)
    return page


async def _require_link(request: web.Request, way: Way, context: PageContext) -> None:
    if not await way.is_open(request.match_info["token"], context.now()):
        raise DeclinedError(SPENT)
