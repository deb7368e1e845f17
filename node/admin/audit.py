"""Who runs the node reads who did what to it, and takes the log along."""

import json
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from federation.commands.deeds import note_export
from federation.protocol.timestamps import format_time
from federation.queries.audit import FIRST, DeedView, handles, search_deeds
from node.admin.asking import PAGE, address, asked, chosen
from node.admin.context import AdminContext
from node.admin.drawing import draw
from node.admin.staff import deed_of, operator_form, require_operator
from node.http.download import send_download
from node.http.routes import Endpoint, Scope
from node.identity.caller import Caller

PATH: Final = "/admin/audit"
# What the acts of one kind begin with.
KINDS: Final = (
    *("account", "report", "held", "invite", "rule", "policy", "list", "queue", "keys", "audit"),
)
JSON_LINES: Final = "application/jsonl"
READ_AT_ONCE: Final = 500
NUMBER_DIGITS_MAX: Final = 18


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The page, and the form whose answer is the whole log."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        return await _page(request, caller, context)

    async def export(request: web.Request) -> web.StreamResponse:
        caller, _ = await operator_form(request, context)
        await note_export(deed_of(caller), context.now())
        day = context.now().date().isoformat()
        response, _ = await send_download(
            request, _write_all, name=f"covey-audit-{day}.jsonl", media_type=JSON_LINES
        )
        return response

    return (
        Endpoint("GET", PATH, show, Scope.ANYONE),
        Endpoint("POST", f"{PATH}/export", export, Scope.ANYONE),
    )


async def _write_all(take: Callable[[bytes], Awaitable[None]]) -> None:
    """Every row, newest first, one a line."""
    before: int | None = FIRST
    while before is not None:
        views, before = await search_deeds(before=before, limit=READ_AT_ONCE)
        for view in views:
            await take(json.dumps(_document(view), ensure_ascii=False).encode() + b"\n")


def _document(view: DeedView) -> dict[str, object]:
    return {
        "number": view.number,
        "at": format_time(view.at),
        "who": view.who or None,
        "face": view.face,
        "act": view.act,
        "about": view.about,
        "detail": view.detail,
        "hash": view.hash,
        "intact": view.is_intact,
    }


async def _page(request: web.Request, caller: Caller, context: AdminContext) -> web.Response:
    kind, who, before = chosen(request, "act", KINDS), asked(request, "who"), _before(request)
    views, older = await search_deeds(
        before=before, limit=PAGE, acts=f"{kind}." if kind else "", who=who.partition("@")[0]
    )
    people = await handles(sorted({view.who for view in views} - {""}))
    is_first = before == FIRST
    return draw(
        request,
        caller,
        context,
        "audit",
        found=[(view, people.get(view.who, view.who)) for view in views],
        kinds=KINDS,
        act_asked=kind,
        who_asked=who,
        is_broken=any(not view.is_intact for view in views),
        following=address(PATH, act=kind, who=who, before=str(older)) if older else "",
        beginning="" if is_first else address(PATH, act=kind, who=who),
    )


def _before(request: web.Request) -> int:
    said = asked(request, "before")
    is_number = said.isascii() and said.isdigit() and len(said) <= NUMBER_DIGITS_MAX
    return int(said) if is_number else FIRST
