"""PURE: a wish becomes the activities that carry it out, numbered, stamped and signed.

Each function answers what the wish comes to, or Refused. A step is an activity with the situation
in which it is performed, since a later step may rest on what an earlier one makes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from federation.activities import direct
from federation.activities.known import UNHEARD, KnownConversation
from federation.activities.sending import own_id, sends
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.groups.size import DIRECT_MAX
from federation.pipeline import uploads
from federation.pipeline.compose_note import place_of, write_note
from federation.pipeline.item import (
    AnswerFollow,
    FollowPerson,
    PostMessage,
    StartDirect,
)
from federation.protocol.activity import Activity
from federation.protocol.build import follow as build_follow
from federation.protocol.parse import parse_activity
from federation.protocol.verdict import Refused
from storage.changes import AttachMedia, Change, KeepActivity, PutMembership

# A message names everybody in its conversation: one that left somebody out would be in another.
UNMET: Final = Refused(
    "The server of somebody in this conversation cannot be reached now.", 503, "unmet"
)
ENDED: Final = Refused(
    "Somebody in this conversation has deleted their account; write to the others in a new one.",
    409,
)


@dataclass(frozen=True, slots=True)
class Step:
    """An activity, signed, and the situation in which it is performed."""

    activity: Activity
    situation: Situation


@dataclass(frozen=True, slots=True)
class Composed:
    """What a wish comes to.

    Attributes:
        resource: Our id of the message or conversation that it makes or is about, or "".
        changes: What it changes beside what its steps do.
    """

    resource: str
    steps: tuple[Step, ...] = ()
    changes: tuple[Change, ...] = ()


def signed(document: Mapping[str, Any], situation: Situation) -> Activity:
    """A document of a local actor with its proof, as the activity that everybody reads."""
    signer = situation.signers[document["actor"]]
    proven = signer.sign(document, situation.now)
    allow_http = situation.space.base_url.startswith("http://")
    return parse_activity(proven, allow_http=allow_http)


def post(draft: PostMessage, situation: Situation) -> Composed | Refused:
    """Say something. Writing into a stranger's direct conversation accepts it."""
    conversation = situation.conversation
    if conversation is None:
        return Refused("no such conversation", status=404)
    refused = _may_post(draft.author, conversation)
    if refused is not None:
        return refused
    unnamed = not_addressable(conversation, situation) or _unheard_of(conversation, situation)
    if unnamed is not None:
        return unnamed
    place = place_of(conversation, situation)
    chosen = uploads.choose(draft, place, situation)
    if isinstance(chosen, Refused):
        return chosen
    note_id, document = write_note(draft, place, situation, uploads=chosen)
    step = Step(signed(document, situation), situation)
    taken_up = _taken_up(draft.author, conversation, situation)
    attached = [AttachMedia(upload.id, note_id) for upload in chosen]
    return Composed(note_id, (step,), (*taken_up, *attached))


def not_addressable(conversation: KnownConversation, situation: Situation) -> Refused | None:
    """Why a direct conversation's people cannot all be named, or None; a group names its actor.

    Who is deleted is addressed by nobody, and a message to the others would be in another set.
    """
    if conversation.kind != "direct":
        return None
    known = [situation.actors.get(person) for person in conversation.memberships]
    if None in known:
        return UNMET
    return ENDED if any(one is not None and one.is_deleted for one in known) else None


def _unheard_of(conversation: KnownConversation, situation: Situation) -> Refused | None:
    """Why nobody would hear of what is written in a direct conversation, or None."""
    is_direct = conversation.kind == "direct"
    return direct.closed(conversation.memberships, situation) if is_direct else None


def _may_post(author: str, conversation: KnownConversation) -> Refused | None:
    membership = conversation.memberships.get(author)
    if membership is None:
        return Refused("no such conversation", status=404)
    if conversation.closed:
        return Refused("the conversation is closed", status=409)
    if conversation.kind == "direct":
        return None
    if membership.state == "joining":
        return _NOT_YET
    return None if conversation.may_speak(author) and conversation.state else _NOT_A_MEMBER


