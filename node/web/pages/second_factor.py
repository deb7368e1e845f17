"""Somebody sets up an authenticator, and is alone with the account once it is asked for."""

from typing import Final

from aiohttp import web

from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.identity.devices import device_token
from node.web.context import PageContext
from node.web.languages import Words
from node.web.pages.password import own_password
from node.web.pages.settings import PATH as SETTINGS
from node.web.pages.settings import led_back
from node.web.signed_in import read_own_form, require_caller

PATH: Final = f"{SETTINGS}/second-factor"
WRONG: Final = Words("page.second_factor.wrong")
PART: Final = "factor-title"


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """Beginning, showing what the authenticator is told, turning on and turning off."""

    async def begin(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        right = await own_password(request, caller, fields.get("current", ""), context, part=PART)
        if isinstance(right, web.Response):
            return right
        await context.second_factor.begin(caller.account, context.now())
        raise web.HTTPSeeOther(PATH)

    async def show(request: web.Request) -> web.Response:
        return await _shown(request, await require_caller(request, context, SETTINGS), context)

    async def turn_on(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        codes = await context.second_factor.turn_on(
            caller.account,
            fields.get("code", ""),
            context.now(),
            but_session=caller.credential,
            but_device=device_token(request, context.base_url, entropy=context.entropy),
        )
        if codes is None:
            return await _shown(request, caller, context, failure=WRONG)
        return context.render(request, "recovery_codes.html", codes=codes)

    async def turn_off(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        right = await own_password(request, caller, fields.get("current", ""), context, part=PART)
        if isinstance(right, web.Response):
            return right
        await context.second_factor.turn_off(caller.account)
        raise led_back("second-factor-off")

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", PATH, begin, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/on", turn_on, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/off", turn_off, Scope.ANYONE),
    )


async def _shown(
    request: web.Request, caller: Caller, context: PageContext, *, failure: Words | str = ""
) -> web.Response:
    address = await context.second_factor.address(caller.account, domain=context.account_domain)
    if address is None:
        raise web.HTTPSeeOther(SETTINGS)
    return context.render(
        request,
        "second_factor.html",
        status=422 if failure else 200,
        csrf=caller.csrf,
        address=address,
        failure=failure,
    )
