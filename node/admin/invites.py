"""Who runs the node makes the links by which people come, and takes them back."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from aiohttp import web

from node.admin.asking import PAGE, address, asked, cut
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import deed_of, operator_form, require_operator
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller
from node.identity.sign_up_link import (
    LIFETIME_MAX,
    USES_MAX,
    create_sign_up_link,
    end_sign_up_link,
    open_sign_up_links,
)

PATH: Final = "/admin/invites"
NUMBER_DIGITS_MAX: Final = 6


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The list, the form that makes a link, and the one that takes it back."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context)

    async def create(request: web.Request) -> web.Response:
        caller, fields = await operator_form(request, context)
        uses = _number(fields, "uses", USES_MAX)
        days = _number(fields, "days", LIFETIME_MAX.days)
        if uses is None or days is None:
            wrong = context.pages.words(
                "page.admin.invites.wrong", {"uses": USES_MAX, "days": LIFETIME_MAX.days}
            )
            return await _page(request, caller, context, failure=wrong)
        _, url = await create_sign_up_link(
            context.base_url,
            uses=uses,
            lifetime=timedelta(days=days),
            entropy=context.entropy,
            by=deed_of(caller),
            now=context.now(),
        )
        return await _page(request, caller, context, made=url)

    async def revoke(request: web.Request) -> web.Response:
        caller, _ = await operator_form(request, context)
        link = request.match_info["link"]
        if not await end_sign_up_link(link, deed_of(caller), context.now()):
            gone = context.pages.words("page.admin.invites.gone")
            return await _page(request, caller, context, failure=gone)
        raise web.HTTPSeeOther(PATH)

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", PATH, create, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/{{link}}/revoke", revoke, Scope.ANYONE),
    )


def _number(fields: Mapping[str, str], name: str, most: int) -> int | None:
    """A number from 1 on that a form says; None for anything else."""
    said = fields.get(name, "").strip()
    if not (said.isascii() and said.isdigit() and len(said) <= NUMBER_DIGITS_MAX):
        return None
    return int(said) if 1 <= int(said) <= most else None


async def _page(
    request: web.Request,
    caller: Caller,
    context: AdminContext,
    *,
    failure: object = "",
    made: str = "",
) -> web.Response:
    links = await open_sign_up_links(context.now())
    after = asked(request, "after")
    begin = next((n + 1 for n, link in enumerate(links) if link.id == after), 0)
    shown, has_more = cut(links[begin : begin + PAGE + 1])
    return draw(
        request,
        caller,
        context,
        "invites",
        status=422 if failure else 200,
        failure=failure,
        made=made,
        links=shown,
        uses_max=USES_MAX,
        days_max=LIFETIME_MAX.days,
        following=address(PATH, after=shown[-1].id) if has_more else "",
        beginning=PATH if begin else "",
    )
