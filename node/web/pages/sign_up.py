"""Somebody without an invitation makes an account, or asks for one, where the node allows it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from federation.commands import sign_ups
from federation.protocol.verdict import Allowed, Refused
from node.http.client_address import client_address, neighbourhood
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.passwords import LENGTH_MIN
from node.identity.registration import Entry, find_entry
from node.identity.sign_in import Lacking, RightPassword
from node.web.context import PageContext
from node.web.entering import enter
from node.web.forms import form_token, keep_form_token, read_open_form
from node.web.languages import Words
from node.web.pages.new_account import judge_passwords
from node.web.return_path import SIGN_IN

PATH: Final = "/sign-up"
TEMPLATE: Final = "sign_up.html"
CLOSED: Final = Problem("not-found", "People come to this server by invitation.")
TOO_MANY: Final = Words("page.sign_up.too_many")


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form, and its answer."""

    async def show(request: web.Request) -> web.Response:
        return _form(request, await _require_open(context), context)

    async def make(request: web.Request) -> web.Response:
        return await _make(request, context)

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", PATH, make, Scope.ANYONE),
    )


async def _make(request: web.Request, context: PageContext) -> web.Response:
    fields = await read_open_form(request, context.base_url)
    entry, now = await _require_open(context), context.now()
    address = neighbourhood(client_address(request, context.proxies))
    wait_s = context.admissions.wait_s(address, now)
    if wait_s:
        page = _form(request, entry, context, fields, failure=TOO_MANY, status=429)
        page.headers[hdrs.RETRY_AFTER] = str(wait_s)
        return page
    failure = judge_passwords(fields.get("password", ""), fields.get("again", ""))
    if failure:
        return _form(request, entry, context, fields, failure=failure)
    with context.admissions.under_way(address):
        password_hash = await context.passwords.hash(fields.get("password", ""))
        made = await _account(_name(fields), password_hash, fields, entry, context)
    if isinstance(made, Refused):
        return _form(request, entry, context, fields, failure=made.reason, status=made.status)
    context.admissions.came(address, now)
    if entry is Entry.APPROVAL:
        return context.render(request, TEMPLATE, is_asked=True)
    entered = await enter(request, RightPassword(_name(fields), password_hash).known, context)
    if isinstance(entered, Lacking):
        raise web.HTTPSeeOther(SIGN_IN)
    return entered


async def _account(
    name: str,
    password_hash: str,
    fields: Mapping[str, str],
    entry: Entry,
    context: PageContext,
) -> Allowed | Refused:
    if entry is Entry.APPROVAL:
        return await sign_ups.ask(
            name,
            password_hash=password_hash,
            reason=fields.get("reason", ""),
            now=context.now(),
        )
    return await context.register(name, password_hash, "member")


def _form(
    request: web.Request,
    entry: Entry,
    context: PageContext,
    fields: Mapping[str, str] | None = None,
    *,
    failure: Words | str = "",
    status: int = HTTPStatus.OK,
) -> web.Response:
    typed = fields or {}
    token = form_token(request, context.entropy, context.base_url)
    page = context.render(
        request,
        TEMPLATE,
        status=max(status, HTTPStatus.UNPROCESSABLE_ENTITY) if failure else status,
        is_asked=False,
        csrf=token,
        name=_name(typed),
        reason=typed.get("reason", ""),
        failure=failure,
        needs_approval=entry is Entry.APPROVAL,
        reason_max=sign_ups.REASON_CHARS_MAX,
        password_min=LENGTH_MIN,
    )
    keep_form_token(page, token, context.base_url)
    return page


def _name(fields: Mapping[str, str]) -> str:
    return fields.get("name", "").strip().lower()


async def _require_open(context: PageContext) -> Entry:
    entry = await find_entry(context.admissions.wanted, context.now())
    if entry is Entry.CLOSED:
        raise DeclinedError(CLOSED)
    return entry
