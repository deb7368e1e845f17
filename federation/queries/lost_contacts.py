"""Whom a person can no longer reach, since when and why, as far as this node knows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from federation.policy import refusal
from federation.queries.members import INSIDE
from federation.queries.people import person_view
from federation.queries.profiles import SharedView
from federation.queries.views import PersonView
from storage import actors, blocks, conversation_lists, kept_out, lost_contacts
from storage.database import Row, together
from storage.lost_contacts import Contact
from storage.times import to_ms

# As long as what is sent is tried (delivery.md 4).
UNREACHABLE_AFTER: Final = timedelta(days=30)
SHARED_MAX: Final = 20
PERSON: Final = "person"


class Why(StrEnum):
    """Why somebody is out of reach; the words of the JSON API."""

    WE_REFUSE = "we_refuse"
    """This node exchanges nothing with their server."""
    THEY_REFUSE = "they_refuse"
    """Their server says that it exchanges nothing with ours."""
    UNREACHABLE = "unreachable"
    """Their server was not reached and not heard of for 30 days."""
    ACCOUNT_ENDED = "account_ended"
    """Their account is deleted."""


@dataclass(frozen=True, slots=True)
class LostView:
    """Somebody who is out of a person's reach, or a group that they had to leave.

    Attributes:
        person: Who; None for a group.
        host: Their server, or the group's home.
        reason: What the one who refuses says of it, or "".
        conversations: Where both were, at most 20, the busiest lately first; or the group.
    """

    person: PersonView | None
    host: str
    why: Why
    reason: str
    since: datetime
    conversations: tuple[SharedView, ...]


@dataclass(frozen=True, slots=True)
class LostPage:
    """Some of whom a person has lost, by id, and the cursor of the page after it or "".

    A page may hold fewer than were asked for, or none, and have another one after it.
    """

    items: tuple[LostView, ...]
    next: str = ""


@dataclass(frozen=True, slots=True)
class _Lost:
    why: Why
    since: datetime
    reason: str = ""


@together
async def list_lost(person: str, now: datetime, *, after: str = "", limit: int) -> LostPage:
    """Whom a person can no longer reach.

    They are people whom the person follows or talks with, and groups that the person left because
    this node refuses their home. Whoever the person blocks is not among them.

    Args:
        person: Who asks.
        now: When.
        after: The cursor of the page before, or "".
        limit: How many at most.
    """
    hosts = await _lost_hosts(person, now)
    found = await lost_contacts.lost(person, list(hosts), after=after, limit=limit + 1)
    cursor = found[limit - 1].uri if len(found) > limit else ""
    views = await _views(person, [(one, _reason_of(one, hosts)) for one in found[:limit]])
    return LostPage(tuple(views), cursor)


async def _lost_hosts(person: str, now: datetime) -> Mapping[str, _Lost]:
    """The servers that are out of reach, each by the reason that is surest."""
    hosts = await lost_contacts.hosts_of_contacts(person)
    silent = await lost_contacts.silent(hosts, now - UNREACHABLE_AFTER)
    found = {host: _Lost(Why.UNREACHABLE, since) for host, since in silent.items()}
    for one in await lost_contacts.denied(person, hosts):
        said = refusal.reason_in(one.host, one.reason)
        if said is not None:
            found[one.host] = _Lost(Why.THEY_REFUSE, one.since, said)
    for out in await kept_out.among(hosts):
        found[out.host] = _Lost(Why.WE_REFUSE, out.since, out.public_reason)
    return found


def _reason_of(one: Contact, hosts: Mapping[str, _Lost]) -> _Lost:
    if one.ended_at is not None:
        return _Lost(Why.ACCOUNT_ENDED, one.ended_at)
    return hosts[one.host]


async def _views(person: str, found: Sequence[tuple[Contact, _Lost]]) -> list[LostView]:
    people = [one.uri for one, _ in found if one.kind == PERSON]
    groups = [one.uri for one, _ in found if one.kind != PERSON]
    known = await actors.find_actors(people)
    followed = await lost_contacts.followed_among(person, people)
    hidden = await blocks.hidden_among(person, people)
    rows = [
        *await lost_contacts.together(person, people),
        *await lost_contacts.left(person, groups),
    ]
    titles = {
        row["id"]: row["title"]
        for row in await conversation_lists.named([person], sorted({row["id"] for row in rows}))
    }
    views = []
    for one, lost in found:
        shared = [row for row in rows if row["uri"] == one.uri and _was_lost(row, lost)]
        if one.uri in hidden or not (shared or one.uri in followed):
            continue
        views.append(
            LostView(
                person=person_view(known[one.uri]) if one.kind == PERSON else None,
                host=one.host,
                why=lost.why,
                reason=lost.reason,
                since=lost.since,
                conversations=tuple(
                    [
                        SharedView(row["id"], row["kind"], titles.get(row["id"]) or "")
                        for row in shared[:SHARED_MAX]
                    ]
                ),
            )
        )
    return views


def _was_lost(row: Row, lost: _Lost) -> bool:
    """Whether somebody is in a conversation still, or is out of it because of this.

    A block ends memberships, and so does the end of an account; whoever had gone before was not
    lost by it.
    """
    if row["kind"] == "direct" or row["state"] in INSIDE:
        return True
    ends = lost.why in (Why.WE_REFUSE, Why.ACCOUNT_ENDED) and row["state"] in ("left", "removed")
    return ends and row["updated_at"] >= to_ms(lost.since)
