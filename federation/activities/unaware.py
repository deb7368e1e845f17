"""What a message is if an unaware person wrote it, or if it is for unaware people alone.

Sources: groups-protocol.md 6.5, 6.7 and 10
"""

from federation.activities.known import KnownConversation
from federation.activities.message import Message
from federation.activities.situation import Situation
from federation.groups.settings import read_settings
from federation.protocol.vocabulary import ANCHOR_NOTICES


def is_legacy(message: Message, situation: Situation) -> bool:
    """Whether an unaware person wrote it, who knows no epochs and no logs."""
    return not situation.speaker.aware and message.activity.epoch is None


def is_anchor(message: Message, situation: Situation) -> bool:
    """Whether it explains a change of a group to unaware members; others see the change itself."""
    is_entry = message.activity.epoch is not None and situation.conversation is not None
    return is_entry and situation.speaker.aware and message.notice in ANCHOR_NOTICES


def may_relay(message: Message, conversation: KnownConversation) -> bool:
    """Whether home passes a legacy message on to aware members whom it leaves out."""
    state = conversation.state
    return (
        state is not None
        and conversation.uri in message.people
        and read_settings(state.settings).relay
        and not message.widened_beyond(conversation.uri)
    )
