"""Who did what to run this node, for admins and owners."""

from typing import Final

from aiohttp import web

from federation.protocol.timestamps import format_time
from federation.queries.audit import DeedView, list_deeds
from node.covey_api.admin import require_operator
from node.covey_api.call import BASE
from node.covey_api.documents import Document
from node.covey_api.numbered import numbered
from node.http.routes import Endpoint, Scope


async def list_all(request: web.Request) -> web.Response:
    """The audit log, newest first; `intact` is false for a row that was tampered with."""
    require_operator(request)
    return await numbered(
        request, lambda before, limit: list_deeds(before=before, limit=limit), _deed
    )


def _deed(view: DeedView) -> Document:
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


ENDPOINTS: Final = (Endpoint("GET", f"{BASE}/admin/audit", list_all, Scope.ADMIN_READ),)
