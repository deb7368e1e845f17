"""Who moderates the node sees what rules hold, and lets it go or drops it; never what it says."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from federation.commands import held as commands
from federation.queries.held import count_held, ids_of_host, list_held
from node.admin.asking import PAGE, address, asked, cut
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import deed_of, require_staff, staff_form
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = "/admin/held"
AT_ONCE: Final = 1000


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The page, and the two forms that stand at each item and each server."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_staff(request, context)
        return await _page(request, caller, context)

    async def release(request: web.Request) -> web.Response:
        caller, fields = await staff_form(request, context)
        done = await commands.release(
            await _meant(fields),
            new_id=context.entropy.new_id,
            now=context.now(),
            by=deed_of(caller),
        )
        return await _done(request, caller, context, "page.admin.held.released", done)

    async def drop(request: web.Request) -> web.Response:
        caller, fields = await staff_form(request, context)
        done = await commands.drop(await _meant(fields), now=context.now(), by=deed_of(caller))
        return await _done(request, caller, context, "page.admin.held.dropped", done)

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/release", release, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/drop", drop, Scope.ANYONE),
    )


async def _meant(fields: Mapping[str, str]) -> list[str]:
    if fields.get("id"):
        return [fields["id"]]
    return (await ids_of_host(fields.get("host", "")))[:AT_ONCE]


async def _done(
    request: web.Request, caller: Caller, context: AdminContext, told: str, number: int
) -> web.Response:
    words = context.pages.words
    if not number:
        return await _page(request, caller, context, failure=words("page.admin.held.gone"))
    return await _page(request, caller, context, notice=words(told, {"n": number}))


async def _page(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    *,
    failure: object = "",
    notice: object = "",
) -> web.Response:
    after = asked(request, "after")
    shown, has_more = cut(await list_held(after=after, limit=PAGE + 1))
    return draw(
        request,
        caller,
        context,
        "held",
        status=409 if failure else 200,
        failure=failure,
        notice=notice,
        found=shown,
        hosts=sorted({one.host for one in shown}) if not after else (),
        number=await count_held(),
        following=address(PATH, after=shown[-1].id) if has_more else "",
        beginning=PATH if after else "",
    )
