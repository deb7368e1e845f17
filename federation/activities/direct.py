"""Direct conversations: a set of people is one, and to a stranger's first message it is a request.

Source: groups-protocol.md 2; chat-ux.md 9.
"""

from collections.abc import Collection
from hashlib import sha256

from federation.activities import place_message
from federation.activities.known import LONG_AGO, UNHEARD, KnownConversation
from federation.activities.message import Message, is_url
from federation.activities.situation import Situation
from federation.groups import doors
from federation.protocol.verdict import Refused
from storage.changes import (
    AddConversation,
    Ask,
    Change,
    HastenRepairs,
    PutMembership,
    SetThread,
)


def people_hash(people: frozenset[str]) -> str:
    """A short name for a set of people, equal for equal sets."""
    return sha256("\n".join(sorted(people)).encode()).hexdigest()


def open_direct(
    people: frozenset[str],
    situation: Situation,
    *,
    is_silent: bool = False,
) -> tuple[str, list[Change]]:
    """A direct conversation of this set of people, for whom a stranger's is a request.

    One that is opened without a message is known to its author alone until the first one.
    """
    conversation_id = situation.new_id()
    opening: list[Change] = [
        AddConversation(
            id=conversation_id,
            uri="",
            kind="direct",
            is_home=False,
            home_host="",
            title="",
            context="",
            thread="",
            people_hash=people_hash(people),
            at=situation.now,
        )
    ]
    is_taken_up = False
    for person in sorted(people):
        state = "joined"
        if situation.is_local(person) and person != situation.speaker.uri:
            is_hidden = is_silent or person in situation.blocked_by
            state = UNHEARD if is_hidden else heard_as(person, situation)
            is_taken_up = is_taken_up or state == "joined"
        opening.append(_standing(conversation_id, person, state, situation))
    return conversation_id, [*opening, *(acquainted(people, situation) if is_taken_up else ())]


def heard_as(person: str, situation: Situation) -> str:
    """Where a first message puts somebody: what a stranger writes is a request.

    Whoever takes nothing of strangers does not hear of it.
    """
    if person in situation.closed_to:
        return UNHEARD
    return "joined" if person in situation.known_to else "requested"


def closed(people: Collection[str], situation: Situation) -> Refused | None:
    """Why nobody else would hear of what is written to these people, or None.

    What others elsewhere take is said by their servers.
    """
    others = [person for person in sorted(people) if person != situation.speaker.uri]
    if not others or any(person not in situation.closed_to for person in others):
        return None
    person = situation.actors[others[0]]
    reason = doors.sentence(person.name or person.acct, invites=False)
    return Refused(reason, notice=doors.CONTACTS_ONLY)


def _standing(conversation_id: str, person: str, state: str, situation: Situation) -> PutMembership:
    return PutMembership(
        conversation_id=conversation_id,
        person=person,
        local=situation.is_local(person),
        role="member",
        state=state,
        at=situation.now,
        inviter=situation.speaker.uri if state == "requested" else "",
    )


def acquainted(people: Collection[str], situation: Situation) -> list[Change]:
    """Those whom nobody here has met are looked up, since every answer names all of them.

    That is for a conversation somebody here has taken up: a stranger's message, which may name
    anybody, makes this node ask for nothing (policy.md 8).
    """
    return [
        Ask(situation.new_id(), "actor", person, situation.now)
        for person in sorted(people)
        if person not in situation.actors and not situation.is_local(person)
    ]


def taken_up(conversation: KnownConversation, situation: Situation) -> list[Change]:
    """What somebody's yes sets going: nothing was asked of others before (policy.md 8)."""
    hastened = HastenRepairs(conversation.id, situation.now)
    return [hastened, *acquainted(tuple(conversation.memberships), situation)]


def threaded(message: Message, situation: Situation, conversation_id: str) -> list[Change]:
    """The context and thread of the set's earliest message that has them hold for all its messages.

    Source: groups-protocol.md 2
    """
    held = situation.conversation
    if held is not None and held.kind == "group":
        return []
    t = place_message.place_of(message, situation, conversation_id).t
    context, context_t = (held.context, held.context_t) if held is not None else ("", LONG_AGO)
    thread, thread_t = (held.thread, held.thread_t) if held is not None else ("", LONG_AGO)
    if is_url(message.context) and (not context or t < context_t):
        context, context_t = message.context, t
    if message.thread and (not thread or t < thread_t):
        thread, thread_t = message.thread, t
    if held is not None and (context, thread) == (held.context, held.thread):
        return []
    return [SetThread(conversation_id, context, thread, context_t, thread_t)]


def first_heard(situation: Situation) -> list[Change]:
    """Who is written to for the first time in a conversation that was opened before."""
    conversation = situation.conversation
    if conversation is None or conversation.kind == "group":
        return []
    return [
        _standing(conversation.id, person, heard_as(person, situation), situation)
        for person in conversation.unheard()
        if person != situation.speaker.uri
        and person not in situation.blocked_by
        and person not in situation.closed_to
    ]
