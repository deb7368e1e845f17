"""Who did what to run this node, for admins and owners."""

from typing import Final

from aiohttp import web

from federation.protocol.timestamps import format_time
from federation.queries.audit import FIRST, list_deeds
from node.covey_api.admin import require_operator
from node.covey_api.call import BASE, services_of
from node.covey_api.documents import items
from node.http.cursors import CURSORS
from node.http.paging import link_header, read_page
from node.http.routes import Endpoint, Scope


async def list_all(request: web.Request) -> web.Response:
    """The audit log, newest first; `intact` is false for a row that was tampered with."""
    require_operator(request)
    page, cursors = read_page(request), request.app[CURSORS]
    before = cursors.read(page.before) if page.before else FIRST
    views, cursor = await list_deeds(before=before, limit=page.limit)
    older = cursors.write(cursor) if cursor is not None else ""
    shown = [
        {
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
        for view in views
    ]
    return items(shown, link=link_header(services_of(request).space.base_url, request, older=older))


ENDPOINTS: Final = (Endpoint("GET", f"{BASE}/admin/audit", list_all, Scope.ADMIN_READ),)
