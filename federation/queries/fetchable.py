"""Which document a GET may have: decided from rows, and the same answer for all it may not have.

    Public     for everybody
    Private    for an asker who was found entitled
    Hidden     there is nothing, or not for this asker: nobody can tell which
    Gone       it was public, or the asker was entitled, and it is no more

The other files here load rows, ask the functions of this one, and build the document.

Source: security.md 7; groups-protocol.md 3.1.3 and 11.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from federation.protocol.activity import EPOCH_MAX
from federation.protocol.errors import RemoteProtocolError
from storage.database import Row
from storage.times import from_ms, from_ms_or_none

FORMER_FOR: Final = timedelta(days=30)
FORMER_STATES: Final = frozenset({"left", "removed", "banned", "closed"})
INVITED_STATES: Final = frozenset({"invited", "requested"})
NUMBER_DIGITS_MAX: Final = 15


@dataclass(frozen=True, slots=True)
class Public:
    """A document for everybody, as JSON."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Private:
    """A document for this asker alone, as JSON."""

    body: bytes


@dataclass(frozen=True, slots=True)
class Hidden:
    """Nothing, or nothing for this asker."""


@dataclass(frozen=True, slots=True)
class Gone:
    """It is no more; `body` is a Tombstone as JSON, or None."""

    body: bytes | None = None


Answer = Public | Private | Hidden | Gone


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose people a document is for.

    Attributes:
        host: Of the actor who signed the request; "" for a request that nobody signed.
        now: When it came.
    """

    host: str
    now: datetime


@dataclass(frozen=True, slots=True)
class PersonThere:
    """A person of the asking host in a group of ours.

    Attributes:
        state: A state of federation/groups/membership.py.
        changed_at: Since when.
        invited_at: When the latest invitation arrived here; None for nobody's.
        open_until: Until when that invitation is open; None if it is not.
        spans: Stretches of epochs as a member, the second number exclusive, None while it lasts.
    """

    uri: str
    state: str
    changed_at: datetime
    invited_at: datetime | None
    open_until: datetime | None
    spans: tuple[tuple[int, int | None], ...]

    @property
    def is_member(self) -> bool:
        """Whether they are a member now."""
        return self.state == "joined"

    def is_invited(self, now: datetime) -> bool:
        """Whether an invitation of theirs is open."""
        return (
            self.state in INVITED_STATES and self.open_until is not None and now < self.open_until
        )

    def is_former(self, now: datetime) -> bool:
        """Whether they were a member until at most 30 days ago."""
        is_recent = now - self.changed_at < FORMER_FOR
        return self.state in FORMER_STATES and bool(self.spans) and is_recent

    def was_member(self, epoch: int) -> bool:
        """Whether they were a member at an epoch."""
        return any(first <= epoch and (end is None or epoch < end) for first, end in self.spans)

    @property
    def added_at_epoch(self) -> int:
        """The epoch whose change made them the member they are."""
        return max((first for first, end in self.spans if end is None), default=0)


def people_there(rows: Iterable[Row]) -> tuple[PersonThere, ...]:
    """The people in the rows of storage.readers.people_of_host."""
    by_uri: dict[str, list[Row]] = {}
    for row in rows:
        by_uri.setdefault(row["actor_uri"], []).append(row)
    return tuple(_person(uri, group) for uri, group in by_uri.items())


def _person(uri: str, rows: Sequence[Row]) -> PersonThere:
    row = rows[0]
    is_open = row["invitation_state"] == "open"
    return PersonThere(
        uri=uri,
        state=row["state"],
        changed_at=from_ms(row["updated_at"]),
        invited_at=from_ms_or_none(row["invited_at"]),
        open_until=from_ms(row["ends_at"]) if is_open else None,
        spans=tuple(
            (each["from_epoch"], each["to_epoch"])
            for each in rows
            if each["from_epoch"] is not None
        ),
    )


def members(people: Iterable[PersonThere]) -> tuple[PersonThere, ...]:
    """Those for whom context, history and the state log are there."""
    return tuple(person for person in people if person.is_member)


def may_see_affiliations(people: Iterable[PersonThere], now: datetime) -> bool:
    """Members and open invitees."""
    return any(person.is_member or person.is_invited(now) for person in people)


def may_see_actor(people: Iterable[PersonThere], now: datetime) -> bool:
    """Members, open invitees, and for 30 days those who were members."""
    return any(
        person.is_member or person.is_invited(now) or person.is_former(now) for person in people
    )


def may_have_message(rows: Iterable[Row], host: str) -> bool:
    """Whether a host may fetch a message: its home's, or with somebody in its audience.

    The audience of a group's message is who was a member at its epoch and has not left since; that
    of a direct one is everybody in the conversation (groups-protocol.md 6.3).

    Args:
        rows: Of storage.readers.message_for_host.
        host: The asker's.
    """
    return any(row["home_host"] == host or _is_in_audience(row) for row in rows)


def had_message(rows: Iterable[Row], host: str) -> bool:
    """Whether a host ever had a message: as `may_have_message`, and whoever has left since."""
    return any(row["home_host"] == host or _was_in_audience(row) for row in rows)


def _is_in_audience(row: Row) -> bool:
    is_direct = row["kind"] == "direct"
    return _was_in_audience(row) and (is_direct or row["state"] != "left")


def _was_in_audience(row: Row) -> bool:
    if row["state"] is None:
        return False
    if row["kind"] == "direct":
        return True
    first, end, epoch = row["from_epoch"], row["to_epoch"], row["epoch"]
    if first is None or epoch is None:
        return False
    return bool(first <= epoch and (end is None or epoch < end))


def read_number(text: str) -> int:
    """A page's or epoch's number in a query string.

    Raises:
        RemoteProtocolError: It is none.
    """
    if not (text.isascii() and text.isdigit() and len(text) <= NUMBER_DIGITS_MAX):
        raise RemoteProtocolError("the page is not named by a number", repr(text)[:80])
    return int(text)


def read_epoch(text: str) -> int:
    """An epoch in a query string; after the last one there can be, there is none.

    Raises:
        RemoteProtocolError: It is no number.
    """
    return min(read_number(text), EPOCH_MAX)


def encoded(document: Mapping[str, Any]) -> bytes:
    """A document as JSON; a `msgspec.Raw` inside goes out as it is."""
    return msgspec.json.encode(document)
