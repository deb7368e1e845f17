"""PURE: the wishes that a group's home decides: changing it, withdrawing an invitation, joining."""

from typing import Any

from msgspec.structs import replace

from federation.activities.known import KnownConversation
from federation.activities.roster import Roster
from federation.activities.sending import aware, own_id
from federation.activities.situation import Situation
from federation.groups import anchors
from federation.groups.state import ADMIN
from federation.groups.wishes import Describe, End, GiveRole, Relocate, TakeRole, Wish
from federation.pipeline.compose import Composed, Step, signed
from federation.pipeline.compose_membership import DIRECT
from federation.pipeline.compose_note import handle, place_of, write_note
from federation.pipeline.item import ChangeGroup, JoinByLink, PostMessage, WithdrawInvitation
from federation.protocol import strict_json
from federation.protocol.build import request as build
from federation.protocol.build.request import Asking
from federation.protocol.uri import host_of
from federation.protocol.verdict import Refused
from storage.changes import AddConversation, HushRequest

NOT_FOUND = Refused("no such conversation", status=404)


def change(draft: ChangeGroup, situation: Situation) -> Composed | Refused:
    """Ask home for a change of the group."""
    conversation = situation.conversation
    if conversation is None or draft.author not in conversation.memberships:
        return NOT_FOUND
    if conversation.kind == "direct":
        return Refused("a direct conversation has nothing to change", status=409, notice=DIRECT)
    asking = _asking(draft.author, conversation.uri, situation)
    document = _document(asking, draft.wish)
    step = Step(signed(document, situation), situation)
    quiet = (HushRequest(document["id"]),) if draft.is_quiet else ()
    return Composed(conversation.id, (*_told_before(draft, conversation, situation), step), quiet)


def _told_before(
    draft: ChangeGroup, conversation: KnownConversation, situation: Situation
) -> tuple[Step, ...]:
    """Before a group ends its unaware members are told; afterwards nobody could (6.5.3)."""
    state, present = conversation.state, conversation.present()
    is_mixed = len(aware(present, situation)) < len(present)
    if not isinstance(draft.wish, End) or state is None or not is_mixed:
        return ()
    if not conversation.is_in(draft.author) or state.role_of(draft.author) != ADMIN:
        return ()
    text = anchors.closing(handle(situation.speaker))
    said = PostMessage(draft.author, conversation.id, text, notice="closed")
    _, document = write_note(said, place_of(conversation, situation), situation)
    return (Step(signed(document, situation), situation),)


def _asking(author: str, conversation: str, situation: Situation) -> Asking:
    return Asking(own_id(author, situation), author, conversation, situation.now)


def _document(asking: Asking, wish: Wish) -> dict[str, Any]:
    match wish:
        case TakeRole():
            return build.take_role(asking, wish.subject)
        case GiveRole():
            return build.give_role(asking, wish.subject, wish.role)
        case Describe():
            return build.describe(asking, _changed(wish))
        case End():
            return build.close(asking)
        case Relocate():
            return build.move(asking, wish.target)


def _changed(wish: Describe) -> dict[str, Any]:
    changed: dict[str, Any] = {}
    if wish.name is not None:
        changed["name"] = wish.name
    if wish.icon is not None:
        changed["icon"] = {"type": "Image", "url": wish.icon} if wish.icon else None
    if wish.settings is not None:
        changed["chatSettings"] = dict(wish.settings)
    if wish.successors is not None:
        changed["chatSuccessors"] = list(wish.successors)
    return changed


def withdraw(draft: WithdrawInvitation, situation: Situation) -> Composed | Refused:
    """Take back an invitation whose bytes are here."""
    conversation, invitation = situation.conversation, situation.invitation
    if conversation is None or draft.author not in conversation.memberships:
        return NOT_FOUND
    if invitation is None or invitation.state != "open":
        return Refused("there is no open invitation", status=409)
    invite = strict_json.loads(invitation.document.encode())
    document = build.withdraw(_asking(draft.author, conversation.uri, situation), invite)
    return Composed(conversation.id, (Step(signed(document, situation), situation),))


def join(draft: JoinByLink, situation: Situation) -> Composed | Refused:
    """Ask home to be let in by a link; who is in already is there."""
    known = situation.conversation
    if known is not None and (known.is_in(draft.author) or _is_asked_in(draft.author, known)):
        return Composed(known.id)
    opening = () if known is not None else (_opening(draft, situation),)
    conversation = known or _made(draft, situation)
    name = situation.space.local_name(draft.author) or ""
    document = build.join(
        _asking(draft.author, draft.uri, situation),
        link=draft.link,
        chat_log=situation.space.log(name, situation.new_id()),
    )
    inside = replace(situation, conversation=conversation)
    return Composed(conversation.id, (Step(signed(document, inside), inside),), opening)


def _is_asked_in(person: str, conversation: KnownConversation) -> bool:
    membership = conversation.memberships.get(person)
    return membership is not None and membership.state == "joining"


def _opening(draft: JoinByLink, situation: Situation) -> AddConversation:
    return AddConversation(
        id=draft.conversation_id,
        uri=draft.uri,
        kind="group",
        is_home=False,
        home_host=host_of(draft.uri),
        title=draft.title,
        context="",
        thread="",
        people_hash="",
        at=situation.now,
    )


def _made(draft: JoinByLink, situation: Situation) -> KnownConversation:
    """The group as its first step finds it: nothing of it is known but its name."""
    return KnownConversation(
        id=draft.conversation_id,
        uri=draft.uri,
        kind="group",
        is_home=False,
        home_host=host_of(draft.uri),
        title=draft.title,
        context="",
        thread="",
        people_hash="",
        disputed=False,
        closed=False,
        newest_t=None,
        changed_at=situation.now,
        roster=Roster({}),
    )
