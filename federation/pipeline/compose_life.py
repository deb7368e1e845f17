"""PURE: what a person wants to become of a message turns into an activity about it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from federation.activities import react as reactions
from federation.activities.delete_note import had_by
from federation.activities.known import KnownConversation, KnownMessage, KnownReaction
from federation.activities.sending import is_deleted, own_id
from federation.activities.situation import Situation
from federation.content.emoji import as_grapheme
from federation.content.markdown import to_html
from federation.groups import clock
from federation.pipeline.compose import Composed, Step, not_addressable, signed
from federation.pipeline.compose_note import Place, place_of
from federation.pipeline.item import DeleteMessage, EditMessage, ReactTo
from federation.protocol import strict_json
from federation.protocol.build import life as build
from federation.protocol.build.note import EXPLICIT_MEMBERS_MAX, DirectPlace, GroupPlace
from federation.protocol.build.removal import ask_removal
from federation.protocol.timestamps import format_time
from federation.protocol.verdict import Refused

NO_MESSAGE: Final = Refused("no such message", status=404)
NOT_YOURS: Final = Refused("only its author edits a message")
GONE: Final = Refused("that message is deleted", status=409)
NOT_A_MEMBER: Final = Refused("you are not a member of this conversation")
NO_EMOJI: Final = Refused("a reaction is one emoji", status=422)
TOO_MANY: Final = Refused("there are too many reactions already", status=409)


def edit(draft: EditMessage, situation: Situation) -> Composed | Refused:
    """Let a message say something else; its Note stays as it was but for that."""
    held = _held(draft.message, situation)
    if isinstance(held, Refused):
        return held
    message, conversation = held
    if message.author != draft.author:
        return NOT_YOURS
    if not _takes_part(draft.author, conversation):
        return NOT_A_MEMBER
    brought = situation.answered.get(message.latest_id or message.activity_id)
    if brought is None:
        return GONE
    now = _stamp(situation, message.edited_at or message.published_at)
    note = {
        **strict_json.loads(brought.encode())["object"],
        "content": to_html(draft.text),
        "source": {"content": draft.text, "mediaType": "text/markdown"},
        "updated": format_time(now),
    }
    place = place_of(conversation, situation)
    then = set(conversation.members_at(message.epoch or 0))
    is_direct = conversation.state is None
    to = [one.uri for one in place.people if is_direct or one.uri in then]
    activity_id = f"{message.uri}/update/{situation.new_id()}"
    said = _said(draft.author, activity_id, place, situation, to=to, at=now)
    return _step(message, build.update(said, note), situation)


def delete(draft: DeleteMessage, situation: Situation) -> Composed | Refused:
    """Delete one's own message, member or not; another's is for the moderators to remove."""
    message, conversation = situation.messages.get(draft.message), situation.conversation
    if message is None or conversation is None:
        return NO_MESSAGE
    if message.author != draft.author:
        return _ask_removal(draft, message, conversation, situation)
    if message.is_deleted:
        return Composed(message.id)
    is_in = _takes_part(draft.author, conversation)
    people = [
        uri
        for uri in had_by(message, conversation)
        if uri != draft.author and not is_deleted(uri, situation)
    ]
    is_compact = conversation.state is not None and len(people) > EXPLICIT_MEMBERS_MAX
    now = _stamp(situation, message.published_at)
    said = build.Said(
        author=draft.author,
        activity_id=f"{message.uri}/delete",
        to=[conversation.uri] if is_compact else people,
        context=conversation.context,
        published=now,
        place=_where(conversation, situation) if is_in else None,
        log=place_of(conversation, situation).next_entry(draft.author, situation)
        if is_in
        else None,
    )
    return _step(message, build.delete(said, message.uri), situation)


def _ask_removal(
    draft: DeleteMessage,
    message: KnownMessage,
    conversation: KnownConversation,
    situation: Situation,
) -> Composed | Refused:
    if conversation.kind == "direct":
        return Refused("only its author deletes a message")
    document = ask_removal(
        draft.author,
        request_id=own_id(draft.author, situation),
        message=message.uri,
        context=conversation.context,
        conversation=conversation.uri,
        published=clock.stamp(situation.now, None),
    )
    return _step(message, document, situation)


def react(draft: ReactTo, situation: Situation) -> Composed | Refused:
    """React to a message, or no longer; doing it again changes nothing."""
    held = _held(draft.message, situation)
    if isinstance(held, Refused):
        return held
    message, conversation = held
    if not _takes_part(draft.author, conversation):
        return NOT_A_MEMBER
    all_there = situation.reactions.get(message.uri, ())
    emoji = as_grapheme(draft.emoji) or draft.emoji
    icon = next((one.icon for one in all_there if one.emoji == emoji and one.is_on), "")
    if as_grapheme(emoji) is None and not icon and draft.reacts:
        return NO_EMOJI
    mine = next(
        (one for one in all_there if one.person == draft.author and one.emoji == emoji), None
    )
    if (mine is not None and mine.is_on) == draft.reacts:
        return Composed(message.id)
    if draft.reacts and not reactions.has_room(draft.author, emoji, all_there):
        return TOO_MANY
    place = place_of(conversation, situation)
    people = [message.author] if conversation.state is not None else [p.uri for p in place.people]
    others = [uri for uri in people if uri != draft.author]
    after = max(mine.liked_at, mine.undone_at) if mine is not None else message.published_at
    said = _said(
        draft.author,
        own_id(draft.author, situation),
        place,
        situation,
        to=others,
        at=_stamp(situation, after),
    )
    if draft.reacts:
        document = build.like(said, message.uri, emoji=emoji, icon=icon)
    else:
        document = build.undo(said, _like(mine, situation))
    return _step(message, document, situation)


def _like(mine: KnownReaction | None, situation: Situation) -> dict[str, Any]:
    text = situation.answered.get(mine.activity_id) if mine is not None else None
    return strict_json.loads(text.encode()) if text is not None else {}


def _held(uri: str, situation: Situation) -> tuple[KnownMessage, KnownConversation] | Refused:
    message, conversation = situation.messages.get(uri), situation.conversation
    if message is None or conversation is None:
        return NO_MESSAGE
    if message.is_deleted or message.is_removed:
        return GONE
    return not_addressable(conversation, situation) or (message, conversation)


def _takes_part(person: str, conversation: KnownConversation) -> bool:
    if conversation.kind == "direct":
        return person in conversation.memberships
    may_speak = conversation.state is not None and conversation.may_speak(person)
    return may_speak and not conversation.closed


def _stamp(situation: Situation, after: datetime) -> datetime:
    """Later than what it is about, whatever the clock says."""
    return clock.stamp(situation.now, after)


# A message's author, where it stands and when: all of that is on every entry.
def _said(
    author: str,
    activity_id: str,
    place: Place,
    situation: Situation,
    *,
    to: list[str],
    at: datetime,
) -> build.Said:
    conversation = place.conversation
    where = _where(conversation, situation)
    return build.Said(
        author=author,
        activity_id=activity_id,
        to=[*to, conversation.uri] if conversation.uri else to,
        context=conversation.context,
        published=at,
        place=where,
        log=place.next_entry(author, situation),
    )


def _where(conversation: KnownConversation, situation: Situation) -> GroupPlace | DirectPlace:
    if conversation.state is not None:
        return place_of(conversation, situation).group()
    return DirectPlace(context=conversation.context, conversation=conversation.thread)


def _step(message: KnownMessage, document: Mapping[str, Any], situation: Situation) -> Composed:
    return Composed(message.id, (Step(signed(document, situation), situation),))
