"""Who runs the node sees who takes how much room with files; of what is in them it says nothing."""

from typing import Final

from aiohttp import web

from federation.queries.media_use import list_users, read_use
from node.admin.asking import PAGE, address, asked, cut
from node.admin.context import AdminContext
from node.admin.disk import mebibytes
from node.admin.drawing import draw
from node.admin.staff import require_operator
from node.http.routes import Endpoint, Scope

PATH: Final = "/admin/media"
NUMBER_DIGITS_MAX: Final = 9


def endpoints(context: AdminContext) -> tuple[Endpoint, ...]:
    """The page."""

    async def show(request: web.Request) -> web.Response:
        caller = await require_operator(request, context)
        said = asked(request, "from")
        is_number = said.isascii() and said.isdigit() and len(said) <= NUMBER_DIGITS_MAX
        begin = int(said) if is_number else 0
        shown, has_more = cut(await list_users(begin=begin, limit=PAGE + 1))
        use = await read_use(context.now())
        return draw(
            request,
            caller,
            context,
            "media",
            users=[(one, mebibytes(one.size_bytes)) for one in shown],
            use=use,
            own=mebibytes(use.own_bytes),
            remote=mebibytes(use.remote_bytes),
            room=mebibytes(context.remote_room_bytes),
            unsent=mebibytes(use.unsent_bytes),
            following=address(PATH, **{"from": str(begin + PAGE)}) if has_more else "",
            beginning=PATH if begin else "",
        )

    return (Endpoint("GET", PATH, show, Scope.ANYONE),)
