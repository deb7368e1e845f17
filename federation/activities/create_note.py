"""A message: what a Create of a Note says, who may say it where, and how it comes to be shown.

Sources: groups-protocol.md 6.1 to 6.7 and 9.1; security.md 4.1.
"""

from collections.abc import Sequence

from federation.activities import legacy_note, place_message, readers, relay, unaware
from federation.activities.direct import first_heard, open_direct, threaded
from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation
from federation.activities.message import Message, people_of, read
from federation.activities.sending import group_audience, sends
from federation.activities.situation import Situation
from federation.groups.size import DIRECT_MAX
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused
from federation.protocol.vocabulary import INVITE_NOTICE
from storage.changes import Change

MAX_LOGS_PER_PERSON = 16
IN_WORDS = Refused("an invitation in words is for people on other software")


def authorize(message: Message, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether this author may say this here.

    A group's entry needs an author who was a member at the epoch it names and is one now; an epoch
    ahead of ours waits for the state. A direct message needs somebody here to read it.

    Source: security.md 4.2 Messages; groups-protocol.md 4.6.
    """
    refused = _fault(message, situation)
    conversation = situation.conversation
    if refused is not None:
        return refused
    if conversation is None or conversation.kind != "group":
        return _authorize_direct(message, situation)
    if unaware.is_legacy(message, situation):
        return legacy_note.authorize(message, conversation, situation)
    if home_vouches(message.activity, conversation, situation):
        return Allowed()
    return authorize_in_group(message.activity, conversation)


def _fault(message: Message, situation: Situation) -> Refused | None:
    """Why it is no message that its author may send, wherever it belongs."""
    known, conversation = situation.messages.get(message.uri), situation.conversation
    if known is not None and known.author != message.activity.actor:
        return Refused("the object belongs to somebody else")
    if _has_too_many_logs(message, situation):
        return Refused("too many logs", status=400)
    place = conversation.id if conversation is not None else ""
    if known is not None and known.conversation_id != place:
        return Refused("the message stands in another conversation")
    return IN_WORDS if message.notice == INVITE_NOTICE else None


def _authorize_direct(message: Message, situation: Situation) -> Allowed | Refused:
    named = [situation.actors[uri] for uri in message.people if uri in situation.actors]
    aside = situation.aside
    if message.widened_beyond(aside.uri if aside is not None else ""):
        return Refused("not a private message")
    is_of_a_group = message.activity.epoch is not None
    if is_of_a_group or any(actor.kind == "conversation" for actor in named):
        return Refused("not a member of that conversation")
    people = people_of(message)
    if not any(situation.is_local(uri) for uri in people):
        return Refused("nobody here is addressed")
    if len(people) > DIRECT_MAX:
        return Refused(f"a direct conversation has at most {DIRECT_MAX} people")
    return Allowed()


def _has_too_many_logs(message: Message, situation: Situation) -> bool:
    terms, conversation = message.activity.log, situation.conversation
    if terms is None or conversation is None or terms.log in conversation.logs:
        return False
    mine = [log for log in conversation.logs.values() if log.author == message.activity.actor]
    return len(mine) >= MAX_LOGS_PER_PERSON


def authorize_in_group(
    activity: Activity, conversation: KnownConversation
) -> Allowed | Refused | Waiting:
    """Whether the author of an entry was a member at the epoch it names, and counts now."""
    if activity.epoch is None:
        return Refused("a group entry names its epoch", status=400)
    if activity.epoch > conversation.epoch:
        return Waiting("state", conversation.uri)
    if not conversation.was_member(activity.actor, activity.epoch):
        return Refused("not a member at that epoch")
    if not conversation.is_in(activity.actor) and not _came_late(activity, conversation):
        return Refused("not a member")
    return Allowed()


def home_vouches(activity: Activity, conversation: KnownConversation, situation: Situation) -> bool:
    """Whether an entry from home's history is older than what this node knows of the members.

    Home decides who is a member, and has judged it when it came there.
    """
    epoch, terms = activity.epoch, activity.log
    if situation.source != "home" or epoch is None or terms is None:
        return False
    since = [span.from_epoch for span in conversation.spans if situation.is_local(span.person)]
    if not since:
        return False
    log = conversation.logs.get(terms.log)
    is_cut_off = log is not None and log.final is not None and terms.seq > log.final
    return epoch < min(since) and not is_cut_off


def _came_late(activity: Activity, conversation: KnownConversation) -> bool:
    """Whether it is an entry that its author had written before their membership ended (4.6.2)."""
    log = conversation.logs.get(activity.log.log) if activity.log is not None else None
    if activity.log is None or log is None or log.final is None:
        return False
    return log.author == activity.actor and activity.log.seq <= log.final


def apply(message: Message, situation: Situation) -> Sequence[Change]:
    """Show the message to those it is for, and owe it to the others when it is ours.

    Returns:
        Changes in the order in which they are written. For a message that is held already, only
        what its further local readers need.
    """
    if legacy_note.is_no_message(message, situation):
        return legacy_note.apply(message, situation)
    if not situation.by_us and not readers.is_wanted(message, situation):
        return readers.unread(message, situation)
    conversation_id, opening = _conversation(message, situation)
    known = situation.messages.get(message.uri)
    message_id = known.id if known is not None else _message_id(message, situation)
    changes: list[Change] = list(opening)
    if known is None:
        changes += threaded(message, situation, conversation_id)
        changes += place_message.add(message, situation, conversation_id, message_id)
    elif known.provenance == "relayed" and situation.relaying is None:
        changes += place_message.take_original(message, situation, known)
    elif known.activity_id != message.activity.id:
        changes += place_message.add_create(message, situation, conversation_id, known)
    changes += relay.message(message, situation)
    changes += readers.told(message, situation, conversation_id, message_id)
    if situation.by_us:
        audience = _remote_audience(message, situation)
        changes += sends(
            message.activity.document,
            audience,
            situation,
            conversation_id=conversation_id,
            object_uri=message.uri,
            message_id=message_id,
        )
    return changes


def _message_id(message: Message, situation: Situation) -> str:
    """Our own Notes carry our id in their URI; foreign ones get one by arrival."""
    if situation.by_us:
        return message.uri.rsplit("/", 1)[-1]
    return situation.new_id()


def _conversation(message: Message, situation: Situation) -> tuple[str, list[Change]]:
    conversation = situation.conversation
    if conversation is None:
        return open_direct(people_of(message), situation)
    return conversation.id, first_heard(situation)


def _remote_audience(message: Message, situation: Situation) -> tuple[str, ...]:
    conversation = situation.conversation
    if conversation is None or conversation.state is None:
        return tuple(uri for uri in sorted(people_of(message)) if not situation.is_local(uri))
    return group_audience(conversation, situation)


KIND = ActivityKind(Shape("Create", "Note", "person"), read, authorize, apply)
