"""Who runs the node sees what lists of other servers say, and adopts it."""

from typing import Final

from aiohttp import web

from federation.commands import lists
from federation.commands.lists import Outcome
from federation.policy.lists.subscribed import Difference
from federation.policy.problem import Unreadable
from federation.protocol.verdict import Refused
from federation.queries.audit import deeds_about
from federation.queries.lists import ListView, list_lists
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import deed_of, operator_form, require_operator
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = "/admin/lists"
ONE: Final = f"{PATH}/{{list}}"
ENTRIES_SHOWN: Final = 100
DEEDS_SHOWN: Final = 20


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """All lists, one with what waits on it, and its forms."""
    words = context.pages.words

    async def show_all(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        found = await list_lists(context.written())
        return draw(request, caller, context, "lists", found=found)

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context)

    async def read(request: web.Request) -> web.Response:
        caller, _ = await operator_form(request, context)
        view = await _view(request, context)
        await lists.read_soon([view.row.id], context.now())
        return await _page(request, caller, context, notice=words("page.admin.list.soon"))

    async def adopt(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        view = await _view(request, context)
        if view.wish is None:
            raise DeclinedError(Problem("not-found"))
        only = [fields["only"]] if fields.get("only") else None
        ground = context.ground(deed_of(caller), dry_run=False)
        done = await lists.adopt(view.wish, ground, only)
        if isinstance(done, Refused):
            return await _page(request, caller, context, failure=done.reason, status=done.status)
        if isinstance(done, Unreadable):
            return await _page(request, caller, context, failure=str(done.problems[0]))
        notice = words("page.admin.list.adopted", {"n": done.taken})
        return await _page(request, caller, context, notice=notice)

    return (
        Endpoint("GET", PATH, show_all, Scope.ANYONE),
        Endpoint("GET", ONE, show, Scope.ANYONE),
        Endpoint("POST", f"{ONE}/read", read, Scope.ANYONE),
        Endpoint("POST", f"{ONE}/adopt", adopt, Scope.ANYONE),
    )


async def _view(request: web.Request, context: AdminContext) -> ListView:
    name = request.match_info["list"]
    for one in await list_lists(context.written()):
        if one.row.id == name:
            return one
    raise DeclinedError(Problem("not-found"))


async def _page(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    *,
    status: int = 422,
    failure: object = "",
    notice: object = "",
) -> web.Response:
    view = await _view(request, context)
    waits: Difference | Refused = Difference()
    ends: Outcome | None = None
    if view.wish is not None:
        waits = await lists.what_waits(view.wish, context.own_hosts)
        ends = await _preview(view, caller, context)
    told = waits if isinstance(waits, Difference) else Difference()
    return draw(
        request,
        caller,
        context,
        "lists",
        template="admin_list.html",
        status=status if failure else 200,
        failure=failure,
        notice=notice,
        view=view,
        waits=told,
        shown=ENTRIES_SHOWN,
        parted=ends.changed.parted if ends is not None else None,
        waiting=ends.changed.waiting if ends is not None else 0,
        deeds_done=await deeds_about(view.row.id, "list.", limit=DEEDS_SHOWN),
    )


async def _preview(view: ListView, caller: Caller, context: AdminContext) -> Outcome | None:
    """What adopting all of it would end."""
    if view.wish is None or not view.row.draft_count:
        return None
    ground = context.ground(deed_of(caller), dry_run=True)
    done = await lists.adopt(view.wish, ground)
    return done if isinstance(done, Outcome) else None
