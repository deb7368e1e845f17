"""A reaction to a message, and its end; the later of the two holds, whichever came first.

Sources: groups-protocol.md 8; security.md 4.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from federation.activities import numbering, standing
from federation.activities.kind import MESSAGE, ActivityKind, Shape, Waiting
from federation.activities.known import KnownConversation, KnownMessage, KnownReaction
from federation.activities.sending import aware, sends
from federation.activities.situation import Situation
from federation.content.emoji import HEART, NAME, as_grapheme
from federation.protocol import json_ld, uri
from federation.protocol.activity import Activity
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.verdict import Allowed, Refused
from storage.changes import Change, PutReaction, Tell, UndoReaction

PER_PERSON_MAX: Final = 8
KINDS_MAX: Final = 50
# Undone ones are remembered too.
ROWS_PER_PERSON_MAX: Final = 64


@dataclass(frozen=True, slots=True)
class Reaction:
    """Somebody's reaction, or its end.

    Attributes:
        activity: The Like, or the Undo.
        like_id: The Like itself.
        message: The id of the message; "" for an Undo that names a Like by its id alone.
        emoji: One character, or a `:name:` whose picture is `icon`.
    """

    activity: Activity
    like_id: str
    message: str
    emoji: str
    icon: str
    is_undone: bool = False


def read_like(activity: Activity) -> Reaction:
    """Understand a Like or an EmojiReact.

    COMPAT(misskey): it repeats the emoji as `_misskey_reaction`.
    https://misskey-hub.net/ns#_misskey_reaction

    Raises:
        RemoteProtocolError: It names no object.
    """
    if not activity.object_id:
        raise RemoteProtocolError("a reaction names a message")
    emoji, icon = _emoji(activity.document)
    return Reaction(activity, activity.id, activity.object_id, emoji, icon)


def read_undo(activity: Activity) -> Reaction:
    """Understand an Undo of a reaction, embedded or by its id.

    Raises:
        RemoteProtocolError: What it embeds is another's, or about nothing.
    """
    like = activity.object
    if not isinstance(like, Mapping):
        return Reaction(activity, activity.object_id, "", "", "", is_undone=True)
    if json_ld.id_of(like.get("actor")) not in {"", activity.actor}:
        raise RemoteProtocolError("nobody undoes another's reaction", status=403)
    message = uri.canonical(json_ld.id_of(like.get("object")), allow_http=True)
    emoji, icon = _emoji(like)
    return Reaction(activity, activity.object_id, message, emoji, icon, is_undone=True)


def _emoji(like: Mapping[str, Any]) -> tuple[str, str]:
    """The emoji of a Like, and the picture of one that is a name; ❤ for what says nothing else."""
    for key in ("content", "_misskey_reaction"):
        value = like.get(key)
        if not isinstance(value, str):
            continue
        found = as_grapheme(value)
        if found is not None:
            return found, ""
        if NAME.fullmatch(value):
            icon = _icon(like, value)
            if icon:
                return value, icon
    return HEART, ""


def _icon(like: Mapping[str, Any], name: str) -> str:
    for tag in json_ld.as_list(like.get("tag")):
        is_emoji = json_ld.type_of(tag) == "Emoji"
        is_it = is_emoji and str(tag.get("name")).strip(":") == name.strip(":")
        icon = tag.get("icon") if is_it else None
        url = icon.get("url") if isinstance(icon, Mapping) else None
        if isinstance(url, str) and url.startswith("https://") and len(url) <= uri.LINK_CHARS_MAX:
            return url
    return ""


def authorize(reaction: Reaction, situation: Situation) -> Allowed | Refused | Waiting:
    """Whether the person may see that message, and takes part in its conversation.

    An aware person's reaction to what has not come waits for it: both are entries of one
    conversation, and one of them is late.
    """
    held = find_held(reaction, situation)
    message = situation.messages.get(reaction.message or (held.message if held else ""))
    if message is None:
        return _about_what_is_not_here(reaction, situation)
    conversation = situation.conversation
    if conversation is None or conversation.id != message.conversation_id:
        return Refused("there is no such message")
    return standing.may_take_part(reaction.activity, conversation, situation)


def _about_what_is_not_here(
    reaction: Reaction, situation: Situation
) -> Allowed | Refused | Waiting:
    """It waits for the message; where that is deleted, it counts as an entry and nothing else."""
    if not reaction.message or not situation.speaker.aware or not reaction.activity.context:
        return Refused("there is no such message")
    if not situation.tombstones.get(reaction.message):
        return Waiting(MESSAGE, reaction.message)
    if situation.conversation is None:
        return Refused("the message is deleted")
    return standing.may_take_part(reaction.activity, situation.conversation, situation)


def find_held(reaction: Reaction, situation: Situation) -> KnownReaction | None:
    """The reaction that an Undo names by its id alone."""
    person = reaction.activity.actor
    for found in situation.reactions.values():
        for one in found:
            if one.activity_id == reaction.like_id and one.person == person:
                return one
    return None


def apply(reaction: Reaction, situation: Situation) -> Sequence[Change]:
    """Let it stand below the message or not, and owe that to the others when it is ours."""
    held = find_held(reaction, situation) if not reaction.message else None
    message = situation.messages.get(reaction.message or (held.message if held else ""))
    conversation = situation.conversation
    if conversation is None:
        return ()
    changes = numbering.kept(reaction.activity, conversation.id, situation)
    if message is None:
        return changes
    change = _change(reaction, held, message, situation)
    if change is not None and not message.is_deleted:
        changes.append(change)
        changes += [
            Tell(person, "reaction", conversation.id, message.id, situation.now)
            for person in situation.readers.get(message.uri, ())
        ]
    if situation.by_us:
        changes += sends(
            reaction.activity.document,
            _audience(message, conversation, situation),
            situation,
            conversation_id=conversation.id,
            object_uri=message.uri,
        )
    return changes


def _change(
    reaction: Reaction,
    held: KnownReaction | None,
    message: KnownMessage,
    situation: Situation,
) -> PutReaction | UndoReaction | None:
    person, emoji = reaction.activity.actor, held.emoji if held else reaction.emoji
    if reaction.is_undone:
        undone_at = _when(reaction.activity, situation)
        return UndoReaction(message.uri, person, emoji, reaction.like_id, undone_at)
    if not has_room(person, emoji, situation.reactions.get(message.uri, ())):
        return None
    return PutReaction(
        uri=message.uri,
        person=person,
        emoji=emoji,
        icon=reaction.icon,
        activity_id=reaction.like_id,
        liked_at=_when(reaction.activity, situation),
    )


def _when(activity: Activity, situation: Situation) -> datetime:
    """An unaware person's word counts as it comes: their stamps are rough, or missing."""
    if activity.log is not None and activity.published is not None:
        return activity.published
    return situation.now


