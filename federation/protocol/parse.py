"""A document becomes an Activity, or a RemoteProtocolError and nothing else."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from federation.protocol.activity import EPOCH_MAX, Activity, LogTerms
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.inline_context import is_void
from federation.protocol.json_ld import as_list, id_of, is_public, type_of
from federation.protocol.strict_json import MAX_INTEGER
from federation.protocol.timestamps import parse_time
from federation.protocol.uri import canonical, fits, same_origin, without_fragment
from federation.protocol.vocabulary import PUBLIC

ReadId = Callable[[object], str]

MAX_RECIPIENTS = 100
MAX_HEADS = 1_000
MAX_STRING_CHARS = 256 * 1024

_NEEDS_OBJECT = frozenset(
    {
        "Accept",
        "Add",
        "Announce",
        "Block",
        "Create",
        "Delete",
        "EmojiReact",
        "Flag",
        "Follow",
        "Invite",
        "Join",
        "Leave",
        "Like",
        "Move",
        "Read",
        "Reject",
        "Remove",
        "Undo",
        "Update",
    }
)
_NEEDS_NO_ID = frozenset({"ChatTyping"})
# COMPAT(mastodon): a report names the account and its posts in one list.
# https://docs.joinmastodon.org/spec/activitypub/#Flag
_LISTS_OBJECTS = frozenset({"Flag"})
_SPEAKS_FOR_OBJECT = frozenset({"Create", "Update", "Delete"})
_MAY_BE_REQUEST = frozenset({"Update", "Delete"})
# What a request calls the conversation actor, if it embeds it.
_TYPES_OF_A_GROUP = frozenset({"", "Group"})
_NUMBERED = frozenset({"Create", "Update", "Delete", "Like", "Undo", "Leave"})


def parse_activity(document: Mapping[str, Any], *, allow_http: bool = False) -> Activity:
    """Read an activity; a malformed optional part is left out, and the rest is kept.

    1. Every part is of its form. An inline context that redefines a name makes it void.
    2. The id is on the actor's origin.
    3. So is the object of a Create, Update or Delete, and it is attributed to the actor. A request
       (Update or Delete of a conversation actor, sent to it alone) names what is home's.

    Raises:
        RemoteProtocolError: 400 for 1, 422 for 2 and 3.

    Source: security.md 2.1 step 9 and 5; groups-protocol.md 0.5
    """
    read_id = partial(canonical, allow_http=allow_http)
    # 1
    activity = _read(document, read_id)
    # 2
    if activity.id and not same_origin(activity.id, activity.actor):
        raise RemoteProtocolError("the id is not on the actor's origin", activity.id, status=422)
    # 3
    if activity.type in _SPEAKS_FOR_OBJECT and not _is_request(activity):
        _check_object(activity, read_id)
    return activity


def _read(document: Mapping[str, Any], read_id: ReadId) -> Activity:
    kind = _text(document, "type", "no single type")
    actor = _actor(document.get("actor"), read_id)
    value = _object(document, kind)
    log = _log_terms(document, kind, actor=actor, read_id=read_id)
    epoch = _epoch(document)
    if len(as_list(document.get("to"))) + len(as_list(document.get("cc"))) > MAX_RECIPIENTS:
        raise RemoteProtocolError("too many recipients")
    return Activity(
        id=_activity_id(document, kind, read_id),
        type=kind,
        actor=actor,
        object=value,
        object_id=_object_id(value, kind, read_id),
        object_type=type_of(value),
        target=_link(document.get("target"), read_id),
        to=_recipients(document.get("to"), read_id),
        cc=_recipients(document.get("cc"), read_id),
        published=_published(document, is_ours=log is not None or epoch is not None),
        context=_loose_link(document.get("context"), read_id),
        log=log,
        epoch=epoch,
        state=_optional_text(document, "chatState"),
        prev_state=_optional_text(document, "chatPrevState"),
        has_proof=document.get("proof") is not None,
        document=document,
        is_void=is_void(document),
    )


def _is_request(activity: Activity) -> bool:
    # SECURITY: a message is no group, or its author could give it an id of another server;
    # test_o03_an_object_with_one_of_our_ids.
    recipients = activity.to + activity.cc
    is_addressed = activity.type in _MAY_BE_REQUEST and recipients == (activity.object_id,)
    return is_addressed and activity.object_type in _TYPES_OF_A_GROUP


def _text(document: Mapping[str, Any], name: str, reason: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value:
        raise RemoteProtocolError(reason, repr(value)[:80])
    return value


def _optional_text(document: Mapping[str, Any], name: str) -> str:
    return "" if document.get(name) is None else _text(document, name, f"{name} is not a string")


def _whole(document: Mapping[str, Any], name: str) -> int | None:
    value = document.get(name)
    if value is not None and not _is_count(value):
        raise RemoteProtocolError(f"{name} is not a number from 0 to 2^53 - 1", repr(value)[:80])
    return value


def _epoch(document: Mapping[str, Any]) -> int | None:
    epoch = _whole(document, "chatEpoch")
    if epoch is not None and epoch > EPOCH_MAX:
        raise RemoteProtocolError("chatEpoch is beyond 2^31 - 1", str(epoch))
    return epoch


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= MAX_INTEGER


def _actor(value: object, read_id: ReadId) -> str:
    return without_fragment(read_id(id_of(value)))


def _activity_id(document: Mapping[str, Any], kind: str, read_id: ReadId) -> str:
    if document.get("id") is None and kind in _NEEDS_NO_ID:
        return ""
    # COMPAT(mastodon): the ids of its Likes, Undos and Deletes differ in their fragment alone.
    # https://github.com/mastodon/mastodon/tree/main/app/serializers/activitypub
    return read_id(document.get("id"))


def _object(document: Mapping[str, Any], kind: str) -> object:
    value = document.get("object")
    if value is None and kind in _NEEDS_OBJECT:
        raise RemoteProtocolError("no object")
    if isinstance(value, list) and kind in _LISTS_OBJECTS:
        return value
    if value is not None and not isinstance(value, str) and not isinstance(value, dict):
        raise RemoteProtocolError("not one object")
    return value


def _object_id(value: object, kind: str, read_id: ReadId) -> str:
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        texts = [text for text in first.values() if isinstance(text, str)]
        if texts and len(max(texts, key=len)) > MAX_STRING_CHARS:
            raise RemoteProtocolError("a string is too long")
        if first.get("id") is None and kind not in _SPEAKS_FOR_OBJECT:
            return ""
    return read_id(id_of(first)) if first else ""


def _check_object(activity: Activity, read_id: ReadId) -> None:
    value, actor = activity.object, activity.actor
    if not same_origin(activity.object_id, actor):
        detail = activity.object_id
        raise RemoteProtocolError("the object is not on the actor's origin", detail, status=422)
    # An actor's own document may be attributed to somebody: a conversation to its founder.
    if not isinstance(value, dict) or activity.object_id == actor:
        return
    # A Tombstone names no author; whose the object is, the stored one says.
    names_author = activity.type != "Delete" or "attributedTo" in value
    if names_author and _actor(value.get("attributedTo"), read_id) != actor:
        raise RemoteProtocolError("the object is not attributed to the actor", status=422)
    for name in ("to", "cc"):
        if len(as_list(value.get(name))) > MAX_RECIPIENTS:
            raise RemoteProtocolError("too many recipients")


def _recipients(value: object, read_id: ReadId) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for item in as_list(value)[:MAX_RECIPIENTS]:
        text = id_of(item)
        if is_public(text):
            found[PUBLIC] = None
        elif recipient := without_fragment(_link(text, read_id)):
            found[recipient] = None
    return tuple(found)


def _link(value: object, read_id: ReadId) -> str:
    text = id_of(value)
    try:
        return read_id(text) if text else ""
    except RemoteProtocolError:
        return ""


def _loose_link(value: object, read_id: ReadId) -> str:
    # COMPAT(mastodon): a context may be a tag: URI, which links messages and grants nothing.
    # https://github.com/mastodon/mastodon/blob/main/app/lib/ostatus/tag_manager.rb
    text = id_of(value)
    return _link(text, read_id) or (text if fits(text) else "")


def _published(document: Mapping[str, Any], *, is_ours: bool) -> datetime | None:
    """Read the stamp; an impossible one counts only against who follows our profile."""
    try:
        return parse_time(document.get("published"))
    except RemoteProtocolError:
        if is_ours:
            raise
        return None


def _log_terms(
    document: Mapping[str, Any], kind: str, *, actor: str, read_id: ReadId
) -> LogTerms | None:
    seq = _whole(document, "chatSeq")
    heads = _heads(document.get("chatHeads"), read_id)
    if document.get("chatLog") is None:
        if seq is not None:
            raise RemoteProtocolError("chatSeq without chatLog")
        return None
    log = read_id(document["chatLog"])
    if not same_origin(log, actor):
        raise RemoteProtocolError("the log is not on the actor's origin", log, status=422)
    if not seq and kind in _NUMBERED:
        raise RemoteProtocolError("chatLog without chatSeq")
    prev = document.get("chatPrev")
    return LogTerms(
        log=log,
        seq=seq or 0,
        prev="" if prev is None else read_id(prev),
        heads=heads,
    )


def _heads(value: object, read_id: ReadId) -> Mapping[str, int]:
    if value is None:
        return {}
    if not isinstance(value, dict) or len(value) > MAX_HEADS:
        raise RemoteProtocolError("chatHeads is no object of at most 1,000 logs")
    if not all(_is_count(head) for head in value.values()):
        raise RemoteProtocolError("chatHeads has a value that is no number")
    return {read_id(log): head for log, head in value.items()}
