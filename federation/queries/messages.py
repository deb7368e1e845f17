"""Messages' rows become what one person sees of them, a few queries for any number."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import msgspec
from msgspec.structs import replace

from federation.groups import doors
from federation.outbound.outcome import Reason
from federation.queries.attachments import Gallery, gallery
from federation.queries.life import Aftermath, aftermath
from federation.queries.limits import Limits, is_without_media, limits_of
from federation.queries.notices import Notices, notices
from federation.queries.views import DeliveryView, MessageView, PersonView
from storage import actors, deliveries, taking_back, timelines
from storage.database import Row
from storage.deliveries import HostOutcome
from storage.delivery_upkeep import EXPIRED
from storage.times import from_ms, from_ms_or_none

# What home has cut off when it removed its author (groups-protocol.md 4.6.2).
TAKEN_BACK: Final = "not delivered: you had been removed"


@dataclass(frozen=True, slots=True)
class Shelf:
    """Messages, ready to be shown to any of the people they were loaded for."""

    rows: Mapping[str, Row]
    deliveries: Mapping[str, tuple[DeliveryView, ...]]
    gallery: Gallery = field(default_factory=Gallery)
    aftermath: Aftermath = field(default_factory=Aftermath)
    notices: Notices = field(default_factory=Notices)
    limits: Limits = field(default_factory=Limits)

    def view(self, message_id: str, viewer: str) -> MessageView | None:
        """A message as this person sees it; None if it is not there.

        Whether they may see it was asked before.
        """
        row = self.rows.get(message_id)
        if row is None:
            return None
        is_own = row["author_uri"] == viewer
        delivery = self.deliveries.get(message_id, ()) if is_own else ()
        view = replace(
            _view(row, delivery),
            attachments=self.gallery.views(row, viewer),
            card=self.gallery.card(row),
            notices=self.notices.views(row, viewer),
        )
        shown = self.limits.shown(self.aftermath.shown(view, row, viewer), row, viewer)
        return self.limits.waiting(shown, viewer) if self.aftermath.waits(row, viewer) else shown


async def shelf(message_ids: Collection[str], viewers: Collection[str]) -> Shelf:
    """These messages for these people."""
    rows = await timelines.by_id(sorted(message_ids)) if message_ids else []
    return await shelf_of(rows, viewers)


async def shelf_of(rows: Sequence[Row], viewers: Collection[str]) -> Shelf:
    """The messages of these rows for these people."""
    own = [row["id"] for row in rows if row["author_uri"] in viewers]
    return Shelf(
        {row["id"]: row for row in rows},
        await delivery_of(own),
        await gallery(rows),
        await aftermath(rows, viewers),
        await notices(rows, viewers),
        await limits_of(rows, viewers),
    )


async def delivery_of(message_ids: Collection[str]) -> dict[str, tuple[DeliveryView, ...]]:
    """What became of these messages at each host."""
    outcomes = await deliveries.of_messages(message_ids) if message_ids else []
    people = {uri for outcome in outcomes for uri in outcome.recipients}
    handles = await actors.handles_of(list(people)) if people else {}
    found: dict[str, list[DeliveryView]] = defaultdict(list)
    taken_back = await taking_back.among(message_ids) if outcomes else frozenset()
    for outcome in outcomes:
        view = _delivery(outcome, handles, is_taken_back=outcome.message_id in taken_back)
        found[outcome.message_id].append(view)
    return {message_id: tuple(rows) for message_id, rows in found.items()}


def _delivery(
    outcome: HostOutcome, handles: Mapping[str, str], *, is_taken_back: bool
) -> DeliveryView:
    members = [handles[uri] for uri in outcome.recipients if uri in handles]
    return DeliveryView(
        host=outcome.host,
        state="refused" if is_taken_back else outcome.state,
        members=tuple(members),
        reason=TAKEN_BACK if is_taken_back else _reason(outcome, members),
        since=outcome.since,
        next_try_at=outcome.next_try_at,
    )


def _reason(outcome: HostOutcome, members: Sequence[str]) -> str:
    """Why a host has not taken it, in a sentence that names whom it is about where that counts."""
    if outcome.reason == EXPIRED and outcome.made_at:
        days = (outcome.since - outcome.made_at).days
        return f"{outcome.host} could not be reached for {days} days."
    if outcome.reason != Reason.CONTACTS_ONLY.value or not members:
        return outcome.reason
    return doors.sentence(", ".join(members), invites=False)


def person_of(row: Row, uri: str, *, prefix: str = "") -> PersonView:
    """The person whose handle and name a row carries beside other things.

    With a prefix they are somebody of whom no picture is shown.
    """
    username, domain = row[f"{prefix}username"], row[f"{prefix}domain"]
    acct = f"{username}@{domain}" if domain else ""
    is_deleted = row[f"{prefix}actor_state"] == actors.DELETED
    icon = "" if prefix or (row["icon"] and is_without_media(uri)) else row["icon"]
    return PersonView(acct, uri, row[f"{prefix}name"], is_deleted, icon)


def _view(row: Row, delivery: tuple[DeliveryView, ...]) -> MessageView:
    is_deleted = row["deleted_at"] is not None
    return MessageView(
        id=row["id"],
        uri=row["uri"],
        conversation_id=row["conversation_id"],
        author=person_of(row, row["author_uri"]),
        media_type=row["media_type"],
        text=None if is_deleted else row["text"],
        html=None if is_deleted else row["html"],
        placed_at=from_ms(row["t"]),
        edited_at=from_ms_or_none(row["edited_at"]),
        deleted_at=from_ms_or_none(row["deleted_at"]),
        reply_to=row["reply_to"],
        addressed_to=msgspec.json.decode(row["addressed_to"] or "[]", type=tuple[str, ...]),
        provenance=row["provenance"],
        delivery=delivery,
    )
