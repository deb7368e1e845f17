"""Who may take part in a conversation by something else than a message of their own.

Sources: security.md 4.1; groups-protocol.md 4.6 and 11.
"""

from federation.activities import create_note
from federation.activities.kind import Waiting
from federation.activities.known import KnownConversation
from federation.activities.situation import Situation
from federation.protocol.activity import Activity
from federation.protocol.verdict import Allowed, Refused


def may_take_part(
    activity: Activity, conversation: KnownConversation, situation: Situation
) -> Allowed | Refused | Waiting:
    """Whether the speaker is one of those who talk there.

    In a group an aware person names the epoch they were a member of, and is one now; an unaware one
    is a member on arrival.
    """
    person = activity.actor
    if conversation.kind != "group":
        is_there = person in conversation.memberships
        return Allowed() if is_there else Refused("not in that conversation")
    if not situation.speaker.aware:
        return Allowed() if conversation.is_in(person) else Refused("not a member")
    if activity.context != conversation.context:
        return Refused("a group entry names its group", status=400)
    if create_note.home_vouches(activity, conversation, situation):
        return Allowed()
    return create_note.authorize_in_group(activity, conversation)
