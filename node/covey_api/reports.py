"""People report others; who moderates the node reads that and closes it."""

from typing import Final

from aiohttp import web

from federation.commands import report
from federation.commands.deeds import by_caller
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused
from federation.queries.reports import ReportView, attached, find_report, list_reports
from node.covey_api.call import BASE, Call, caller_of, declined, done, found, read_call, services_of
from node.covey_api.documents import Document, answer, items, person
from node.http.errors import DeclinedError
from node.http.paging import link_header, read_page
from node.http.problem import Problem
from node.http.routes import Endpoint, Scope

ALL: Final = f"{BASE}/admin/reports"
ONE: Final = f"{ALL}/{{report}}"
STATES: Final = {"": False, "open": False, "closed": True}
STAFF: Final = frozenset({"moderator", "admin", "owner"})
NOT_ALLOWED: Final = Refused("This is for the people who moderate this node.", 403)


async def make(request: web.Request) -> web.Response:
    """Report somebody, with the messages of theirs that one wants to show."""
    call = await read_call(request)
    reporter, desk = call.caller.actor_uri, call.services.desk
    forwards = _forwards(call)
    accused = done(await report.find_accused(desk, reporter, call.text("acct")))
    messages = done(await attached(reporter, accused, call.texts_or_none("message_ids")))
    wanted = report.Wanted(accused, messages, call.text_or_none("comment"), forwards)
    made = done(await report.report(desk, reporter, wanted, once=call.once))
    view = found(await find_report(made.resource))
    shown = {
        "id": view.id,
        "accused": person(view.accused),
        "comment": view.comment,
        "messages": len(view.messages),
        "forwarded": view.is_forwarded,
        "created": format_time(view.created_at),
    }
    return answer(shown, status=201)


async def list_all(request: web.Request) -> web.Response:
    """Open reports, newest first, without the messages' texts; `state=closed` for the others."""
    require_staff(request)
    page, state = read_page(request), request.query.get("state", "")
    if state not in STATES:
        raise DeclinedError(Problem("bad-request", "state is open or closed."))
    views = await list_reports(is_closed=STATES[state], before=page.before, limit=page.limit)
    older = views[-1].id if len(views) == page.limit else ""
    link = link_header(services_of(request).space.base_url, request, older=older)
    return items((_shown(view) for view in views), link=link)


async def show(request: web.Request) -> web.Response:
    """One report with the messages that its reporter chose to show; the look is written down."""
    require_staff(request)
    report_id, now = request.match_info["report"], services_of(request).clock()
    done(await report.look(report_id, by_caller(caller_of(request).actor_uri), now))
    view = found(await find_report(report_id))
    return answer(_with_texts(view))


async def close(request: web.Request) -> web.Response:
    """Close a report."""
    require_staff(request)
    report_id = request.match_info["report"]
    now = services_of(request).clock()
    done(await report.close(report_id, by_caller(caller_of(request).actor_uri), now))
    return answer(_shown(found(await find_report(report_id))))


def require_staff(request: web.Request) -> None:
    """Go on only for a moderator, admin or owner.

    Raises:
        DeclinedError: The caller is none of them.
    """
    if caller_of(request).role not in STAFF:
        raise declined(NOT_ALLOWED)


def _forwards(call: Call) -> bool:
    value = call.body.get("forward")
    if value is not None and not isinstance(value, bool):
        raise DeclinedError(Problem("unprocessable", "forward must be true or false."))
    return bool(value)


def _shown(view: ReportView) -> Document:
    return {
        "id": view.id,
        "reporter": person(view.reporter),
        "accused": person(view.accused),
        "local": view.is_local,
        "comment": view.comment,
        "messages": [{"uri": one.uri} for one in view.messages],
        "forwarded": view.is_forwarded,
        "created": format_time(view.created_at),
        "closed": format_time(view.closed_at) if view.closed_at is not None else None,
        "closed_by": person(view.closed_by) if view.closed_by is not None else None,
    }


def _with_texts(view: ReportView) -> Document:
    shown = [
        {
            "uri": one.uri,
            "text": one.text,
            "published": format_time(one.published) if one.published is not None else None,
        }
        for one in view.messages
    ]
    return {**_shown(view), "messages": shown}


ENDPOINTS: Final = (
    Endpoint("POST", f"{BASE}/reports", make, Scope.WRITE_REPORTS),
    Endpoint("GET", ALL, list_all, Scope.ADMIN_READ_REPORTS),
    Endpoint("GET", ONE, show, Scope.ADMIN_READ_REPORTS),
    Endpoint("POST", f"{ONE}/close", close, Scope.ADMIN_WRITE_REPORTS),
)
