"""What an unaware person writes to a group: a message of a member, an answer, or a farewell.

Sources: groups-protocol.md 5.4 and 6.7; security.md 4.2 Messages.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from federation.activities import legacy_answer, legacy_leave, unaware
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.activities.message import Message
from federation.activities.place_message import text_of
from federation.activities.situation import Situation
from federation.groups import legacy
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change

# Home may have added somebody meanwhile.
STALE_AFTER: Final = timedelta(minutes=10)
NOT_A_MEMBER: Final = Refused("not a member")


def authorize(
    message: Message, conversation: KnownConversation, situation: Situation
) -> Allowed | Refused | Waiting:
    """Whether its author is a member on arrival, or somebody invited who answers at home.

    What anybody else writes to a conversation actor is shown nowhere. Unless this node has just
    looked, it asks home first whether the author is a member by now.
    """
    author = message.activity.actor
    if not _is_followed(conversation, situation):
        return NOT_A_MEMBER
    if conversation.is_in(author):
        is_end = conversation.is_home and legacy.wants_to_leave(text_of(message))
        return Waiting("recover", conversation.uri) if is_end and conversation.recovering else OK
    if conversation.is_home:
        return legacy_answer.authorize(message, conversation, situation)
    return unless_stale(conversation, situation)


def unless_stale(conversation: KnownConversation, situation: Situation) -> Refused | Waiting:
    """Somebody is no member, unless home has added them since this node last looked."""
    looked_at = max(conversation.changed_at, conversation.checked_at or conversation.changed_at)
    if situation.now - looked_at > STALE_AFTER:
        return Waiting("look", conversation.uri)
    return NOT_A_MEMBER


OK: Final = Allowed()


def _is_followed(conversation: KnownConversation, situation: Situation) -> bool:
    """Whether the state held is the group's, as far as this node can know."""
    if conversation.state is None:
        return False
    return conversation.is_home or any(
        situation.is_local(person) for person in conversation.present()
    )


def is_no_message(message: Message, situation: Situation) -> bool:
    """Whether it is an answer or a farewell to a group, which is shown to nobody."""
    group = situation.conversation
    if group is None or group.kind != "group" or not unaware.is_legacy(message, situation):
        return False
    if situation.relaying is not None:
        return False
    return not group.is_in(message.activity.actor) or legacy.wants_to_leave(text_of(message))


def apply(message: Message, situation: Situation) -> Sequence[Change]:
    """What home makes of an answer or a farewell; at other nodes it has no effect."""
    group = situation.conversation
    if group is None or not group.is_home:
        return ()
    if group.is_in(message.activity.actor):
        return legacy_leave.removed(message.activity, message.uri, situation)
    return legacy_answer.apply(message, situation)