_NOT_A_MEMBER = Refused("you are not a member of this conversation")
_NOT_YET = Refused("the group's server has not let you in yet")


def _taken_up(person: str, conversation: KnownConversation, situation: Situation) -> list[Change]:
    membership = conversation.memberships[person]
    if membership.state not in {"requested", "refused", UNHEARD}:
        return []
    put = PutMembership(
        conversation_id=conversation.id,
        person=person,
        local=True,
        role=membership.role,
        state="joined",
        at=situation.now,
        inviter=membership.inviter,
    )
    return [put, *direct.taken_up(conversation, situation), *told([person], situation)]


def start_direct(draft: StartDirect, situation: Situation) -> Composed | Refused:
    """Open the conversation with these people; writing to them is a step of its own."""
    people = frozenset({draft.author, *draft.people})
    others = [situation.actors.get(uri) for uri in people - {draft.author}]
    if not others or any(one is None or one.kind != "person" for one in others):
        return Refused("nobody has that address", status=404)
    if len(people) > DIRECT_MAX:
        return Refused(f"a direct conversation has at most {DIRECT_MAX} people", status=422)
    conversation = situation.conversation
    if conversation is not None:
        # Who begins to write to somebody has them back whom they had refused, and nobody is told.
        is_begun = conversation.memberships[draft.author].state in {"refused", UNHEARD}
        seen = _taken_up(draft.author, conversation, situation) if is_begun else []
        return Composed(conversation.id, changes=tuple(seen))
    unheard_of = direct.closed(people, situation)
    if unheard_of is not None:
        return unheard_of
    conversation_id, opening = direct.open_direct(people, situation, is_silent=True)
    return Composed(conversation_id, changes=tuple(opening))


def follow(draft: FollowPerson, situation: Situation) -> Composed | Refused:
    """Follow somebody, or no longer; doing it again changes nothing."""
    person = situation.actors.get(draft.person)
    if person is None or person.kind != "person" or draft.person == draft.author:
        return Refused("nobody has that address", status=404)
    held = situation.follow
    if draft.follows:
        if held is not None and held.state != "rejected":
            return Composed("")
        document = build_follow.follow(
            draft.author,
            draft.person,
            activity_id=own_id(draft.author, situation),
            published=situation.now,
        )
        return Composed("", (Step(signed(document, situation), situation),))
    if held is None:
        return Composed("")
    followed = build_follow.follow(
        draft.author, draft.person, activity_id=held.activity_id, published=situation.now
    )
    document = build_follow.undo_follow(
        {key: value for key, value in followed.items() if key not in {"@context", "published"}},
        activity_id=own_id(draft.author, situation),
        published=situation.now,
    )
    return Composed("", (Step(signed(document, situation), situation),))


def answer_follow(draft: AnswerFollow, situation: Situation) -> Composed | Refused:
    """Let somebody follow, or decline: their node hears of either."""
    held = situation.follow
    if held is None or held.state != "pending":
        return Refused("Nobody of that address waits to follow you.", status=404)
    asked = build_follow.follow(
        held.follower, held.followed, activity_id=held.activity_id, published=situation.now
    )
    build = build_follow.accept_follow if draft.accepts else build_follow.reject_follow
    document = build(asked, activity_id=own_id(draft.author, situation), published=situation.now)
    answer = signed(document, situation)
    return Composed(
        "", (Step(answer, situation),), tuple(_posted(answer, held.follower, situation))
    )


def _posted(activity: Activity, person: str, situation: Situation) -> list[Change]:
    if situation.is_local(person):
        return []
    text = json_text(activity.document)
    keep = KeepActivity(activity.id, activity.actor, text, situation.now)
    return [keep, *sends(activity.document, [person], situation)]