def has_room(person: str, emoji: str, reactions: Sequence[KnownReaction]) -> bool:
    """Whether a person may react to a message with one more emoji, or does already with this."""
    mine = [one for one in reactions if one.person == person]
    shown = {one.emoji for one in reactions if one.is_on}
    if any(one.emoji == emoji for one in mine):
        return True
    is_few = sum(one.is_on for one in mine) < PER_PERSON_MAX and len(mine) < ROWS_PER_PERSON_MAX
    return is_few and (emoji in shown or len(shown) < KINDS_MAX)


def _audience(
    message: KnownMessage, conversation: KnownConversation, situation: Situation
) -> tuple[str, ...]:
    """All aware people and home; who wrote the message gets it whatever runs there."""
    others = aware(conversation.present(), situation)
    group = (conversation.uri,) if conversation.uri else ()
    is_there = conversation.is_in(message.author)
    author = (message.author,) if is_there else ()
    return tuple(dict.fromkeys((*others, *author, *group)))


KINDS = (
    *(
        ActivityKind(Shape(verb, "", "person"), read_like, authorize, apply)
        for verb in ("Like", "EmojiReact")
    ),
    *(
        ActivityKind(Shape("Undo", object_type, "person"), read_undo, authorize, apply)
        for object_type in ("Like", "EmojiReact")
    ),
)
