"""Who moderates the node reads what people have reported: what a reporter attached, and no more."""

from typing import Final

from aiohttp import web

from federation.commands import report
from federation.protocol.uri import host_of
from federation.protocol.verdict import Refused
from federation.queries.audit import deeds_about
from federation.queries.reports import ReportView, find_report, list_reports
from node.admin.asking import PAGE, address, asked, chosen, cut
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import deed_of, require_staff, staff_form
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = "/admin/reports"
ONE: Final = f"{PATH}/{{report}}"
CLOSED: Final = "closed"
DEEDS_SHOWN: Final = 20


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The list, one report, its messages for who asks for them, and the form that closes it."""

    async def show_all(request: web.Request) -> web.Response:
        caller = await require_staff(request, context)
        return await _list(request, caller, context)

    async def show(request: web.Request) -> web.Response:
        caller = await require_staff(request, context)
        return await _page(request, caller, context)

    async def look(request: web.Request) -> web.Response:
        caller, _ = await staff_form(request, context)
        verdict = await report.look(request.match_info["report"], deed_of(caller), context.now())
        if isinstance(verdict, Refused):
            raise DeclinedError(Problem("not-found"))
        return await _page(request, caller, context, with_texts=True)

    async def close(request: web.Request) -> web.Response:
        caller, _ = await staff_form(request, context)
        verdict = await report.close(request.match_info["report"], deed_of(caller), context.now())
        if isinstance(verdict, Refused):
            return await _page(request, caller, context, refused=verdict)
        raise web.HTTPSeeOther(PATH)

    return (
        Endpoint("GET", PATH, show_all, Scope.ANYONE),
        Endpoint("GET", ONE, show, Scope.ANYONE),
        Endpoint("POST", f"{ONE}/messages", look, Scope.ANYONE),
        Endpoint("POST", f"{ONE}/close", close, Scope.ANYONE),
    )


async def _list(request: web.Request, caller: Caller, context: AdminContext) -> web.Response:
    state = chosen(request, "state", (CLOSED,))
    before = asked(request, "before")
    found = await list_reports(is_closed=bool(state), before=before, limit=PAGE + 1)
    shown, has_more = cut(found)
    following = address(PATH, state=state, before=shown[-1].id if shown else "")
    return draw(
        request,
        caller,
        context,
        "reports",
        found=shown,
        state=state,
        following=following if has_more else "",
        beginning=address(PATH, state=state) if before else "",
    )


async def _page(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    *,
    refused: Refused | None = None,
    with_texts: bool = False,
) -> web.Response:
    view = await find_report(request.match_info["report"])
    if view is None:
        raise DeclinedError(Problem("not-found"))
    return draw(
        request,
        caller,
        context,
        "reports",
        template="admin_report.html",
        status=refused.status if refused is not None else 200,
        failure=refused.reason if refused is not None else "",
        view=view,
        # SECURITY: without the deed in the log no text goes to the template; test_reports.py.
        texts=view.messages if with_texts else (),
        attached=len(view.messages),
        deeds_done=await deeds_about(view.id, "report.", limit=DEEDS_SHOWN),
        **_whose(view, context),
    )


def _whose(view: ReportView, context: AdminContext) -> dict[str, object]:
    """Where one goes on with whom the report is about."""
    uri = view.accused.uri
    is_local = uri.startswith(f"{context.base_url}/")
    return {
        "accused_name": view.accused.acct.partition("@")[0] if is_local else "",
        "accused_host": "" if is_local else host_of(uri),
    }
