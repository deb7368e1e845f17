"""An entry takes its number in its author's log, whatever comes of what it says.

Source: groups-protocol.md 9.1
"""

from federation.activities.situation import Situation, json_text
from federation.protocol.activity import Activity
from storage.changes import Change, KeepActivity, NoteEntry, OpenLog


def numbered(activity: Activity, conversation_id: str, situation: Situation) -> list[Change]:
    """The entry's place in the log it names; nothing for an activity that names none."""
    terms, now = activity.log, situation.now
    if terms is None or not terms.seq:
        return []
    # What we have lost ourselves comes back from elsewhere.
    local, conversation = situation.is_local(activity.actor), situation.conversation
    known = conversation.logs if conversation is not None else {}
    changes: list[Change] = []
    if local and terms.log not in known:
        changes.append(OpenLog(terms.log, conversation_id, activity.actor, local, now))
    entry = NoteEntry(
        log=terms.log,
        conversation_id=conversation_id,
        author=activity.actor,
        local=local,
        seq=terms.seq,
        activity_id=activity.id,
        at=now,
    )
    return [*changes, entry]


def kept(activity: Activity, conversation_id: str, situation: Situation) -> list[Change]:
    """The entry's bytes and its number."""
    text = json_text(activity.document)
    keep = KeepActivity(activity.id, activity.actor, text, situation.now)
    return [keep, *numbered(activity, conversation_id, situation)]
