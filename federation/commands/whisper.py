"""What a person lets the others know in passing: how far they have read, and that they type.

Source: groups-protocol.md 8
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from federation.activities.known import KnownConversation
from federation.activities.roster import KnownActor
from federation.outbound.fleeting import Fleeting, Note
from federation.outbound.typists import EVERY, LASTS_MAX, PEOPLE_MAX, Notice, Typing, Typists
from federation.pipeline import rows
from federation.pipeline.load import conversations_of
from federation.protocol.build import life as build
from federation.protocol.verdict import Allowed, Refused
from storage import actors, blocks, conversations, events, habits, receipts, timelines
from storage.changes import PutReceipt
from storage.database import transaction, wake
from storage.events import NewEvent

READ_EVERY: Final = timedelta(seconds=10)
HEARD_WITHIN: Final = timedelta(minutes=10)

NO_CONVERSATION: Final = Refused("no such conversation", 404)
TOO_SOON: Final = Refused("one typing notice in five seconds is enough", 429, retry_after_s=5)


@dataclass(frozen=True, slots=True)
class Whispers:
    """What is needed for it."""

    fleeting: Fleeting
    typists: Typists
    new_id: Callable[[], str]
    clock: Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class _Room:
    """A conversation of at most 50 in which a person is, and the others who may hear of them.

    Attributes:
        here: Local people, those left out who hide the person or are hidden by them.
        away: Aware people elsewhere, likewise.
    """

    place: KnownConversation
    here: tuple[str, ...]
    away: tuple[str, ...]
    speaker: KnownActor


async def _room(person: str, conversation_id: str) -> _Room | None:
    found = await conversations.by_id([conversation_id])
    places = await conversations_of(found) if found else []
    if not places or not places[0].is_in(person):
        return None
    present = places[0].present()
    stored = await actors.rows_of(sorted({*present, person}))
    known = {row["uri"]: rows.known_actor(row) for row in stored}
    hidden = await blocks.hidden_among(person, present)
    hiding = {row["account_uri"] for row in await blocks.against([person])}
    others = [uri for uri in present if uri in known and uri not in hidden | hiding | {person}]
    is_small = len(present) <= PEOPLE_MAX
    return _Room(
        place=places[0],
        here=tuple(uri for uri in others if known[uri].local and is_small),
        away=tuple(uri for uri in others if is_small and known[uri].aware and not known[uri].local),
        speaker=known[person],
    )


async def type_in(whispers: Whispers, person: str, conversation_id: str) -> Allowed | Refused:
    """Let the others see that somebody types, if the person wants that."""
    room, now = await _room(person, conversation_id), whispers.clock()
    if room is None:
        return NO_CONVERSATION
    if not (await habits.get_habits(person)).typing:
        return Allowed()
    if whispers.typists.is_too_soon(conversation_id, person, now):
        return TOO_SOON
    until = now + LASTS_MAX
    notice = Notice(conversation_id, person, until)
    whispers.typists.heard(Typing(notice, room.speaker.acct, room.here), now)
    await wake("typing", notice.key)
    recent = await receipts.signs_of_life(conversation_id, now - HEARD_WITHIN)
    lively = {row["person"] for row in recent}
    people = tuple(uri for uri in room.away if uri in lively)
    if people and room.place.context:
        said = _said(person, "", people, room.place.context, now)
        document = build.typing(said, ends_at=until)
        key = f"typing|{conversation_id}|{person}"
        whispers.fleeting.put(Note(key, document, people, EVERY))
    return Allowed()


async def give_receipt(
    whispers: Whispers, person: str, conversation_id: str, message_id: str
) -> None:
    """Let the others know that somebody has read up to a message, if the person wants that."""
    if not (await habits.get_habits(person)).receipts:
        return
    room, now = await _room(person, conversation_id), whispers.clock()
    read = await timelines.find_place(message_id, person)
    if room is None or read is None or not room.here + room.away:
        return
    await _told_here(room, message_id, now)
    if room.away:
        said = _said(
            person, f"{person}/read/{whispers.new_id()}", room.away, room.place.context, now
        )
        up_to = {log.uri: log.head for log in room.place.logs.values() if log.head}
        document = build.read(said, read["uri"], up_to=up_to)
        key = f"read|{conversation_id}|{person}"
        whispers.fleeting.put(Note(key, document, room.away, READ_EVERY))


async def _told_here(room: _Room, message_id: str, now: datetime) -> None:
    place, person = room.place.id, room.speaker.uri
    data = f'{{"conversation":"{place}","acct":"{room.speaker.acct}","up_to":"{message_id}"}}'
    givers = await receipts.givers(room.here) if room.here else frozenset()
    async with transaction():
        await receipts.put([PutReceipt(place, person, message_id, now)])
        await events.append(
            [NewEvent(one, "read", now, place, data=data) for one in sorted(givers)]
        )
        await wake("event")


def _said(
    person: str, activity_id: str, to: tuple[str, ...], context: str, at: datetime
) -> build.Said:
    return build.Said(
        author=person,
        activity_id=activity_id,
        to=to,
        context=context,
        published=at,
        place=None,
        log=None,
    )
