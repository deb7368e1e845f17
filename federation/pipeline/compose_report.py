"""PURE: a report of somebody here, and the Flag by which another server hears of it."""

from typing import Final

from federation.activities import flag
from federation.activities.sending import own, own_id
from federation.activities.situation import Situation
from federation.pipeline.compose import Composed
from federation.pipeline.item import ReportPerson
from federation.protocol.build import report as build
from federation.protocol.verdict import Refused
from storage.changes import AddReport, Change, Send

NOBODY: Final = Refused("nobody has that address", status=404)


def report(draft: ReportPerson, situation: Situation) -> Composed | Refused:
    """Keep a report with what the reporter chose to show, and pass its ids on if they wish."""
    accused = situation.actors.get(draft.person)
    if accused is None or accused.kind != "person" or draft.person == draft.author:
        return NOBODY
    verdict = flag.may_report(situation)
    if isinstance(verdict, Refused):
        return verdict
    changes: list[Change] = []
    if draft.forwards and not accused.local:
        document = build.flag(
            situation.space.instance,
            draft.person,
            [message.uri for message in draft.messages],
            activity_id=own_id(situation.space.instance, situation),
            published=situation.now,
        )
        changes += own(document, [draft.person], situation)
    kept = AddReport(
        id=draft.report_id,
        reporter=draft.author,
        accused=draft.person,
        messages=draft.messages,
        comment=draft.comment,
        is_local=True,
        is_forwarded=any(isinstance(one, Send) for one in changes),
        at=situation.now,
    )
    return Composed(draft.report_id, changes=(*changes, kept))
