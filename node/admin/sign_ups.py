"""Who runs the node decides who gets an account of those who ask for one."""

from typing import Final

from aiohttp import web

from federation.commands import sign_ups
from federation.protocol.verdict import Allowed, Refused
from federation.queries.sign_ups import list_waiting
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import deed_of, operator_form, require_operator
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = "/admin/sign-ups"


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The list, and a yes and a no for each."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context)

    async def approve(request: web.Request) -> web.Response:
        caller, _ = await operator_form(request, context)
        name = request.match_info["name"]
        done = await sign_ups.approve(context.mint, name, deed_of(caller))
        return await _done(request, caller, context, done, "page.admin.sign_ups.approved")

    async def reject(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        name, word = request.match_info["name"], fields.get("word", "")
        done = await sign_ups.reject(name, word, context.now(), deed_of(caller))
        return await _done(request, caller, context, done, "page.admin.sign_ups.rejected")

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/{{name}}/approve", approve, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/{{name}}/reject", reject, Scope.ANYONE),
    )


async def _done(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    done: Allowed | Refused,
    told: str,
) -> web.Response:
    if isinstance(done, Refused):
        return await _page(request, caller, context, refused=done)
    words = context.pages.words(told, {"name": request.match_info["name"]})
    return await _page(request, caller, context, notice=words)


async def _page(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    *,
    refused: Refused | None = None,
    notice: object = "",
) -> web.Response:
    return draw(
        request,
        caller,
        context,
        "sign_ups",
        status=refused.status if refused is not None else 200,
        failure=refused.reason if refused is not None else "",
        notice=notice,
        found=await list_waiting(),
        word_max=sign_ups.WORD_CHARS_MAX,
    )
