"""PURE: the facts that an activity tells of itself, and those that somebody adds by hand.

What only a node knows, such as how long it has known a server, is not among them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from federation.content.links import targets_in
from federation.content.plain import to_text
from federation.content.sanitize import clean_html
from federation.policy.expressions import Wrong, read_duration
from federation.policy.facts import Kind, Value, find_fact
from federation.policy.statement import carried_from, hosts_of, spoken_from
from federation.protocol import json_ld
from federation.protocol.activity import Activity
from federation.protocol.attachment import parse_attachments
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.timestamps import parse_time

# Messages of MLS and of Mastodon, as objects.
ENCRYPTED: Final = frozenset({"EncryptedMessage", "PrivateMessage", "PublicMessage", "Welcome"})
_BRINGS_A_NOTE: Final = frozenset({"Create", "Update"})


# What only the message in an activity tells.
OF_THE_NOTE: Final = frozenset(
    {
        *("mentions", "links", "attachments", "text", "text_length", "link_domain", "media_type"),
        *("hashtag", "emoji", "language", "object_age", "media_digest"),
    }
)


def facts_of(
    activity: Activity, now: datetime, *, asked: frozenset[str] = OF_THE_NOTE
) -> Mapping[str, Value]:
    """What an activity tells, by key of `when`.

    PERF: what a message says is read only if one of its facts is asked for.
    """
    found: dict[str, Value] = {
        "domain": tuple(sorted(spoken_from(activity) | carried_from(activity))),
        "actor": (activity.actor,),
        "type": activity.type,
        "recipients": len({*activity.to, *activity.cc}),
    }
    if activity.object_type:
        found["object_type"] = activity.object_type
    if isinstance(activity.object, Mapping):
        found["encrypted"] = is_encrypted(activity.object)
    instrument = json_ld.id_of(activity.document.get("instrument"))
    if instrument:
        found["instrument"] = instrument
    if activity.published is not None:
        found["object_age"] = now - activity.published
    brings = activity.type in _BRINGS_A_NOTE and not asked.isdisjoint(OF_THE_NOTE)
    if brings and isinstance(activity.object, Mapping):
        found |= facts_of_note(activity.object, now)
    return found


def is_encrypted(thing: Mapping[str, Any]) -> bool:
    """Whether only its readers can read what an object says."""
    kind = json_ld.type_of(thing)
    media_type = thing.get("mediaType")
    of_mls = isinstance(media_type, str) and media_type.lower().startswith("message/mls")
    return kind in ENCRYPTED or of_mls


def facts_of_note(note: Mapping[str, Any], now: datetime) -> dict[str, Value]:
    """What a message tells."""
    content = note.get("content")
    html = content if isinstance(content, str) else ""
    tags = [tag for tag in json_ld.as_list(note.get("tag")) if isinstance(tag, Mapping)]
    named = {tag.get("href") for tag in tags if isinstance(tag.get("href"), str)}
    links = [link for link in targets_in(clean_html(html) or "") if link not in named]
    files = [one for one in json_ld.as_list(note.get("attachment")) if isinstance(one, Mapping)]
    text = to_text(html)
    found: dict[str, Value] = {
        "mentions": len(_names(tags, "Mention")),
        "links": len(links),
        "attachments": len(files),
        "text": text,
        "text_length": len(text),
        "link_domain": tuple(sorted(hosts_of(*links))),
        "media_digest": tuple(
            one.digest for one in parse_attachments(note.get("attachment")) if one.digest
        ),
        "media_type": tuple(one for file in files if isinstance(one := file.get("mediaType"), str)),
        "hashtag": tuple(name.removeprefix("#") for name in _names(tags, "Hashtag")),
        "emoji": _names(tags, "Emoji"),
    }
    languages = note.get("contentMap")
    if isinstance(languages, Mapping):
        found["language"] = tuple(str(each) for each in languages)
    try:
        found["object_age"] = now - parse_time(note.get("published"))
    except RemoteProtocolError:
        return found
    return found


def _names(tags: list[Mapping[str, Any]], kind: str) -> tuple[str, ...]:
    names = (tag.get("name") for tag in tags if json_ld.type_of(tag) == kind)
    return tuple(name for name in names if isinstance(name, str))


def read_fact(written: str) -> tuple[str, Value] | Wrong:
    """A fact as somebody states it by hand: `relation=stranger`, `domain_first_seen=3h`."""
    key, _, value = written.partition("=")
    fact = find_fact(key)
    if fact is None or fact.kind in (Kind.NETWORK_LIST, Kind.SIMILAR):
        return Wrong(f"{key} is no fact that can be told")
    if fact.kind is Kind.AGE:
        age = read_duration(value)
        return Wrong(f"{key} {age.reason}") if isinstance(age, Wrong) else (key, age)
    if fact.kind is Kind.FLAG:
        return (
            (key, value == "true")
            if value in ("true", "false")
            else Wrong(f"{key} is true or false")
        )
    if fact.kind is Kind.NUMBER:
        is_count = value.isascii() and value.isdigit() and len(value) <= len(str(1 << 53))
        return (key, int(value)) if is_count else Wrong(f"{key} is a whole number")
    return key, value
