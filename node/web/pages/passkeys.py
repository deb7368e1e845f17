"""Somebody adds a passkey to their account, names it, and takes it away again."""

from typing import Final

import msgspec
from aiohttp import web

from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.identity.passkeys import NAME_CHARS_MAX, Answer, PasskeyFault
from node.identity.sessions import whence
from node.web.context import PageContext
from node.web.device_words import device_words
from node.web.languages import Words
from node.web.pages.password import own_password
from node.web.pages.settings import PATH as SETTINGS
from node.web.pages.settings import led_back, settings_page
from node.web.signed_in import read_own_form

PATH: Final = f"{SETTINGS}/passkeys"
PART: Final = "passkeys"
GONE: Final = Words("page.passkeys.gone")
FAILURES: Final = {
    PasskeyFault.LATE: Words("page.passkeys.late"),
    PasskeyFault.UNPROVEN: Words("page.passkeys.unproven"),
    PasskeyFault.TAKEN: Words("page.passkeys.taken"),
    PasskeyFault.FULL: Words("page.passkeys.full"),
}


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """Beginning with the password, adding what the device has made, renaming and removing."""

    async def begin(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        right = await own_password(request, caller, fields.get("current", ""), context, part=PART)
        if isinstance(right, web.Response):
            return right
        return await _begun(request, caller, context)

    async def add(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        fault = await context.passkeys.add(
            caller.account,
            Answer(caller.credential, fields.get("challenge", ""), fields.get("credential", "")),
            name=fields.get("name", ""),
            now=context.now(),
        )
        if fault is not None:
            return await _refused(request, caller, context, _words(fault))
        raise led_back("passkey-added")

    async def rename(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        is_done = await context.passkeys.rename(
            caller.account, fields.get("passkey", ""), fields.get("name", "")
        )
        return await _told(request, caller, context, "passkey-renamed" if is_done else "")

    async def remove(request: web.Request) -> web.Response:
        caller, fields = await read_own_form(request, context, SETTINGS)
        is_done = await context.passkeys.remove(caller.account, fields.get("passkey", ""))
        return await _told(request, caller, context, "passkey-removed" if is_done else "")

    return (
        Endpoint("POST", PATH, begin, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/add", add, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/rename", rename, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/remove", remove, Scope.ANYONE),
    )


async def _begun(request: web.Request, caller: Caller, context: PageContext) -> web.Response:
    options = await context.passkeys.begin_adding(
        caller.account, browser=caller.credential, now=context.now()
    )
    if isinstance(options, PasskeyFault):
        return await _refused(request, caller, context, _words(options))
    return context.render(
        request,
        "passkey.html",
        csrf=caller.csrf,
        options=msgspec.json.encode(options).decode(),
        device=device_words(whence(request).user_agent),
        name_max=NAME_CHARS_MAX,
    )


async def _told(
    request: web.Request, caller: Caller, context: PageContext, done: str
) -> web.Response:
    """What was done, by its word; "" for nothing, since the passkey is gone."""
    if not done:
        return await _refused(request, caller, context, GONE)
    raise led_back(done)


async def _refused(
    request: web.Request, caller: Caller, context: PageContext, why: Words
) -> web.Response:
    return await settings_page(request, caller, context, part=PART, failure=why)


def _words(fault: PasskeyFault) -> Words:
    return FAILURES.get(fault, FAILURES[PasskeyFault.UNPROVEN])
