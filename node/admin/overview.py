"""Who runs the node sees first what needs them, and then how the node is."""

from typing import Final

from aiohttp import web

from federation.queries.held import count_held
from federation.queries.lists import list_lists
from federation.queries.overview import read_overview
from federation.queries.shields import find_shields_now
from federation.queries.sign_ups import count_waiting
from node.admin.context import AdminContext
from node.admin.disk import find_room, mebibytes
from node.admin.drawing import draw
from node.admin.reports import PATH as REPORTS
from node.admin.staff import OPERATORS, require_staff
from node.http.routes import Endpoint, Scope

PATH: Final = "/admin"


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The page; who only moderates has reports for one."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_staff(request, context)
        if caller.role not in OPERATORS:
            raise web.HTTPSeeOther(REPORTS)
        seen = await read_overview(context.now())
        room = await find_room(context.folder)
        return draw(
            request,
            caller,
            context,
            "overview",
            seen=seen,
            shields=await find_shields_now(context.now()),
            held=await count_held(),
            asking=await count_waiting(),
            worrying=sum(one.is_worrying for one in await list_lists(context.written())),
            is_restored=not context.may_send(),
            is_disk_low=room is not None and room.is_low,
            disk_free=mebibytes(room.free_bytes) if room else None,
            disk=mebibytes(room.size_bytes) if room else None,
            database=mebibytes(seen.database_bytes),
            media=mebibytes(seen.own_media_bytes),
            media_elsewhere=mebibytes(seen.remote_media_bytes),
        )

    return (Endpoint("GET", PATH, show, Scope.ANYONE),)
