"""Who runs the node finds people's accounts, and decides who may do what with theirs."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from aiohttp import web

from federation.commands import appoint, end_account
from federation.commands.appoint import RANKS, may_act_on, may_appoint
from federation.commands.deeds import By
from federation.protocol.verdict import Refused
from federation.queries.accounts import STATES, AccountView, find_account_view, search
from node.admin.asking import PAGE, address, asked, chosen, cut
from node.admin.context import AdminContext
from node.admin.disk import mebibytes
from node.admin.drawing import draw
from node.admin.staff import deed_of, operator_form, require_operator
from node.http.errors import DeclinedError
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.identity.ending import close, reset_second_factor, sign_out_everywhere

PATH: Final = "/admin/accounts"
ONE: Final = f"{PATH}/{{name}}"

# Does something to an account: its name, when, by whom, and what the form says.
Deed = Callable[[str, datetime, By, str], Awaitable[object]]


async def _appoint(name: str, now: datetime, by: By, said: str) -> object:
    return await appoint.appoint(name, said, now, by)


async def _suspend(name: str, now: datetime, by: By, said: str) -> object:
    return await close(name, end_account.suspend(name, now, by, reason=said.strip()))


async def _restore(name: str, now: datetime, by: By, _: str) -> object:
    return await end_account.restore(name, now, by)


async def _sign_out(name: str, now: datetime, by: By, _: str) -> object:
    return await sign_out_everywhere(name, now, by)


async def _reset_factor(name: str, now: datetime, by: By, _: str) -> object:
    return await reset_second_factor(name, now, by)


# The last part of the address, the field that is read, what is done, and what is said of it.
DEEDS: Final[tuple[tuple[str, str, Deed, str], ...]] = (
    ("role", "role", _appoint, "page.admin.account.role_given"),
    ("suspend", "reason", _suspend, "page.admin.account.suspended_now"),
    ("restore", "", _restore, "page.admin.account.restored_now"),
    ("sign-out", "", _sign_out, "page.admin.account.signed_out"),
    ("second-factor", "", _reset_factor, "page.admin.account.factor_gone"),
)


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The list, the page of one account, and its forms."""

    async def show_all(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _list(request, caller, context)

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context)

    forms = [_form(context, *deed) for deed in DEEDS]
    return (
        Endpoint("GET", PATH, show_all, Scope.ANYONE),
        Endpoint("GET", ONE, show, Scope.ANYONE),
        *forms,
    )


def _form(context: AdminContext, part: str, field: str, deed: Deed, told: str) -> Endpoint:
    async def act(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        said, name = fields.get(field, ""), request.match_info["name"]
        verdict = await deed(name, context.now(), deed_of(caller), said)
        if isinstance(verdict, Refused):
            return await _page(request, caller, context, refused=verdict)
        words = context.pages.words(told)
        return await _page(request, caller, context, notice=words)

    return Endpoint("POST", f"{ONE}/{part}", act, Scope.ANYONE)


async def _list(request: web.Request, caller: Caller, context: AdminContext) -> web.Response:
    text, state = asked(request, "q"), chosen(request, "state", STATES)
    role = chosen(request, "role", tuple(RANKS))
    found = await search(
        text.lstrip("@").partition("@")[0],
        state=state,
        role=role,
        after=asked(request, "after"),
        limit=PAGE + 1,
    )
    shown, has_more = cut(found)
    following = address(PATH, q=text, state=state, role=role, after=shown[-1].name if shown else "")
    return draw(
        request,
        caller,
        context,
        "accounts",
        found=shown,
        text_asked=text,
        state=state,
        role_asked=role,
        roles=tuple(RANKS),
        states=STATES,
        following=following if has_more else "",
        beginning=address(PATH, q=text, state=state, role=role) if "after" in request.query else "",
    )


async def _page(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    *,
    refused: Refused | None = None,
    notice: object = "",
) -> web.Response:
    view = await find_account_view(request.match_info["name"], context.now())
    if view is None:
        raise DeclinedError(Problem("not-found"))
    return draw(
        request,
        caller,
        context,
        "accounts",
        template="admin_account.html",
        status=refused.status if refused is not None else 200,
        failure=refused.reason if refused is not None else "",
        notice=notice,
        view=view,
        files=mebibytes(view.files_bytes),
        reason_max=end_account.REASON_MAX,
        **_may(caller, view),
    )


def _may(caller: Caller, view: AccountView) -> dict[str, object]:
    """What is offered; the commands judge it again."""
    account, is_oneself = view.account, view.account.actor_uri == caller.actor_uri
    offered = [
        role
        for role in RANKS
        if role == account.role
        or may_appoint(caller.role, account.role, role, is_oneself=is_oneself)
    ]
    is_there = account.state != "deleted"
    return {
        "is_oneself": is_oneself,
        "may_act": is_there and not is_oneself and may_act_on(caller.role, account.role),
        "roles": offered if is_there and len(offered) > 1 else (),
    }
