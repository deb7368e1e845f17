"""Somebody takes along what this node holds of theirs, with their password, as one file."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from aiohttp import hdrs, web

from node.http.download import send_download
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.identity.sessions import find_session_caller
from node.web.context import PageContext
from node.web.languages import Language, Words, load_languages
from node.web.pages.password import own_password
from node.web.pages.settings import PATH as SETTINGS
from node.web.pages.settings import settings_page
from node.web.rendering import language_for
from node.web.signed_in import read_own_form

PATH: Final = f"{SETTINGS}/export"
PART: Final = "export"
ZIP: Final = "application/zip"
README: Final = Words("page.archive.readme")
UNDER_WAY: Final = Words("page.settings.export_under_way")
MINUTE_S: Final = 60
# Whoever is signed out meanwhile gets no more.
LOOK_EVERY: Final = timedelta(seconds=10)


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form's answer: the file, or the page that says why not."""

    async def take_along(request: web.Request) -> web.StreamResponse:
        caller, fields = await read_own_form(request, context, SETTINGS)
        right = await own_password(request, caller, fields.get("current", ""), context, part=PART)
        if isinstance(right, web.Response):
            return right
        wait_s = context.turns.wait_s(caller.account, context.now())
        if wait_s or context.turns.is_under_way(caller.account):
            return await _not_now(request, caller, context, wait_s)
        context.turns.begin(caller.account)
        is_whole = False
        try:
            response, is_whole = await _send(request, caller, context)
        finally:
            context.turns.end(caller.account, context.now(), is_whole=is_whole)
        return response

    return (Endpoint("POST", PATH, take_along, Scope.ANYONE),)


def readme_in(language: Language, acct: str, at: datetime) -> str:
    """What an archive says of itself to people."""
    return language.template(README).format(acct=acct, date=language.date(at.date()))


async def _send(
    request: web.Request, caller: Caller, context: PageContext
) -> tuple[web.StreamResponse, bool]:
    acct = f"{caller.account}@{context.account_domain}"
    readme = readme_in(language_for(request, load_languages()), acct, context.now())

    async def produce(take: Callable[[bytes], Awaitable[None]]) -> None:
        looked_at = context.now()

        async def take_while_signed_in(data: bytes) -> None:
            nonlocal looked_at
            if context.now() - looked_at >= LOOK_EVERY:
                looked_at = context.now()
                if not await _is_signed_in(request, caller, context):
                    raise ConnectionAbortedError("signed out")
            await take(data)

        await context.write_archive(caller.account, readme, take_while_signed_in)

    day = context.now().date().isoformat()
    return await send_download(
        request, produce, name=f"covey-{caller.account}-{day}.zip", media_type=ZIP
    )


async def _is_signed_in(request: web.Request, caller: Caller, context: PageContext) -> bool:
    found = await find_session_caller(request, base_url=context.base_url, now=context.now())
    return found is not None and found.credential == caller.credential


async def _not_now(
    request: web.Request, caller: Caller, context: PageContext, wait_s: int
) -> web.Response:
    minutes = -(-wait_s // MINUTE_S)
    later = Words("page.settings.export_later", {"n": minutes})
    why = later if wait_s else UNDER_WAY
    page = await settings_page(request, caller, context, part=PART, failure=why)
    page.set_status(429)
    page.headers[hdrs.RETRY_AFTER] = str(wait_s or MINUTE_S)
    return page
