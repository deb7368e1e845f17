"""Another server, or somebody there, reports a person of this node.

Ids are kept and no text: nobody here is shown a message because somebody elsewhere names it.

Source: security.md 4.1 (Flag); policy.md 4
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from federation.activities.kind import ActivityKind, Shape
from federation.activities.situation import Situation
from federation.protocol import json_ld, uri
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import AddReport, Change, ReportedMessage

MESSAGES_MAX: Final = 20
# Of one sender, within the time.
REPORTS_MAX: Final = 10
WITHIN: Final = timedelta(hours=24)

TOO_MANY: Final = Refused("That is enough reports for one day.", 429, retry_after_s=3600)


@dataclass(frozen=True, slots=True)
class Accusation:
    """Who is reported, and what else is named.

    Attributes:
        named: The ids, in their order.
    """

    activity: Activity
    named: tuple[str, ...]


def named_in(activity: Activity) -> tuple[str, ...]:
    """The ids that a Flag is about, as far as they are well-formed and not too many."""
    found = json_ld.ids_of(activity.object)[: MESSAGES_MAX + 1]
    return tuple(dict.fromkeys(one for text in found if (one := _canonical(text))))


def _canonical(text: str) -> str:
    try:
        return uri.canonical(text, allow_http=True)
    except RemoteProtocolError:
        return ""


def read(activity: Activity) -> Accusation:
    """Understand a Flag.

    Raises:
        RemoteProtocolError: It names nothing.
    """
    named = named_in(activity)
    if not named:
        raise RemoteProtocolError("a Flag names what it is about")
    return Accusation(activity, named)


def authorize(said: Accusation, situation: Situation) -> Allowed | Refused:
    """Anybody may report somebody who is here, so many times a day."""
    if not _accused(said, situation):
        return Refused("nobody here has that id", status=404)
    return may_report(situation)


def may_report(situation: Situation) -> Allowed | Refused:
    """Whether the speaker has not reported too much already."""
    return TOO_MANY if situation.reports_lately >= REPORTS_MAX else Allowed()


def apply(said: Accusation, situation: Situation) -> Sequence[Change]:
    """Keep who is accused, and which messages of this node are named."""
    accused = _accused(said, situation)
    messages = [one for one in said.named if one != accused and situation.is_local(one)]
    report = AddReport(
        id=situation.new_id(),
        reporter=said.activity.actor,
        accused=accused,
        messages=tuple([ReportedMessage(one) for one in messages[:MESSAGES_MAX]]),
        comment="",
        is_local=False,
        is_forwarded=False,
        at=situation.now,
    )
    return (report,)


def _accused(said: Accusation, situation: Situation) -> str:
    """The first person of this node among what is named, or ""."""
    found = [situation.actors[one] for one in said.named if one in situation.actors]
    here = [one.uri for one in found if one.local and one.kind == "person" and not one.is_deleted]
    return here[0] if here else ""


KINDS: Final = (
    ActivityKind(Shape("Flag", "", "server"), read, authorize, apply),
    ActivityKind(Shape("Flag", "", "person"), read, authorize, apply),
)
