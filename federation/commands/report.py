"""A person tells those who run the node about somebody; and a report is closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.commands.deeds import By, note
from federation.commands.desk import Desk, Made, submit
from federation.commands.people import find_known, find_person
from federation.pipeline.item import Once, ReportPerson
from federation.protocol.verdict import Allowed, Refused
from storage import reports
from storage.changes import ReportedMessage
from storage.database import transaction

COMMENT_MAX: Final = 1000

ONESELF: Final = Refused("You cannot report yourself.", 422)
TOO_LONG: Final = Refused(f"A comment has at most {COMMENT_MAX} characters.", 422)
NO_REPORT: Final = Refused("There is no such report.", 404)
CLOSED: Final = Refused("The report is closed already.", 409)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody reports.

    Attributes:
        accused: Whom, by id.
        messages: What they show of it; nobody who runs the node sees more.
        forwards: Whether the server of the accused is told which messages it is about.
    """

    accused: str
    messages: tuple[ReportedMessage, ...]
    comment: str
    forwards: bool


async def find_accused(desk: Desk, person: str, acct: str) -> str | Refused:
    """The id of whom a report is about. Who was met is not asked for again."""
    known = await find_known(desk, acct)
    found = known if known is not None else await find_person(desk, acct)
    if isinstance(found, Refused):
        return found
    return ONESELF if found.uri == person else found.uri


async def report(
    desk: Desk, person: str, wanted: Wanted, *, once: Once | None = None
) -> Made | Refused:
    """Keep a report; answers its id."""
    if len(wanted.comment) > COMMENT_MAX:
        return TOO_LONG
    wish = ReportPerson(
        author=person,
        report_id=desk.entropy.new_id(),
        person=wanted.accused,
        messages=wanted.messages,
        comment=wanted.comment,
        forwards=wanted.forwards,
        once=once,
    )
    return await submit(desk, wish)


async def look(report_id: str, by: By, now: datetime) -> Allowed | Refused:
    """Write down that somebody is shown the messages of a report."""
    async with transaction():
        if await reports.find(report_id) is None:
            return NO_REPORT
        await note(by, "report.shown", report_id, now)
    return Allowed()


async def close(report_id: str, by: By, now: datetime) -> Allowed | Refused:
    """Close a report, in the name of who has dealt with it."""
    async with transaction():
        if await reports.find(report_id) is None:
            return NO_REPORT
        if not await reports.close(report_id, by.who, now):
            return CLOSED
        await note(by, "report.closed", report_id, now)
    return Allowed()
