"""What became of a group: who came, went or got another role, what it is called, and by whom.

Source: groups-protocol.md 4.1; chat-ux.md 3, "Room"
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from federation.groups.chain import StateChange, read_change
from federation.groups.effect import Ended, Founded, Redescribed, RoleGiven, RoleTaken
from federation.groups.state import OUTCAST
from federation.protocol.parse import parse_activity
from federation.queries.views import PersonView
from storage import actors, memberships, state_pages
from storage.conversation_lists import find_standing
from storage.database import Row, together

# More epochs than a group can have.
EPOCH_MAX: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change of a group.

    Attributes:
        kind: created, joined, left, removed, banned, unbanned, role, title, picture, settings,
            closed or moved.
        person: Whom it is about, if anybody.
        by: Who asked for it, or invited the person; None where nobody is named.
        role: What the person is from then on, or "".
        title: What the group is called from then on, where that changed.
    """

    epoch: int
    at: datetime
    kind: str
    person: PersonView | None
    by: PersonView | None
    role: str
    title: str


@together
async def list_changes(
    person: str, conversation_id: str, *, before: int = EPOCH_MAX, limit: int
) -> tuple[ChangeView, ...] | None:
    """The newest changes below an epoch, oldest first; None where the person has no place there."""
    if await find_standing(conversation_id, person) is None:
        return None
    rows = await state_pages.before(conversation_id, person, before, limit=limit)
    starts = {
        (span["actor_uri"], span["from_epoch"])
        for span in (await memberships.spans([conversation_id]) if rows else [])
    }
    told = [_told(row, starts) for row in reversed(rows)]
    named = {uri for one in told for uri in (one.person, one.by) if uri}
    known = await actors.find_actors(sorted(named)) if named else {}
    return tuple(_shown(one, known) for one in told)


@dataclass(frozen=True, slots=True)
class _Told:
    """A change with ids in place of people."""

    change: StateChange
    kind: str
    person: str = ""
    by: str = ""
    role: str = ""
    title: str = ""


def _told(row: Row, starts: Collection[tuple[str, int]]) -> _Told:
    document = msgspec.json.decode(row["document"])
    change = read_change(parse_activity(document, allow_http=True))
    asked = next((basis.actor for basis in change.basis if basis.actor), "")
    match change.effect:
        case Founded(members=members):
            return _Told(change, "created", by=next(iter(members), ""), title=row["title"])
        case RoleGiven(subject=subject, role=role):
            if role != OUTCAST and (subject, change.epoch) in starts:
                return _Told(change, "joined", subject, _inviter(change), role)
            return _Told(change, "banned" if role == OUTCAST else "role", subject, asked, role)
        case RoleTaken(subject=subject, role=role):
            is_own = asked == subject
            kind = "left" if is_own else "unbanned" if role == OUTCAST else "removed"
            return _Told(change, kind, subject, "" if is_own else asked)
        case Redescribed():
            is_name = row["title"] != row["title_before"]
            kind = "title" if is_name else "picture" if row["has_other_icon"] else "settings"
            return _Told(change, kind, by=asked, title=row["title"] if is_name else "")
        case Ended():
            return _Told(change, "closed" if change.verb == "Delete" else "moved", by=asked)


def _inviter(change: StateChange) -> str:
    return next((basis.actor for basis in change.basis if basis.type == "Invite"), "")


def _shown(told: _Told, known: Mapping[str, actors.StoredActor]) -> ChangeView:
    return ChangeView(
        epoch=told.change.epoch,
        at=told.change.published,
        kind=told.kind,
        person=_person(told.person, known),
        by=_person(told.by, known),
        role=told.role,
        title=told.title,
    )


def _person(uri: str, known: Mapping[str, actors.StoredActor]) -> PersonView | None:
    if not uri:
        return None
    actor = known.get(uri)
    if actor is None:
        return PersonView("", uri, "")
    acct = f"{actor.username}@{actor.domain}" if actor.username else ""
    return PersonView(acct, uri, actor.name, actor.state == actors.DELETED)
