"""A follow: somebody wants what a person posts; the answer, and the end of it.

Follows of our people are accepted at once, or wait for the yes of whoever wants that; conversation
actors and the node itself answer Reject (groups-protocol.md 3.1).

Sources: security.md 4.1 (Follow, Accept, Reject, Undo); chat-ux.md 3, "People".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.activities.kind import ActivityKind, Shape
from federation.activities.sending import answer_follow, sends
from federation.activities.situation import Situation, json_text
from federation.protocol import json_ld
from federation.protocol.activity import Activity
from federation.protocol.build import follow as build
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, DropFollow, KeepActivity, PutFollow, Tell

# So many people wait for somebody's answer; who comes then is not heard.
OPEN_FOLLOWS_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """Who follows whom, or ends it."""

    activity: Activity
    followed: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a followed person says to a follow of one of ours.

    Attributes:
        follow_id: The id of the Follow, as they name it.
    """

    activity: Activity
    follow_id: str
    accepts: bool


def read(activity: Activity) -> Wish:
    """Understand a Follow.

    Raises:
        RemoteProtocolError: It names nobody, or the follower itself.
    """
    if not activity.object_id or activity.object_id == activity.actor:
        raise RemoteProtocolError("a Follow names somebody else to follow")
    return Wish(activity, activity.object_id)


def authorize(wish: Wish, situation: Situation) -> Allowed | Refused:
    """Anybody may ask to follow somebody who is here, and ours may ask anybody we know."""
    if wish.followed not in situation.actors:
        return Refused("nobody here has that id", status=404)
    if not situation.by_us and not situation.is_local(wish.followed):
        return Refused("nobody here has that id", status=404)
    if _waits(situation) and situation.open_follows >= OPEN_FOLLOWS_MAX:
        return Refused("too many people wait for an answer there", status=429)
    return Allowed()


def _waits(situation: Situation) -> bool:
    """Whether the person followed, who is here, has yet to say yes."""
    held = situation.follow
    is_follower = held is not None and held.state == "accepted"
    return situation.approves_followers and not is_follower


def apply(wish: Wish, situation: Situation) -> Sequence[Change]:
    """Keep the follow; answer for our people unless they do so themselves, and ask others' node."""
    activity, now = wish.activity, situation.now
    followed = situation.actors[wish.followed]
    if followed.kind != "person":
        return answer_follow(build.reject_follow, activity, situation)
    waits = _waits(situation)
    state = "accepted" if followed.local and not waits else "pending"
    changes: list[Change] = [
        KeepActivity(activity.id, activity.actor, json_text(activity.document), now),
        PutFollow(activity.actor, wish.followed, activity.id, state, now),
    ]
    if not followed.local:
        return [*changes, *sends(activity.document, [wish.followed], situation)]
    if waits:
        changes.append(_told(wish.followed, situation))
    elif not situation.speaker.local:
        changes += answer_follow(build.accept_follow, activity, situation)
    return changes


def _told(person: str, situation: Situation) -> Tell:
    """What somebody's own account shows of those who wait has changed."""
    return Tell(person, "me", "", "", situation.now)


def read_undo(activity: Activity) -> Wish:
    """Understand an Undo of a Follow.

    Raises:
        RemoteProtocolError: What it undoes is not a follow by its own actor (403).
    """
    inner = activity.object
    if not isinstance(inner, Mapping) or json_ld.id_of(inner.get("actor")) != activity.actor:
        raise RemoteProtocolError("only one's own follow can be undone", status=403)
    return Wish(activity, json_ld.id_of(inner.get("object")))


def authorize_undo(wish: Wish, situation: Situation) -> Allowed | Refused:
    """A follow is ended by its follower, if there is one."""
    follow = situation.follow
    if follow is None or follow.follower != wish.activity.actor:
        return Refused("there is no such follow")
    return Allowed()


def apply_undo(wish: Wish, situation: Situation) -> Sequence[Change]:
    """Drop the follow, and tell the other node when it is ours."""
    activity = wish.activity
    drop = DropFollow(activity.actor, wish.followed)
    held = situation.follow
    if situation.is_local(wish.followed) and held is not None and held.state == "pending":
        return [drop, _told(wish.followed, situation)]
    if not situation.by_us or situation.is_local(wish.followed):
        return [drop]
    keep = KeepActivity(activity.id, activity.actor, json_text(activity.document), situation.now)
    owed = sends(activity.document, [wish.followed], situation)
    return [drop, keep, *owed]


def read_answer(activity: Activity) -> Answer:
    """Understand an Accept or Reject of a Follow, embedded or named by its id."""
    return Answer(activity, activity.object_id, activity.type == "Accept")


def authorize_answer(said: Answer, situation: Situation) -> Allowed | Refused:
    """Only whom our open request went to may answer it; a Reject may come later too.

    SECURITY: the stored follow decides whose answer counts, never the embedded one;
    tests/unit/activities/test_what_is_stored_decides.py.
    """
    follow = situation.follow
    if follow is None or follow.followed != said.activity.actor:
        return Refused("that was never asked")
    if said.follow_id and said.follow_id != follow.activity_id:
        return Refused("that was never asked")
    if said.accepts and follow.state != "pending":
        return Refused("already answered")
    return Allowed()


def apply_answer(said: Answer, situation: Situation) -> Sequence[Change]:
    """The follow is in force, or refused; a no of our people's leaves nothing behind here."""
    follow = situation.follow
    if follow is None:
        return ()
    if situation.by_us:
        told = _told(follow.followed, situation)
        if not said.accepts:
            return (DropFollow(follow.follower, follow.followed), told)
        put = PutFollow(
            follow.follower, follow.followed, follow.activity_id, "accepted", situation.now
        )
        return (put, told)
    state = "accepted" if said.accepts else "rejected"
    put = PutFollow(follow.follower, follow.followed, follow.activity_id, state, situation.now)
    return (put,)


FOLLOW = ActivityKind(Shape("Follow", "", "person"), read, authorize, apply)
UNDO = ActivityKind(Shape("Undo", "Follow", "person"), read_undo, authorize_undo, apply_undo)
ACCEPT = ActivityKind(
    Shape("Accept", "Follow", "person"), read_answer, authorize_answer, apply_answer
)
REJECT = ActivityKind(
    Shape("Reject", "Follow", "person"), read_answer, authorize_answer, apply_answer
)
