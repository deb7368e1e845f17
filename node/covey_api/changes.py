"""What became of a group while the caller was in it."""

from typing import Final

from aiohttp import web

from federation.protocol.timestamps import format_time
from federation.queries.changes import EPOCH_MAX, ChangeView, list_changes
from node.covey_api.call import caller_of, found
from node.covey_api.conversations import ONE
from node.covey_api.documents import Document, items, person
from node.http.errors import DeclinedError
from node.http.paging import read_page
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

DIGITS_MAX: Final = 9


async def list_all(request: web.Request) -> web.Response:
    """The newest changes, or those below the epoch `before`; oldest first."""
    page = read_page(request)
    views = await list_changes(
        caller_of(request).actor_uri,
        request.match_info["id"],
        before=_epoch(page.before),
        limit=page.limit,
    )
    return items(_shown(view) for view in found(views))


def _epoch(before: str) -> int:
    if not before:
        return EPOCH_MAX
    if not (before.isascii() and before.isdigit() and len(before) <= DIGITS_MAX):
        raise DeclinedError(Problem("bad-request", "before is an epoch."))
    return int(before)


def _shown(view: ChangeView) -> Document:
    return {
        "epoch": view.epoch,
        "at": format_time(view.at),
        "kind": view.kind,
        "person": person(view.person) if view.person is not None else None,
        "by": person(view.by) if view.by is not None else None,
        "role": view.role or None,
        "title": view.title or None,
    }


ENDPOINTS: Final = (Endpoint("GET", f"{ONE}/changes", list_all, Scope.READ_GROUPS),)
