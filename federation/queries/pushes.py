"""What a person is told of when no page of theirs is open, and what makes no noise.

Nothing is told of requests, of whom or what they have blocked or muted or read already, in their
quiet hours, or where they are not a member any more.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from federation.content.naming import names
from federation.content.plain import clean_name
from federation.content.quiet import is_quiet
from federation.groups.membership import Standing
from federation.protocol import strict_json
from federation.queries.conversations import views_for
from federation.queries.messages import Shelf, shelf
from federation.queries.views import ConversationView, MessageView, PreferencesView
from storage import events, habits, push_subscriptions
from storage.database import together
from storage.events import Event

UTC: Final = "UTC"
BATCH: Final = 500
NAMES_SHOWN: Final = 3
NAME_CHARS: Final = 100
TEXT_CHARS: Final = 300


@dataclass(frozen=True, slots=True)
class Noise:
    """A message that a person is told of, as they see it.

    Attributes:
        title: What the conversation is called, or who is in it.
        author: Who wrote, as they are called.
        text: What they wrote, on one line, and not all of it.
        author_uri: The id of who wrote.
    """

    person: str
    conversation_id: str
    message_id: str
    title: str
    author: str
    text: str
    author_uri: str = ""


@dataclass(frozen=True, slots=True)
class SubscriptionView:
    """Where a session or token is told, as `federation/commands/push.py` was asked for it."""

    id: int
    endpoint: str
    standard: bool
    shows_text: bool
    alerts: tuple[str, ...] = ()
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Silence:
    """A person has read somewhere all that is in a conversation."""

    person: str
    conversation_id: str


async def find_subscription(credential: str, now: datetime) -> SubscriptionView | None:
    """The subscription of a session or token, by its hash."""
    held = await push_subscriptions.find(credential, now)
    if held is None:
        return None
    return SubscriptionView(
        held.id,
        held.endpoint,
        held.standard,
        held.shows_text,
        tuple(held.alerts.split()),
        held.policy,
    )


@dataclass(frozen=True, slots=True)
class DeviceView:
    """A browser or an app that tells its person of messages.

    Attributes:
        user_agent: What the browser calls itself, "" of an app.
    """

    id: int
    user_agent: str
    is_app: bool
    shows_text: bool


async def list_devices(person: str, now: datetime) -> tuple[DeviceView, ...]:
    """Where a person is told of messages, the newest first, 100 at most."""
    return tuple(
        DeviceView(row["id"], row["user_agent"], bool(row["is_app"]), bool(row["shows_text"]))
        for row in await push_subscriptions.listed(person, now)
    )


async def newest() -> int:
    """The number of the last event of anybody."""
    return await events.get_newest_id()


@together
async def read_after(after: int, now: datetime) -> tuple[list[Noise | Silence], int]:
    """What happened behind an event's number, and the number to go on from; that again at the end.

    Without any subscription nothing is looked at.
    """
    if not await push_subscriptions.are_there_any():
        return [], await events.get_newest_id()
    batch = await events.read_after(after, limit=BATCH)
    people = {event.account_uri for event in batch}
    told = {one.person for one in await push_subscriptions.of_people(people, now)}
    found = await of_events([event for event in batch if event.account_uri in told], now)
    return found, batch[-1].id if batch else after


async def of_events(batch: Sequence[Event], now: datetime) -> list[Noise | Silence]:
    """What these events are to their people, in their order."""
    posted = [event for event in batch if event.type == "message"]
    places = {(event.account_uri, event.conversation_id) for event in batch}
    conversations = await views_for(places)
    people = {event.account_uri for event in posted}
    messages = await shelf({event.message_id for event in posted}, people)
    views = ((event, messages.view(event.message_id, event.account_uri)) for event in posted)
    answered = await _answered((view for _, view in views), people)
    asleep = await _asleep(people, now)
    found: list[Noise | Silence] = []
    for event in batch:
        place = conversations.get((event.account_uri, event.conversation_id))
        if place is None:
            continue
        if event.type == "read" and _has_read_all(event, place):
            found.append(Silence(event.account_uri, place.id))
        view = messages.view(event.message_id, event.account_uri)
        if event.type != "message" or view is None or event.account_uri in asleep:
            continue
        is_meant = _is_named(view, place, event.account_uri) or _is_answer(
            view, answered, event.account_uri
        )
        if makes_noise(view, place, event.account_uri, now, is_meant=is_meant):
            found.append(_noise(view, place, event.account_uri))
    return found


async def _asleep(people: Collection[str], now: datetime) -> frozenset[str]:
    """Those of these people in whose quiet hours it is now."""
    chosen = await habits.quiet_of(people) if people else {}
    return frozenset(
        person
        for person, quiet in chosen.items()
        if quiet.start is not None
        and quiet.end is not None
        and is_quiet(_minute_of(now, quiet.zone), quiet.start, quiet.end)
    )


def _minute_of(now: datetime, zone: str) -> int:
    """The minute of the day by the clock of a zone; of one that is no more, by UTC."""
    try:
        here = now.astimezone(ZoneInfo(zone or UTC))
    except ZoneInfoNotFoundError:
        here = now
    return here.hour * 60 + here.minute


def makes_noise(
    view: MessageView, place: ConversationView, person: str, now: datetime, *, is_meant: bool
) -> bool:
    """Whether a person is told of a message.

    Args:
        view: The message as they see it.
        place: The conversation, likewise.
        person: Who.
        now: The time by which a mute has ended.
        is_meant: Whether it names or answers them.
    """
    if view.author.uri == person or view.text is None or view.is_blocked or view.is_muted:
        return False
    if place.state != Standing.JOINED or not place.unread:
        return False
    return (is_meant and not place.preferences.mutes_mentions) or not _is_muted(
        place.preferences, now
    )


def _is_muted(preferences: PreferencesView, now: datetime) -> bool:
    until = preferences.muted_until
    return preferences.is_muted and (until is None or until > now)


async def _answered(views: Iterable[MessageView | None], people: Collection[str]) -> Shelf:
    """What these messages answer."""
    return await shelf({view.reply_to for view in views if view} - {""}, people)


def _is_answer(view: MessageView, answered: Shelf, person: str) -> bool:
    parent = answered.view(view.reply_to, person)
    return parent is not None and parent.author.uri == person


def _is_named(view: MessageView, place: ConversationView, person: str) -> bool:
    handles = (one.person.acct for one in place.members if one.person.uri == person)
    return any(names(view.text or "", acct) for acct in handles if acct)


def _has_read_all(event: Event, place: ConversationView) -> bool:
    """A `read` event tells a person's clients of others' receipts too."""
    said = strict_json.loads(event.data.encode())
    own = {one.person.acct for one in place.members if one.person.uri == event.account_uri}
    return not place.unread and said.get("acct") in own


def _noise(view: MessageView, place: ConversationView, person: str) -> Noise:
    others = [one.person for one in place.members if one.person.uri != person]
    called = [_called(one.name, one.acct) for one in others[:NAMES_SHOWN]]
    return Noise(
        person=person,
        conversation_id=place.id,
        message_id=view.id,
        title=clean_name(place.title, NAME_CHARS) or ", ".join(called),
        author=_called(view.author.name, view.author.acct),
        text="" if view.is_quiet else clean_name(view.text or "", TEXT_CHARS),
        author_uri=view.author.uri,
    )


def _called(name: str, acct: str) -> str:
    return clean_name(name, NAME_CHARS) or acct[:NAME_CHARS]
