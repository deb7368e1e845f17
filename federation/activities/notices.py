"""What is said on a message about how it travelled: whom it reached besides, or alone.

Sources: groups-protocol.md 6.3, 6.5, 6.7 and 14.5
"""

from collections.abc import Mapping

from federation.activities import unaware
from federation.activities.known import KnownConversation
from federation.activities.message import Message
from federation.activities.situation import Situation, json_text

Notices = Mapping[str, object]


def noted(message: Message, situation: Situation) -> str:
    """The notices of a message as they are kept: a JSON object, or "".

    anchor    it explains a change to unaware members, and is hidden here: a word of 6.5
    also      it was also posted "public", or to "followers"
    also_to   people it went to who are no members
    only_to   the members it went to, where the others never get it
    aside     our id of the group beside which it answers
    unheard   the conversation actor whose invitation it answers where home does not hear it
    """
    conversation = situation.conversation
    if conversation is None or conversation.kind != "group":
        said = _of_direct(message, situation)
    elif unaware.is_legacy(message, situation):
        said = _of_legacy(message, conversation)
    else:
        said = _of_entry(message, conversation, situation)
    kept = {key: value for key, value in said.items() if value}
    return json_text(kept) if kept else ""


def _of_direct(message: Message, situation: Situation) -> Notices:
    aside, unheard = situation.aside, situation.unheard_answer
    return {
        "aside": aside.id if aside is not None else "",
        "only_to": list(message.people) if aside is not None else [],
        "unheard": unheard.conversation_uri if unheard is not None else "",
    }


def _of_legacy(message: Message, conversation: KnownConversation) -> Notices:
    """Who is left out is served by home, unless it relays nothing."""
    present = conversation.present()
    named = [one for one in present if one in message.people]
    others = set(present) - {message.activity.actor}
    is_partial = len(named) < len(others) and not unaware.may_relay(message, conversation)
    return {
        "also": message.widened_beyond(conversation.uri),
        "also_to": [
            one
            for one in message.people
            if one not in present and one != conversation.uri and not _is_below(one, conversation)
        ],
        "only_to": named if is_partial else [],
    }


def _is_below(name: str, conversation: KnownConversation) -> bool:
    return name.startswith(f"{conversation.uri}/")


def _oldest(conversation: KnownConversation) -> int:
    return min((span.from_epoch for span in conversation.spans), default=0)


def _of_entry(message: Message, conversation: KnownConversation, situation: Situation) -> Notices:
    epoch = message.activity.epoch or 0
    # Of the time before this node came nobody here knows who was a member.
    is_known = not situation.by_us and situation.source != "home" and epoch >= _oldest(conversation)
    return {
        "anchor": message.notice if unaware.is_anchor(message, situation) else "",
        "also_to": [
            one
            for one in message.people
            if is_known and one != conversation.uri and not conversation.was_member(one, epoch)
        ],
    }
