"""What people have reported, for those who run the node; and what a reporter may attach.

Staff see the messages that a reporter attached, as the reporter saw them, and no others.

Source: policy.md 4; chat-ux.md 9
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.activities.flag import MESSAGES_MAX
from federation.protocol.verdict import Refused
from federation.queries.people import person_view
from federation.queries.timeline import find_message
from federation.queries.views import PersonView
from storage import actors, reports
from storage.changes import ReportedMessage
from storage.database import Row
from storage.times import from_ms, from_ms_or_none, to_ms

NO_MESSAGE: Final = Refused("One of these messages is not there, or by somebody else.", 422)
TOO_MANY: Final = Refused(f"A report has at most {MESSAGES_MAX} messages.", 422)


@dataclass(frozen=True, slots=True)
class ShownMessage:
    """A message that was attached; `text` and `published` are None where only its id is known."""

    uri: str
    text: str | None
    published: datetime | None


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report.

    Attributes:
        is_local: Whether somebody here made it.
        is_forwarded: Whether the server of the accused was told as well.
        closed_by: Who closed it; None while it is open.
    """

    id: str
    reporter: PersonView
    accused: PersonView
    is_local: bool
    is_forwarded: bool
    comment: str
    messages: tuple[ShownMessage, ...]
    created_at: datetime
    closed_at: datetime | None
    closed_by: PersonView | None


async def attached(
    person: str, accused: str, message_ids: Sequence[str]
) -> tuple[ReportedMessage, ...] | Refused:
    """Messages of somebody, as a person sees them.

    Args:
        person: Who attaches them.
        accused: Whose they must be.
        message_ids: Our ids.
    """
    wanted = tuple(dict.fromkeys(message_ids))
    if len(wanted) > MESSAGES_MAX:
        return TOO_MANY
    found: list[ReportedMessage] = []
    for message_id in wanted:
        view = await find_message(person, message_id)
        if view is None or view.author.uri != accused:
            return NO_MESSAGE
        found.append(ReportedMessage(view.uri, view.text, to_ms(view.placed_at)))
    return tuple(found)


async def list_reports(*, is_closed: bool, before: str, limit: int) -> tuple[ReportView, ...]:
    """Open or closed reports, newest first."""
    return await _views(await reports.listed(is_closed=is_closed, before=before, limit=limit))


async def find_report(report_id: str) -> ReportView | None:
    """One report."""
    row = await reports.find(report_id)
    return (await _views([row]))[0] if row is not None else None


async def _views(rows: Sequence[Row]) -> tuple[ReportView, ...]:
    named = {row[side] for row in rows for side in ("reporter_uri", "accused_uri", "closed_by")}
    known = await actors.find_actors(sorted(named - {""})) if rows else {}
    people = {uri: person_view(actor) for uri, actor in known.items()}
    return tuple([_view(row, people) for row in rows])


def _view(row: Row, people: dict[str, PersonView]) -> ReportView:
    def person(uri: str) -> PersonView:
        return people.get(uri, PersonView("", uri, ""))

    return ReportView(
        id=row["id"],
        reporter=person(row["reporter_uri"]),
        accused=person(row["accused_uri"]),
        is_local=bool(row["local"]),
        is_forwarded=bool(row["forwarded"]),
        comment=row["comment"],
        messages=tuple(
            ShownMessage(one.uri, one.text, from_ms_or_none(one.published_at))
            for one in reports.messages_of(row)
        ),
        created_at=from_ms(row["created_at"]),
        closed_at=from_ms_or_none(row["closed_at"]),
        closed_by=person(row["closed_by"]) if row["closed_by"] else None,
    )
