"""An account that asks for a second factor opens when its code is given too."""

from typing import Final

from aiohttp import hdrs, web

from node.http.routes import Endpoint, Scope
from node.identity.half_way import LASTS, Half
from node.identity.sign_in import Known, Lacking
from node.web.attempt_keys import attempt_keys
from node.web.context import PageContext
from node.web.entering import enter
from node.web.forms import form_token, keep_form_token, read_open_form
from node.web.languages import Words
from node.web.return_path import SIGN_IN

PATH: Final = f"{SIGN_IN}/code"
SECURE_NAME: Final = "__Host-covey-half"
PLAIN_NAME: Final = "covey-half"
WRONG: Final = Words("page.sign_in_code.wrong")
TOO_FAST: Final = Words("page.too_fast")


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form, and its answer."""

    async def show(request: web.Request) -> web.Response:
        _require_half(request, context)
        return _form(request, context)

    async def take(request: web.Request) -> web.Response:
        return await _take(request, context)

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", PATH, take, Scope.ANYONE),
    )


def ask_for_code(known: Known, to: str, context: PageContext) -> web.Response:
    """Lead whoever has given the password to where the code is asked for."""
    token = context.half_way.begin(known, to=to, now=context.now())
    response = web.Response(status=303, headers={hdrs.LOCATION: PATH})
    response.set_cookie(
        _cookie_name(context),
        token,
        max_age=int(LASTS.total_seconds()),
        path="/",
        secure=context.base_url.startswith("https://"),
        httponly=True,
        samesite="Strict",
    )
    return response


async def _take(request: web.Request, context: PageContext) -> web.Response:
    fields = await read_open_form(request, context.base_url)
    half = _require_half(request, context)
    account = half.known.account
    keys = await attempt_keys(request, account, context, step="code")
    wait_s = context.attempts.wait_s(keys, context.now())
    if wait_s:
        page = _form(request, context, failure=TOO_FAST, status=429)
        page.headers[hdrs.RETRY_AFTER] = str(wait_s)
        return page
    with context.attempts.under_way(keys):
        code = fields.get("code", "")
        is_right = await context.second_factor.check(account, code, context.now())
    if not is_right:
        context.attempts.failed(keys, context.now())
        return _form(request, context, failure=WRONG, status=403)
    response = await enter(request, half.known, context, to=half.to, with_code=True)
    if isinstance(response, Lacking):
        raise web.HTTPSeeOther(SIGN_IN)
    response.del_cookie(
        _cookie_name(context),
        path="/",
        secure=context.base_url.startswith("https://"),
        httponly=True,
        samesite="Strict",
    )
    return response


def _form(
    request: web.Request, context: PageContext, *, failure: Words | str = "", status: int = 200
) -> web.Response:
    token = form_token(request, context.entropy, context.base_url)
    page = context.render(request, "sign_in_code.html", status=status, csrf=token, failure=failure)
    keep_form_token(page, token, context.base_url)
    return page


def _require_half(request: web.Request, context: PageContext) -> Half:
    half = context.half_way.find(_token(request, context), context.now())
    if half is None:
        raise web.HTTPSeeOther(SIGN_IN)
    return half


def _token(request: web.Request, context: PageContext) -> str:
    return request.cookies.get(_cookie_name(context), "")


def _cookie_name(context: PageContext) -> str:
    return SECURE_NAME if context.base_url.startswith("https://") else PLAIN_NAME
