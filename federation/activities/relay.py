"""Home keeps what an unaware member wrote for its history, and passes on what reached some alone.

Source: groups-protocol.md 10
"""

from collections.abc import Sequence
from dataclasses import replace

from federation.activities import place_message, unaware
from federation.activities.known import KnownConversation, KnownMessage
from federation.activities.message import Message
from federation.activities.sending import aware, own, surviving
from federation.activities.situation import Situation
from federation.protocol.activity import Activity
from federation.protocol.build import relay as build
from federation.protocol.build.state_change import affiliations_of
from storage.changes import Change, PutRelay


def message(said: Message, situation: Situation) -> list[Change]:
    """What comes of a message that has just come; it may have come to others here before."""
    group = situation.conversation
    if group is None or not group.is_home or not unaware.is_legacy(said, situation):
        return []
    if said.uri in situation.messages or place_message.is_tombstoned(said, situation):
        return []
    author = said.activity.actor
    others = [person for person in group.present() if person != author]
    left_out = [person for person in others if person not in said.people]
    is_for_all = not left_out or unaware.may_relay(said, group)
    passed_to = _elsewhere(left_out, situation) if is_for_all else []
    # Its author reads no history, and is there so that the list is never empty.
    readers = () if is_for_all else (author, *(one for one in others if one in said.people))
    kept = PutRelay("", group.id, said.uri, readers, tuple(passed_to), is_end=False)
    return _wrapped(said.activity, kept, kept.passed_to, group, situation)


def later(
    activity: Activity, known: KnownMessage, situation: Situation, *, is_end: bool = False
) -> list[Change]:
    """What comes of an edit or a deletion: it goes to the people whom the message was passed to."""
    group, relay = situation.conversation, situation.relay_of
    if group is None or not group.is_home or relay is None or situation.speaker.aware:
        return []
    still = set(group.present())
    to = tuple(one for one in relay.passed_to if is_end or one in still)
    # Whoever misses an edit hears of the deletion; nothing follows that.
    passed_to = () if is_end else relay.passed_to
    kept = PutRelay("", group.id, known.uri, relay.readers, passed_to, is_end)
    changes = _wrapped(activity, kept, to, group, situation)
    if not is_end:
        return changes
    return surviving(changes)


def _elsewhere(people: Sequence[str], situation: Situation) -> list[str]:
    return [person for person in aware(people, situation) if not situation.is_local(person)]


def _wrapped(
    activity: Activity,
    kept: PutRelay,
    to: Sequence[str],
    group: KnownConversation,
    situation: Situation,
) -> list[Change]:
    relay_id = f"{group.uri}/relay/{situation.new_id()}"
    everybody = () if kept.readers else (affiliations_of(group.uri),)
    document = build.wrap(
        group.uri,
        activity.document,
        relay_id=relay_id,
        to=to or everybody,
        signed_by=situation.signed_by,
        received_at=situation.now,
    )
    owed = own(document, to, situation, conversation_id=group.id, object_uri=kept.uri)
    return [replace(kept, id=relay_id), *owed]
