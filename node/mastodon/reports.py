"""The caller tells those who run the node about somebody."""

from typing import Final

from aiohttp import web

from federation.commands import report
from federation.protocol.timestamps import format_time
from federation.queries.client_pages import find_numbered
from federation.queries.numbered import faces_by_number, number_of_report
from federation.queries.reports import attached
from node.http.fields import read_fields
from node.http.routes import Endpoint, Scope
from node.mastodon.answers import done, found, told
from node.mastodon.call import caller_of, is_on, number_of, numbers_in, services_of
from node.mastodon.context import MastodonContext, bound
from node.mastodon.entities.account import account
from node.mastodon.entities.site import Site

PATH: Final = "/api/v1/reports"


def endpoints(context: MastodonContext) -> tuple[Endpoint, ...]:
    """POST /api/v1/reports."""
    return (Endpoint("POST", PATH, bound(_make, context.site), Scope.WRITE_REPORTS),)


async def _make(request: web.Request, site: Site) -> web.Response:
    said, services = await read_fields(request), services_of(request)
    person = caller_of(request).actor_uri
    number = found(number_of(said.text("account_id")))
    faces = await faces_by_number([number], services.space)
    accused = found(faces[0] if faces and not faces[0].is_group else None)
    asked = numbers_in(said.texts("status_ids"))
    views = await find_numbered(person, asked)
    messages = done(await attached(person, accused.uri, [view.id for view in views]))
    forwards = is_on(said, "forward") and not accused.is_local
    wanted = report.Wanted(accused.uri, messages, said.text("comment"), forwards)
    if accused.uri == person:
        done(report.ONESELF)
    made = done(await report.report(services.desk, person, wanted))
    return told(
        {
            "id": str(number_of_report(made.resource)),
            "action_taken": False,
            "action_taken_at": None,
            "category": "other",
            "comment": wanted.comment,
            "forwarded": forwards,
            "created_at": format_time(services.clock()),
            "status_ids": [str(each) for each in asked],
            "rule_ids": [],
            "target_account": account(accused, site),
        }
    )
