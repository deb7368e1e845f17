"""A member's wish about the group: home decides it, and everybody else's node waits for home.

Sources: groups-protocol.md 4.5 and 4.6; security.md 4.2.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from federation.activities import home
from federation.activities.kind import ActivityKind, Shape
from federation.activities.known import KnownConversation
from federation.activities.sending import sends
from federation.activities.situation import Situation, json_text
from federation.activities.state_change import told
from federation.groups import wishes
from federation.groups.affiliations import read_actor_id, read_relationship
from federation.groups.wishes import Describe, End, GiveRole, Relocate, TakeRole, Wish
from federation.protocol import json_ld, uri
from federation.protocol.activity import Activity
from federation.protocol.build.state_change import Removed
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused, Verdict
from storage.changes import Change, KeepActivity, PutRequest

REQUESTS_PER_HOUR: Final = 30
OPEN_FOR: Final = timedelta(days=7)

EXPIRED: Final = Refused("the request is too old", status=409, notice="expired")
TOO_MANY: Final = Refused("too many requests", status=429, notice="rate", retry_after_s=3600)


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks of which conversation."""

    activity: Activity
    conversation: str
    wish: Wish


def read_removal(activity: Activity) -> Request:
    """Understand a Remove of somebody from the affiliations."""
    return Request(activity, _asked(activity), TakeRole(read_actor_id(activity.object)))


def read_role(activity: Activity) -> Request:
    """Understand an Add that gives a role or bans.

    Raises:
        RemoteProtocolError: Its Relationship is not to the conversation that is asked.
    """
    conversation = _asked(activity)
    found = read_relationship(activity.object, conversation)
    return Request(activity, conversation, GiveRole(found.subject, found.role))


def read_description(activity: Activity) -> Request:
    """Understand an Update of the conversation actor by what it changes.

    Raises:
        RemoteProtocolError: A property has the wrong shape.
    """
    document = activity.object
    if not isinstance(document, Mapping):
        raise RemoteProtocolError("a request changes nothing")
    name, settings = document.get("name"), document.get("chatSettings")
    if not isinstance(name, str | None) or not isinstance(settings, Mapping | None):
        raise RemoteProtocolError("a group's name or settings have the wrong shape")
    wish = Describe(
        name=name,
        icon=_icon(document.get("icon")) if "icon" in document else None,
        settings=settings,
        successors=_successors(document),
    )
    return Request(activity, activity.object_id, wish)


def read_end(activity: Activity) -> Request:
    """Understand a Delete of the conversation actor."""
    return Request(activity, activity.object_id, End())


def _asked(activity: Activity) -> str:
    """The conversation that a request goes to, and to it alone; it is no state change."""
    if activity.state and activity.prev_state:
        raise RemoteProtocolError("only a conversation itself changes its state", status=403)
    if len(activity.to) != 1 or activity.cc:
        raise RemoteProtocolError("a request goes to the conversation alone")
    if not uri.same_origin(activity.target, activity.to[0]):
        raise RemoteProtocolError("a request is about another group's members", status=422)
    return activity.to[0]


def _icon(value: object) -> str:
    if value is None:
        return ""
    url = value.get("url") if isinstance(value, Mapping) else None
    if not isinstance(url, str):
        raise RemoteProtocolError("a group's icon has no url")
    if uri.canonical(url, allow_http=True, chars_max=uri.LINK_CHARS_MAX) != url:
        raise RemoteProtocolError("a group's icon has no url")
    return url


def _successors(document: Mapping[str, Any]) -> tuple[str, ...] | None:
    if "chatSuccessors" not in document:
        return None
    return tuple(map(read_actor_id, json_ld.as_list(document["chatSuccessors"])))


def authorize(request: Request, situation: Situation) -> Allowed | Refused:
    """Whether home carries it out; at another node, whether it is worth asking home."""
    conversation = situation.conversation
    if conversation is None or conversation.uri != request.conversation:
        return Refused("no such conversation", status=404)
    if not conversation.is_home and not situation.by_us:
        return Refused("home decides that elsewhere")
    return too_much(request.activity, conversation, situation) or judge(
        request.activity.actor, request.wish, conversation, situation
    )


def too_much(
    activity: Activity, conversation: KnownConversation, situation: Situation
) -> Refused | None:
    """Why home does not even look at a request: it is too old, or one of too many."""
    if not conversation.is_home:
        return None
    if activity.published is None or situation.now - activity.published > OPEN_FOR:
        return EXPIRED
    return TOO_MANY if situation.asked.requests >= REQUESTS_PER_HOUR else None


def judge(actor: str, wish: Wish, conversation: KnownConversation, situation: Situation) -> Verdict:
    """Whether the state held here lets somebody have their wish."""
    state = conversation.state
    if state is None:
        return Refused("the group is not known here yet", status=409)
    if conversation.closed:
        return wishes.CLOSED
    if not conversation.is_in(actor):
        return wishes.NOT_ALLOWED

    def eligible(person: str) -> bool:
        known = situation.actors.get(person)
        return known is not None and known.aware and known.host != conversation.home_host

    return wishes.judge(actor, wish, state, eligible=eligible)


def apply(request: Request, situation: Situation) -> Sequence[Change]:
    """Home makes the next state of it; another node sends it to home and waits."""
    conversation = situation.conversation
    if conversation is None:
        return ()
    keep = KeepActivity(
        request.activity.id,
        request.activity.actor,
        json_text(request.activity.document),
        situation.now,
    )
    group = home.Group.at_home(conversation)
    if group is not None:
        decided = _carried_out(group, request, situation)
        return [keep, recorded(request, "applied", conversation, situation), *decided.changes]
    return [
        keep,
        recorded(request, "waiting", conversation, situation),
        *sends(
            request.activity.document,
            [conversation.uri],
            situation,
            conversation_id=conversation.id,
        ),
        *told([request.activity.actor], situation),
    ]


def recorded(
    request: Request, state: str, conversation: KnownConversation, situation: Situation
) -> PutRequest:
    """The record that home and the asking node keep."""
    return PutRequest(
        id=request.activity.id,
        conversation_id=conversation.id,
        person=request.activity.actor,
        wish=wishes.word_of(request.wish),
        subject=wishes.subject_of(request.wish),
        state=state,
        notice="",
        published_at=request.activity.published or situation.now,
        at=situation.now,
    )


def _carried_out(group: home.Group, request: Request, situation: Situation) -> home.Decided:
    wish, basis = request.wish, home.basis_of(request.activity.document)
    match wish:
        case TakeRole():
            heads = home.heads_of(wish.subject, group)
            removed = Removed(wish.subject, group.state.role_of(wish.subject), heads)
            return home.remove(group, removed, basis, situation)
        case GiveRole():
            return home.give_role(group, home.Given(wish.subject, wish.role), basis, situation)
        case Describe():
            return home.describe(group, wishes.described(wish, group.state), basis, situation)
        case End():
            return home.close(group, basis, situation)
        case Relocate():
            return home.move(group, wish.target, basis, situation)


KINDS: Final = (
    ActivityKind(Shape("Remove", "", "person"), read_removal, authorize, apply),
    ActivityKind(Shape("Add", "Relationship", "person"), read_role, authorize, apply),
    ActivityKind(Shape("Update", "Group", "person"), read_description, authorize, apply),
    ActivityKind(Shape("Delete", "Group", "person"), read_end, authorize, apply),
)
