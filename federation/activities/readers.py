"""Which people here get to see a message, in which folder, and who wants nothing of it.

Sources: groups-protocol.md 2, 6.3 and 11.3; chat-ux.md 9.
"""

from collections.abc import Sequence

from federation.activities import numbering, place_message, unaware
from federation.activities.direct import heard_as
from federation.activities.known import UNHEARD, KnownConversation, Relaying
from federation.activities.message import Message, people_of
from federation.activities.situation import Situation
from federation.groups.reading import INVITED, SHARED
from storage.changes import AddRecipient, Change, Tell


def local_readers(message: Message, situation: Situation) -> tuple[str, ...]:
    """The local people a message is for, its author included.

    A group entry is for the members of its epoch, whomever `to` names or leaves out
    (groups-protocol.md 6.3). An Update is never for more than its Note names, since its epoch is a
    later one. A direct message is for its set of people.
    """
    conversation = situation.conversation
    if conversation is not None and conversation.state is not None:
        if situation.relaying is not None:
            return _relayed_readers(message, conversation, situation.relaying, situation)
        if unaware.is_legacy(message, situation):
            return _legacy_readers(message, conversation)
        audience: Sequence[str] = conversation.roster.here_at(message.activity.epoch or 0)
        named = {message.activity.actor, *message.people} - {conversation.uri}
        if message.updated is not None and len(named) > 1:
            audience = [person for person in audience if person in named]
        if situation.source == "home":
            audience = [*audience, *_catching_up(message, conversation, situation)]
        elif conversation.is_home and message.uri not in situation.messages:
            # SECURITY: whoever is a member at the moment when it comes home may read it (9.4), and
            # nobody more when it comes again; tests/network/conformance/test_histories.py.
            audience = [*audience, *conversation.present_here()]
    else:
        audience = sorted(people_of(message))
    return tuple(dict.fromkeys(one for one in audience if situation.is_local(one)))


def _legacy_readers(message: Message, conversation: KnownConversation) -> tuple[str, ...]:
    """The members here whom it addresses; where it is relayed from, the others too (9.4)."""
    here = list(conversation.present_here())
    if conversation.is_home and unaware.may_relay(message, conversation):
        return tuple(here)
    return tuple(person for person in here if person in message.people)


def _relayed_readers(
    message: Message, conversation: KnownConversation, relaying: Relaying, situation: Situation
) -> tuple[str, ...]:
    """The members here whom home passes it on to, and in history who may read what all may."""
    here = list(conversation.present_here())
    named = {*message.people, *relaying.to}
    if situation.source == "home":
        is_restricted = not _is_alone(here, situation) and not relaying.to
        named |= set() if is_restricted else set(_catching_up(message, conversation, situation))
    return tuple(person for person in here if person in named)


def _catching_up(
    message: Message, conversation: KnownConversation, situation: Situation
) -> list[str]:
    """Members here who may read in home's history what their epoch or home's direct word left out.

    Home serves what any of them may read whom it takes for a member. Of several, somebody reads
    what came home while they were members, or invited where that suffices, or while everybody was
    to read everything (9.4).
    """
    here = list(conversation.present_here())
    if _is_alone(here, situation):
        return here
    members = {span.person for span in conversation.spans if span.covers(situation.home_epoch)}
    return [
        person
        for person in here
        if person in members
        or situation.home_history == SHARED
        or (situation.home_history == INVITED and _was_invited(person, message, situation))
    ]


def _is_alone(here: Sequence[str], situation: Situation) -> bool:
    """Whether home can have meant but one person here.

    SECURITY: home may not know yet that somebody else here has left, and then serves what they may
    read; tests/network/conformance/test_histories.py.
    """
    conversation = situation.conversation
    if conversation is None or len(here) != 1:
        return False
    return conversation.roster.is_alone(here[0], situation.home_epoch)


def _was_invited(person: str, message: Message, situation: Situation) -> bool:
    invited_at = situation.invited_at.get(person)
    if invited_at is None or message.published is None:
        return False
    return invited_at <= message.published


def told(
    message: Message, situation: Situation, conversation_id: str, message_id: str
) -> list[Change]:
    """The message lies before those whom it has not reached yet, and their clients hear of it."""
    if unaware.is_anchor(message, situation):
        return []
    had = situation.readers.get(message.uri, ())
    is_deleted = place_message.is_tombstoned(message, situation)
    changes: list[Change] = []
    for person in local_readers(message, situation):
        if person not in situation.fresh or person in had or _discards(person, situation):
            continue
        folder = "requests" if _is_request(person, situation) else "inbox"
        changes.append(AddRecipient(message_id, person, conversation_id, folder))
        if person not in situation.blocked_by and not is_deleted:
            changes.append(Tell(person, "message", conversation_id, message_id, situation.now))
    return changes


def is_wanted(message: Message, situation: Situation) -> bool:
    """Whether anybody here takes it; a group's message is always kept."""
    if situation.conversation is not None and situation.conversation.kind == "group":
        return True
    return not all(_discards(one, situation) for one in local_readers(message, situation))


def unread(message: Message, situation: Situation) -> list[Change]:
    """What remains of a message that nobody here wants: its number, so that none is missing."""
    conversation = situation.conversation
    if conversation is None:
        return []
    return numbering.numbered(message.activity, conversation.id, situation)


def _discards(person: str, situation: Situation) -> bool:
    """Whether somebody throws away what comes here.

    They have refused the set, block its author, or take nothing of whom they do not know.
    """
    conversation = situation.conversation
    if conversation is not None and conversation.kind == "group":
        return False
    if person in situation.blocked_by or person in situation.closed_to:
        return True
    membership = conversation.memberships.get(person) if conversation is not None else None
    is_refused = membership is not None and membership.state == "refused"
    return is_refused and person != situation.speaker.uri


def _is_request(person: str, situation: Situation) -> bool:
    conversation = situation.conversation
    if conversation is None:
        return person != situation.speaker.uri and person not in situation.known_to
    membership = conversation.memberships.get(person)
    if membership is None:
        return False
    return membership.state == "requested" or (
        membership.state == UNHEARD and heard_as(person, situation) == "requested"
    )
