"""A receipt: somebody lets the others know how far they have read.

Sources: groups-protocol.md 8; security.md 4.1.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from federation.activities.kind import ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation, KnownMessage
from federation.activities.situation import Situation
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, PutReceipt, Tell

PEOPLE_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Receipt:
    """The newest message somebody has read."""

    activity: Activity
    message: str


def read(activity: Activity) -> Receipt:
    """Understand a Read.

    Raises:
        RemoteProtocolError: It names no message, or no date.
    """
    if not activity.object_id or activity.published is None:
        raise RemoteProtocolError("a receipt names a message and its date")
    return Receipt(activity, activity.object_id)


def authorize(receipt: Receipt, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether the person is one of at most 50 in the conversation of that message."""
    message, conversation = situation.messages.get(receipt.message), situation.conversation
    if message is None or conversation is None or conversation.id != message.conversation_id:
        return Refused("there is no such message")
    if not conversation.is_in(receipt.activity.actor):
        return Refused("not a member")
    if len(conversation.present()) > PEOPLE_MAX:
        return Refused("too many people for receipts")
    return Allowed()


def apply(receipt: Receipt, situation: Situation) -> Sequence[Change]:
    """Keep it, and tell it to the people here who give receipts themselves."""
    message, conversation = situation.messages.get(receipt.message), situation.conversation
    published = receipt.activity.published
    if message is None or conversation is None or published is None:
        return ()
    put = PutReceipt(
        conversation.id, receipt.activity.actor, message.id, min(published, situation.now)
    )
    return [put, *heard(message, conversation, situation)]


def heard(
    message: KnownMessage, conversation: KnownConversation, situation: Situation
) -> list[Change]:
    """The event of a receipt: only for who gives receipts, and does not hide the speaker."""
    data = json.dumps(
        {"conversation": conversation.id, "acct": situation.speaker.acct, "up_to": message.id}
    )
    return [
        Tell(person, "read", conversation.id, "", situation.now, data)
        for person in conversation.present()
        if person in situation.receipts_to
        and person != situation.speaker.uri
        and person not in situation.blocked_by
        and person in situation.readers.get(message.uri, ())
    ]


KIND = ActivityKind(Shape("Read", "", "person"), read, authorize, apply)
