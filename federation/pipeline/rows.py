"""PURE: rows of the database become the values that handlers know."""

from collections.abc import Callable, Sequence
from typing import TypeVar, overload

import msgspec

from federation.activities.author_logs import KnownLog, Logs
from federation.activities.known import (
    KnownConversation,
    KnownInvitation,
    KnownLink,
    KnownMessage,
    KnownReaction,
    KnownRelay,
    KnownUpload,
)
from federation.activities.roster import KnownActor, KnownMembership, Roster
from federation.groups.sequence import Held
from federation.groups.state import GroupState
from federation.protocol.canonical_json import multihash_of
from federation.protocol.namespace import Namespace
from storage.actors import DELETED
from storage.changes import Attachment
from storage.database import Row
from storage.times import from_ms, from_ms_or_none


def known_conversation(row: Row, roster: Roster, written: Logs) -> KnownConversation:
    """A conversation with what belongs to it."""
    return KnownConversation(
        id=row["id"],
        uri=row["uri"] or "",
        kind=row["kind"],
        is_home=bool(row["is_home"]),
        home_host=row["home_host"],
        title=row["title"],
        context=row["context"],
        thread=row["thread"],
        context_t=from_ms(row["context_t"]),
        thread_t=from_ms(row["thread_t"]),
        people_hash=row["people_hash"] or "",
        disputed=bool(row["disputed"]),
        closed=row["closed_at"] is not None,
        newest_t=from_ms(row["newest_t"]) if row["newest_t"] else None,
        changed_at=from_ms(row["changed_at"]),
        roster=roster,
        written=written,
        gone_at=from_ms(row["gone_at"]) if row["gone_at"] else None,
        recovering=bool(row["recovering"]),
        checked_at=from_ms_or_none(row["checked_at"]),
    )


def known_state(row: Row) -> GroupState | None:
    """The verified state in a conversation's row, if it has one."""
    return GroupState.from_json(msgspec.json.decode(row["state"])) if row["state"] else None


def known_actor(row: Row) -> KnownActor:
    """An actor, without what only deliveries need."""
    return KnownActor(
        uri=row["uri"],
        host=row["host"],
        local=bool(row["local"]),
        kind=row["kind"],
        username=row["username"],
        domain=row["domain"],
        name=row["name"],
        aware=bool(row["aware"]),
        shared_inbox=bool(row["shared_inbox"]),
        is_deleted=row["state"] == DELETED,
    )


def known_membership(row: Row) -> KnownMembership:
    """Somebody's relation to a conversation."""
    return KnownMembership(
        person=row["actor_uri"],
        local=bool(row["local"]),
        role=row["role"],
        state=row["state"],
        invitation_id=row["invitation_id"],
        inviter=row["inviter"],
        left_epoch=row["left_epoch"],
        is_unwilling=bool(row["unwilling"]),
    )


def known_log(row: Row) -> KnownLog:
    """An author log."""
    return KnownLog(
        uri=row["uri"],
        author=row["author_uri"],
        local=bool(row["local"]),
        head=row["head"],
        last_entry_id=row["last_entry_id"],
        final=row["final"],
        moved_at=from_ms(row["moved_at"]),
        held=held_of(row),
        heard=row["heard"],
        trouble=row["trouble"],
        troubled_at=from_ms_or_none(row["troubled_at"]),
        asked_at=from_ms_or_none(row["asked_at"]),
        missing_since=from_ms_or_none(row["missing_since"]),
    )


def held_of(row: Row) -> Held:
    """Which numbers of a log are held."""
    beyond = msgspec.json.decode(row["beyond"]) if row["beyond"] else []
    return Held(row["complete_to"], tuple((first, last) for first, last in beyond))


def known_invitation(row: Row) -> KnownInvitation:
    """An invitation with its Invite."""
    return KnownInvitation(
        id=row["id"],
        conversation_uri=row["conversation_uri"],
        inviter=row["inviter"],
        invitee=row["invitee"],
        state=row["state"],
        ends_at=from_ms(row["ends_at"]),
        document=row["document"],
    )


def known_link(row: Row) -> KnownLink:
    """A join link."""
    return KnownLink(
        id=row["id"],
        conversation_id=row["conversation_id"],
        maker=row["maker_uri"],
        uses_left=row["uses_left"],
        ends_at=from_ms(row["ends_at"]),
    )


Value = TypeVar("Value")


class Lazily(Sequence[Value]):
    """Rows as values, each made when it is looked at: of many that are loaded few are needed."""

    def __init__(self, rows: Sequence[Row], make: Callable[[Row], Value]) -> None:
        self._rows = rows
        self._make = make

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Value: ...

    @overload
    def __getitem__(self, place: slice) -> "Lazily[Value]": ...

    def __getitem__(self, place: int | slice) -> "Value | Lazily[Value]":
        if isinstance(place, slice):
            return Lazily(self._rows[place], self._make)
        return self._make(self._rows[place])


def known_message(row: Row) -> KnownMessage:
    """A message's row as a value."""
    return KnownMessage(
        id=row["id"],
        uri=row["uri"],
        conversation_id=row["conversation_id"],
        author=row["author_uri"],
        published_at=from_ms(row["published_at"]),
        t=from_ms(row["t"]),
        in_reply_to=row["in_reply_to"],
        addressed_to=tuple(msgspec.json.decode(row["addressed_to"])),
        provenance=row["provenance"],
        epoch=row["epoch"],
        edited_at=from_ms_or_none(row["edited_at"]),
        is_deleted=row["deleted_at"] is not None,
        is_removed=row["removed_at"] is not None,
        activity_id=row["activity_id"],
        latest_id=row["latest_id"],
    )


def known_reaction(row: Row) -> KnownReaction:
    """A reaction's row as a value."""
    return KnownReaction(
        message=row["message_uri"],
        person=row["actor_uri"],
        emoji=row["emoji"],
        icon=row["icon"],
        activity_id=row["activity_id"],
        liked_at=from_ms(row["liked_at"]),
        undone_id=row["undone_id"],
        undone_at=from_ms(row["undone_at"]),
    )


def known_relay(row: Row) -> KnownRelay:
    """How home has passed on a message, as a value."""
    readers, passed_to = (
        msgspec.json.decode(row[key] or "[]", type=tuple[str, ...])
        for key in ("readers", "passed_to")
    )
    return KnownRelay(readers, passed_to)


def known_upload(row: Row, space: Namespace) -> KnownUpload:
    """An upload with the addresses under which this node serves it."""
    has_thumbnail = bool(row["thumbnail_digest"])
    return KnownUpload(
        id=row["id"],
        account=row["account"],
        shown_by=row["message_id"] or row["subject"],
        shown=Attachment(
            url=space.media(row["token"], row["name"]),
            media_type=row["media_type"],
            description=row["description"],
            width=row["width"],
            height=row["height"],
            blurhash=row["blurhash"],
            digest=multihash_of(bytes.fromhex(row["digest"])),
            size=row["size"],
            is_ours=True,
            thumbnail_url=space.thumbnail(row["token"]) if has_thumbnail else "",
        ),
    )
