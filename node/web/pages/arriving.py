"""Somebody brings the archive of an account, and becomes here who they were there."""

import io
from http import HTTPStatus
from typing import Final

from aiohttp import web

from federation.protocol.verdict import Refused
from node.http.errors import DeclinedError
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.web.context import PageContext
from node.web.forms import read_form_with_file
from node.web.languages import Words
from node.web.pages.settings import ARCHIVE_MEBIBYTES_MAX, MEBIBYTE, led_back, settings_page
from node.web.pages.settings import PATH as SETTINGS
from node.web.signed_in import require_caller

PATH: Final = f"{SETTINGS}/import"
PART: Final = "import"
FIELD: Final = "file"
BYTES_MAX: Final = ARCHIVE_MEBIBYTES_MAX * MEBIBYTE
UNFIT: Final = Words("page.settings.import_unfit")
TOO_LARGE: Final = Words("page.settings.import_large", {"n": ARCHIVE_MEBIBYTES_MAX})
UNDER_WAY: Final = Words("page.settings.import_under_way")


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The form's answer."""

    async def bring(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, SETTINGS)
        if context.arrivals.is_under_way(caller.account):
            return await _declined(
                request, caller, context, UNDER_WAY, HTTPStatus.TOO_MANY_REQUESTS
            )
        context.arrivals.begin(caller.account)
        try:
            return await _bring(request, caller, context)
        finally:
            context.arrivals.end(caller.account, context.now(), is_whole=False)

    return (Endpoint("POST", PATH, bring, Scope.ANYONE),)


async def _bring(request: web.Request, caller: Caller, context: PageContext) -> web.Response:
    try:
        form = await read_form_with_file(
            request, context.base_url, caller.csrf, field=FIELD, limit_bytes=BYTES_MAX
        )
    except DeclinedError as error:
        if error.problem.word != "too-large":
            raise
        return await _declined(
            request, caller, context, TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        )
    done = await context.bring_archive(caller.account, io.BytesIO(form.data))
    if isinstance(done, Refused):
        return await settings_page(request, caller, context, part=PART, failure=UNFIT)
    raise led_back("brought-in-part" if any(one.left for one in done.values()) else "brought")


async def _declined(
    request: web.Request, caller: Caller, context: PageContext, words: Words, status: HTTPStatus
) -> web.Response:
    """The page with a reason; what is left of the file is not read."""
    page = await settings_page(request, caller, context, part=PART, failure=words)
    page.set_status(status)
    page.force_close()
    return page
