"""Whoever changes a password is alone with the account from there on."""

from typing import Final

from aiohttp import hdrs, web

from federation.protocol.verdict import Refused
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.identity.devices import device_token
from node.identity.ending import set_password
from node.identity.passwords import judge_password
from node.identity.sign_in import RightPassword, check_password
from node.web.context import PageContext
from node.web.languages import Words
from node.web.pages.settings import PATH as SETTINGS
from node.web.pages.settings import led_back, settings_page
from node.web.signed_in import read_own_form

PATH: Final = f"{SETTINGS}/password"
NOT_YOURS: Final = Words("page.settings.not_yours")
DIFFERENT: Final = Words("page.settings.new_differs")
TOO_FAST: Final = Words("page.too_fast")
PART: Final = "password-title"


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form's answer."""

    async def change(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        password = fields.get("password", "")
        verdict = judge_password(password)
        if isinstance(verdict, Refused):
            return await settings_page(request, caller, context, part=PART, failure=verdict.reason)
        if password != fields.get("again", ""):
            return await settings_page(request, caller, context, part=PART, failure=DIFFERENT)
        right = await own_password(request, caller, fields.get("current", ""), context, part=PART)
        if isinstance(right, web.Response):
            return right
        is_set = await set_password(
            caller.account,
            await context.passwords.hash(password),
            instead_of=right.password_hash,
            but_session=caller.credential,
            but_device=device_token(request, context.base_url, entropy=context.entropy),
        )
        if not is_set:
            raise web.HTTPSeeOther(SETTINGS)
        raise led_back("password")

    return (Endpoint("POST", PATH, change, Scope.ANYONE),)


async def own_password(
    request: web.Request, caller: Caller, password: str, context: PageContext, *, part: str
) -> RightPassword | web.Response:
    """That this is the caller's password, or the page that says in this part why it is not.

    A browser that somebody else has found open guesses no longer than a stranger does.
    """
    keys = (f"own:{caller.account}",)
    wait_s = context.attempts.wait_s(keys, context.now())
    if wait_s:
        page = await settings_page(request, caller, context, part=part, failure=TOO_FAST)
        page.set_status(429)
        page.headers[hdrs.RETRY_AFTER] = str(wait_s)
        return page
    with context.attempts.under_way(keys):
        right = await check_password(caller.account, password, context.passwords)
    if right is not None:
        return right
    context.attempts.failed(keys, context.now())
    return await settings_page(request, caller, context, part=part, failure=NOT_YOURS)
