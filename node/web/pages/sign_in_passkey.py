"""A passkey signs its person in: the browser asks for a challenge, and brings it back signed."""

from typing import Final

from aiohttp import hdrs, web

from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.passkeys import Answer, PasskeyFault, refused
from node.identity.sign_in import Lacking
from node.web.attempt_keys import attempt_keys
from node.web.context import PageContext
from node.web.entering import enter
from node.web.forms import FIELD as TOKEN
from node.web.forms import read_open_form
from node.web.languages import Words
from node.web.pages.sign_in import Typed, sign_in_form, wait_form
from node.web.return_path import FIELD, SIGN_IN, return_path

PATH: Final = f"{SIGN_IN}/passkey"
LATE: Final = Words("page.passkeys.late")
UNPROVEN: Final = Words("page.passkeys.unproven")
UNKNOWN: Final = Words("page.passkeys.unknown")
FAILURES: Final = {PasskeyFault.LATE: LATE, PasskeyFault.UNKNOWN: UNKNOWN}


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The challenge, for the script of the page, and the form that answers it."""

    async def ask(request: web.Request) -> web.Response:
        fields = await read_open_form(request, context.base_url)
        keys = await attempt_keys(request, "", context, step="passkey")
        wait_s = context.asking.wait_s(keys, context.now())
        if wait_s:
            return Problem("too-many-requests", retry_after_s=wait_s).response()
        context.asking.failed(keys, context.now())
        options = await context.passkeys.begin_entering(browser=fields[TOKEN], now=context.now())
        return web.json_response(options, headers={hdrs.CACHE_CONTROL: "no-store"})

    async def sign_in(request: web.Request) -> web.Response:
        return await _sign_in(request, context)

    return (
        Endpoint("POST", f"{PATH}/challenge", ask, Scope.ANYONE),
        Endpoint("POST", PATH, sign_in, Scope.ANYONE),
    )


async def _sign_in(request: web.Request, context: PageContext) -> web.Response:
    fields = await read_open_form(request, context.base_url)
    typed = Typed(to=fields.get(FIELD, ""))
    # What the form repeats is what the browser holds: no other browser can answer for this one.
    answer = Answer(fields[TOKEN], fields.get("challenge", ""), fields.get("credential", ""))
    account = await context.passkeys.whose(answer)
    keys = await attempt_keys(request, account, context, step="passkey")
    wait_s = context.attempts.wait_s(keys, context.now())
    if wait_s:
        return wait_form(request, context, typed, wait_s)
    with context.attempts.under_way(keys):
        proven = await context.passkeys.prove(answer, context.now())
    if isinstance(proven, PasskeyFault):
        context.attempts.failed(keys, context.now())
        failure = FAILURES.get(proven, UNPROVEN)
        return sign_in_form(request, context, typed, failure=failure, status=403)
    entered = await enter(request, proven, context, to=return_path(typed.to))
    if isinstance(entered, Lacking):
        refused(PasskeyFault.CLOSED, proven.account)
        return sign_in_form(request, context, typed, failure=UNKNOWN, status=403)
    return entered
