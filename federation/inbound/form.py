"""What the document of an activity itself shows to be wrong: its stamp, and its log terms."""

from datetime import datetime
from typing import Final

from federation.activities.registry import object_type_of
from federation.groups.clock import is_too_far_ahead
from federation.inbound.authenticate import Speaker
from federation.inbound.status import CLOCK_RETRY_S, Reply
from federation.protocol.activity import Activity
from federation.protocol.vocabulary import INVITE_NOTICE

# Entries of a log in a conversation: an aware author numbers them (groups-protocol.md 9.1).
NUMBERED: Final = frozenset(
    {("Create", "Note"), ("Update", "Note"), ("Like", ""), ("Undo", "Like"), ("Leave", "")}
)


def fault_of_form(activity: Activity, speaker: Speaker, now: datetime) -> Reply | None:
    """What the document itself shows: stamp and log terms."""
    if speaker.aware:
        if activity.published is not None and is_too_far_ahead(activity.published, now):
            return Reply(400, "the stamp is ahead of our clock", retry_after_s=CLOCK_RETRY_S)
        numbered = (activity.type, object_type_of(activity)) in NUMBERED
        is_entry = numbered and not _is_invitation_in_words(activity)
        if is_entry and (activity.log is None or activity.log.seq < 1):
            return Reply(400, "an entry names its log and number")
    return None


def _is_invitation_in_words(activity: Activity) -> bool:
    """Whether it is what unaware people are asked by, which is no entry (5.4.1)."""
    note = activity.object
    return isinstance(note, dict) and note.get("chatNotice") == INVITE_NOTICE
