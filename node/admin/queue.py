"""Who runs the node sees what waits and why, tries it again, or gives it up."""

from datetime import datetime
from typing import Final

from aiohttp import web

from federation.commands import queue_orders
from federation.commands.queue_orders import Ordered
from federation.queries import deliveries
from node.admin.asking import PAGE, address, asked, cut
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import deed_of, operator_form, require_operator
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = "/admin/queue"


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The page, and the two forms that stand at each row and each server."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context)

    async def retry(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        chosen = fields.get("id", "")
        done = await queue_orders.retry(
            (chosen,) if chosen else (),
            host=fields.get("host", ""),
            every_parked="parked" in fields,
            now=context.now(),
            by=deed_of(caller),
        )
        return await _done(request, caller, context, "page.admin.queue.retried", done)

    async def drop(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        chosen = fields.get("id", "")
        done = await queue_orders.drop(
            (chosen,) if chosen else (),
            host=fields.get("host", ""),
            now=context.now(),
            by=deed_of(caller),
        )
        return await _done(request, caller, context, "page.admin.queue.dropped", done)

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/retry", retry, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/drop", drop, Scope.ANYONE),
    )


async def _done(
    request: web.Request, caller: Caller, context: AdminContext, told: str, done: Ordered
) -> web.Response:
    words = context.pages.words
    if not done.total:
        return await _page(request, caller, context, failure=words("page.admin.queue.nothing"))
    return await _page(request, caller, context, notice=words(told, {"n": done.total}))


async def _page(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    *,
    failure: object = "",
    notice: object = "",
) -> web.Response:
    host, after = asked(request, "host").lower(), asked(request, "after")
    found = await deliveries.list_queue(after=after, host=host, limit=PAGE + 1)
    shown, has_more = cut(found)
    counts = await deliveries.count_queue()
    return draw(
        request,
        caller,
        context,
        "queue",
        status=409 if failure else 200,
        failure=failure,
        notice=notice,
        host=host,
        rows=shown,
        waiting=counts.rows.get("pending", 0) + counts.rows.get("sending", 0),
        parked=counts.rows.get("parked", 0),
        oldest_at=counts.oldest_at,
        hosts=() if host or after else await deliveries.list_owed(),
        set_aside=() if host or after else await deliveries.list_set_aside(),
        is_due=_is_past(context.now()),
        following=address(PATH, host=host, after=shown[-1].id) if has_more else "",
        beginning=address(PATH, host=host) if after else "",
    )


def _is_past(now: datetime) -> object:
    return lambda at: at is not None and at <= now
