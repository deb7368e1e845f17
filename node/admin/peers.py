"""Who runs the node sees how it is with other servers, tries one again, and keeps one out."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from federation.commands import block_domain, keep_out, queue_orders
from federation.commands.block_domain import Consequences
from federation.commands.keep_out import Reasons
from federation.policy.domains import read_domain
from federation.protocol.verdict import Refused
from federation.queries.peers import find_server, search
from federation.queries.policy import list_blocked
from node.admin.asking import PAGE, address, asked, chosen, cut
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import deed_of, operator_form, require_operator
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = "/admin/peers"
ONE: Final = f"{PATH}/{{host}}"
FAILING: Final = "failing"
BLOCKED: Final = "blocked"
STATES: Final = (FAILING, BLOCKED)


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The list, the page of one server, and its forms."""

    async def show_all(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        if asked(request, "state") == BLOCKED:
            return await _blocked(request, caller, context)
        return await _list(request, caller, context)

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context)

    return (
        Endpoint("GET", PATH, show_all, Scope.ANYONE),
        Endpoint("GET", ONE, show, Scope.ANYONE),
        *_forms(context),
    )


def _forms(context: AdminContext) -> tuple[Endpoint, ...]:
    words = context.pages.words

    async def retry(request: web.Request) -> web.Response:
        caller, _ = await operator_form(request, context)
        host, _domain = _host(request)
        done = await queue_orders.retry(host=host, now=context.now(), by=deed_of(caller))
        notice = words("page.admin.peer.retried", {"n": done.deliveries})
        return await _page(request, caller, context, notice=notice)

    async def block(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        _, domain = _host(request)
        refused = await _unsure(domain, fields, context)
        if refused is not None:
            return await _page(request, caller, context, failure=refused)
        reasons = Reasons(fields.get("public", "").strip(), fields.get("private", "").strip())
        done = await keep_out.keep_out(context.desk, domain, reasons, deed_of(caller))
        if isinstance(done, Refused):
            return await _page(request, caller, context, failure=done.reason, status=done.status)
        return await _page(request, caller, context, notice=words("page.admin.peer.blocked_now"))

    async def unblock(request: web.Request) -> web.Response:
        caller, _ = await operator_form(request, context)
        _, domain = _host(request)
        done = await block_domain.unblock(
            domain, new_id=context.entropy.new_id, now=context.now(), by=deed_of(caller)
        )
        if isinstance(done, Refused):
            return await _page(request, caller, context, failure=done.reason, status=done.status)
        return await _page(request, caller, context, notice=words("page.admin.peer.unblocked_now"))

    return (
        Endpoint("POST", f"{ONE}/retry", retry, Scope.ANYONE),
        Endpoint("POST", f"{ONE}/block", block, Scope.ANYONE),
        Endpoint("POST", f"{ONE}/unblock", unblock, Scope.ANYONE),
    )


def _host(request: web.Request) -> tuple[str, str]:
    """The host that an address names, and its domain.

    Raises:
        DeclinedError: It is no domain.
    """
    host = request.match_info["host"].lower()
    domain = read_domain(host.partition(":")[0])
    if isinstance(domain, Refused):
        raise DeclinedError(Problem("not-found"))
    port = host.partition(":")[2]
    return (f"{domain}:{port}" if port else domain), domain


async def _unsure(domain: str, fields: Mapping[str, str], context: AdminContext) -> object:
    """Why a block is not done yet: people are in touch, and the domain was not typed. Or None."""
    told = await block_domain.foresee(domain, context.desk.space)
    is_sure = fields.get("domain", "").strip().lower() == domain
    if is_sure or isinstance(told, Refused) or not (told.removed or told.leaving):
        return None
    return context.pages.words("page.admin.peer.type_it")


async def _list(request: web.Request, caller: Caller, context: AdminContext) -> web.Response:
    text, state = asked(request, "q").lower(), chosen(request, "state", STATES)
    found = await search(
        text, only_failing=state == FAILING, after=asked(request, "after"), limit=PAGE + 1
    )
    shown, has_more = cut(found)
    last = shown[-1].health.host if shown else ""
    unknown = read_domain(text) if text and not found else ""
    return draw(
        request,
        caller,
        context,
        "peers",
        found=shown,
        blocked=(),
        text_asked=text,
        state=state,
        unknown=unknown if isinstance(unknown, str) else "",
        following=address(PATH, q=text, state=state, after=last) if has_more else "",
        beginning=address(PATH, q=text, state=state) if "after" in request.query else "",
    )


async def _blocked(request: web.Request, caller: Caller, context: AdminContext) -> web.Response:
    text, after = asked(request, "q").lower(), asked(request, "after")
    held = [one for one in await list_blocked() if text in one.domain and one.domain > after]
    shown, has_more = cut(held[: PAGE + 1])
    following = address(PATH, q=text, state=BLOCKED, after=shown[-1].domain if shown else "")
    return draw(
        request,
        caller,
        context,
        "peers",
        found=(),
        blocked=shown,
        text_asked=text,
        state=BLOCKED,
        unknown="",
        following=following if has_more else "",
        beginning=address(PATH, q=text, state=BLOCKED) if after else "",
    )


async def _page(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    *,
    status: int = 422,
    failure: object = "",
    notice: object = "",
) -> web.Response:
    host, domain = _host(request)
    view = await find_server(host, domain, context.rules())
    # Counting costs, so it is done for who thinks of it, and for who is asked once more.
    is_asked = bool(asked(request, "block") or failure) and view.block is None
    told = await block_domain.foresee(domain, context.desk.space) if is_asked else None
    return draw(
        request,
        caller,
        context,
        "peers",
        template="admin_peer.html",
        status=status if failure else 200,
        failure=failure,
        notice=notice,
        view=view,
        domain=domain,
        counted=_counted(told) if isinstance(told, Consequences) else None,
        reason_max=block_domain.REASON_MAX,
        private_max=keep_out.PRIVATE_MAX,
    )


def _counted(told: Consequences) -> dict[str, int]:
    return {
        "removed": len(told.removed),
        "groups_here": len({one.conversation_id for one in told.removed}),
        "leaving": len(told.leaving),
        "groups_there": len({one.conversation_id for one in told.leaving}),
        "waiting": told.waiting,
    }
