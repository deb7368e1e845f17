"""An account ends or moves: nobody addresses it, or everybody is told where it went.

Sources: groups-protocol.md 11.7 and 11.8; security.md 4.1.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from federation.activities.kind import ActivityKind, Shape
from federation.activities.sending import own, surviving
from federation.activities.situation import Situation
from federation.protocol import uri
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Ask, Change, DeleteActor, DeleteOwnActor, Tell

MOVED_EVERY: Final = timedelta(days=7)


def read(activity: Activity) -> Activity:
    """Understand a Delete of the speaker."""
    return activity


def authorize(activity: Activity, situation: Situation) -> Allowed | Refused:
    """Nobody but the person themselves, and nobody of ours from elsewhere."""
    if activity.object_id != activity.actor or situation.speaker.local:
        return Refused("the account belongs to somebody else")
    return Allowed()


def apply(activity: Activity, situation: Situation) -> Sequence[Change]:
    """The account is no more."""
    return ended(situation, by=activity.id)


def ended(situation: Situation, *, by: str = "") -> list[Change]:
    """What follows from the end of the speaker's account.

    Its messages are empty from here on, and nobody addresses it. Groups whose home is here remove
    it, each in a transaction of its own.

    Args:
        situation: With what the speaker has a part in.
        by: The Delete that says so, "" if its origin does.
    """
    speaker = situation.speaker
    gone = DeleteActor(speaker.uri, speaker.host, situation.now)
    return [gone, *_aftermath(situation, by)]


def ended_here(document: Mapping[str, Any], situation: Situation) -> list[Change]:
    """What follows from the end of an account of this node: as above, and others are told.

    Args:
        document: The Delete, without proof.
        situation: With what the speaker has a part in, and everybody who knows them.
    """
    speaker, by = situation.speaker, document["id"]
    others = [uri for uri, actor in situation.actors.items() if not actor.local]
    gone = DeleteOwnActor(speaker.uri, by, situation.now)
    # Nothing else of theirs goes out any more.
    told = surviving(own(document, others, situation))
    return [gone, *_aftermath(situation, by), *told]


def _aftermath(situation: Situation, by: str) -> list[Change]:
    speaker, now = situation.speaker, situation.now
    told = dict.fromkeys(
        Tell(one.person, "message.deleted", one.conversation_id, one.id, now)
        for one in situation.read_of
    )
    told |= dict.fromkeys(
        Tell(person, "conversation", share.conversation_id, "", now)
        for share in situation.shares
        for person in share.people
    )
    removals = [
        Ask(situation.new_id(), "expel", _subject(share.conversation_id, speaker.uri, by), now)
        for share in situation.shares
        if share.is_home
    ]
    return [*told, *removals]


def _subject(conversation_id: str, person: str, by: str) -> str:
    whole = f"{conversation_id} {person} {by}".strip()
    return whole if len(whole) <= uri.ID_CHARS_MAX else f"{conversation_id} {person}"


def read_move(activity: Activity) -> Activity:
    """Understand a Move of the speaker.

    Raises:
        RemoteProtocolError: It names no other account.
    """
    if not activity.target or activity.target == activity.actor:
        raise RemoteProtocolError("a Move names another account")
    return activity


def authorize_move(activity: Activity, situation: Situation) -> Allowed | Refused:
    """Only one's own account moves, and once in seven days."""
    if activity.object_id != activity.actor or situation.speaker.local:
        return Refused("the account belongs to somebody else")
    if situation.moved_at is not None and situation.now - situation.moved_at < MOVED_EVERY:
        return Refused("an account moves once in seven days")
    return Allowed()


def apply_move(activity: Activity, situation: Situation) -> Sequence[Change]:
    """The other account is asked whether it is that of the same person."""
    if not situation.shares:
        return ()
    subject = f"{activity.actor} {activity.target}"
    if len(subject) > uri.ID_CHARS_MAX:
        return ()
    return [Ask(situation.new_id(), "moved", subject, situation.now)]


def moved(situation: Situation) -> list[Change]:
    """Whoever sees the speaker somewhere hears that they have moved; membership does not."""
    return [
        Tell(person, "conversation", share.conversation_id, "", situation.now)
        for share in situation.shares
        for person in share.people
    ]


DELETE: Final = ActivityKind(Shape("Delete", "Actor", "person"), read, authorize, apply)
MOVE: Final = ActivityKind(Shape("Move", "Actor", "person"), read_move, authorize_move, apply_move)
