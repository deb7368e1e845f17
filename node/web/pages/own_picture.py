"""A person chooses the picture by which others see them, or takes it back, by plain forms."""

from http import HTTPStatus
from typing import Final

from aiohttp import web

from federation.commands.pictures import NO_PICTURE, remove_own_picture
from federation.commands.upload_media import EMPTY, FULL
from federation.protocol.verdict import Allowed, Refused
from node.http.errors import DeclinedError
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.web.context import PageContext
from node.web.forms import read_form_with_file
from node.web.languages import Words
from node.web.pages.settings import PATH, led_back, settings_page
from node.web.signed_in import read_own_form, require_caller

FIELD: Final = "file"
MEBIBYTE: Final = 1024 * 1024
PART: Final = "profile"
WHY_NOT: Final = {
    EMPTY: Words("page.settings.picture_none"),
    NO_PICTURE: Words("page.settings.picture_kind"),
    FULL: Words("page.settings.picture_full"),
}


def endpoints(context: PageContext) -> tuple[Endpoint, ...]:
    """The two forms' answers."""

    async def choose(request: web.Request) -> web.Response:
        caller = await require_caller(request, context, PATH)
        limit = context.upload_max_bytes
        try:
            form = await read_form_with_file(
                request, context.base_url, caller.csrf, field=FIELD, limit_bytes=limit
            )
        except DeclinedError as error:
            if error.problem.word != "too-large":
                raise
            return await _too_large(request, caller, context)
        return await _answer(request, caller, await context.set_picture(caller, form.data), context)

    async def remove(request: web.Request) -> web.Response:
        caller, _ = await read_own_form(request, context, PATH)
        await remove_own_picture(caller.actor_uri, new_id=context.entropy.new_id, now=context.now())
        raise led_back("picture-removed")

    return (
        Endpoint("POST", f"{PATH}/picture", choose, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/picture/remove", remove, Scope.ANYONE),
    )


async def _answer(
    request: web.Request, caller: Caller, done: Allowed | Refused, context: PageContext
) -> web.Response:
    if not isinstance(done, Refused):
        raise led_back("picture")
    failure = WHY_NOT.get(done, done.reason)
    return await settings_page(request, caller, context, part=PART, failure=failure)


async def _too_large(request: web.Request, caller: Caller, context: PageContext) -> web.Response:
    most = context.upload_max_bytes // MEBIBYTE
    failure = Words("page.settings.picture_large", {"n": most})
    page = await settings_page(request, caller, context, part=PART, failure=failure)
    page.set_status(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    # What is left of the file is not read.
    page.force_close()
    return page
