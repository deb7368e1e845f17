"""PURE: a FIRES dataset is pages of changes, of which the newest counts for each entity.

    Recommendation  a rule, or a draft that somebody has to look at
    Advisory        a note with labels, and no rule
    Retraction      the entity has no recommendation any more
    Tombstone       the entity is forgotten; it names a change, or the entity

A snapshot has one change for each entity; changes from the cursor it names go on from there. From
the whole history the same comes out.

Source: policy.md 13; https://fires.fedimod.org/reference/protocol/data-model/changes
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from federation.policy.expressions import Wrong
from federation.policy.lists.entry import ENTRIES_MAX, Listed, Subject, key_of, unreadable
from federation.policy.lists.fires_entries import entry_of
from federation.policy.lists.json_text import json_in
from federation.policy.problem import Unreadable
from federation.protocol.errors import RemoteProtocolError
from federation.protocol.timestamps import parse_time

URL_CHARS_MAX: Final = 2048
KEY_CHARS_MAX: Final = 1024
VALUES_MAX: Final = 50
# Of changes of one entity that a tombstone may name.
IDS_MAX: Final = 50


class Kind(StrEnum):
    """What a change is."""

    RECOMMENDATION = "Recommendation"
    ADVISORY = "Advisory"
    RETRACTION = "Retraction"
    TOMBSTONE = "Tombstone"


Entity = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        ids: Its own, and those of earlier changes of the entity.
        entity: Kind and key; ("", "") where a tombstone names a change alone.
        published: None if it does not say.
    """

    ids: tuple[str, ...]
    kind: Kind
    entity: Entity
    published: datetime | None = None
    policy: str = ""
    filters: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A snapshot, or a page of changes.

    Attributes:
        following: Where it goes on, "" if nowhere: the next page, or the changes after a snapshot.
        skipped: Changes of kinds that nobody here knows.
    """

    changes: tuple[Change, ...]
    following: str = ""
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Dataset:
    """Where a dataset is read."""

    name: str
    snapshot: str
    changes: str


# What holds for each entity.
State = Mapping[Entity, Change]


def read_dataset(name: str, data: bytes) -> Dataset | Unreadable:
    """Read the document of a dataset."""
    read = json_in(data)
    if isinstance(read, Wrong):
        return unreadable(name, [(0, read.reason)])
    endpoints = read.get("endpoints") if isinstance(read, Mapping) else None
    if not isinstance(read, Mapping) or not isinstance(endpoints, Mapping):
        return unreadable(name, [(0, "is no FIRES dataset: it has no endpoints")])
    snapshot, changes = _url(endpoints.get("snapshot")), _url(endpoints.get("changes"))
    if not snapshot and not changes:
        return unreadable(name, [(0, "is no FIRES dataset: it names neither snapshot nor changes")])
    return Dataset(_text(read.get("name"))[:200], snapshot, changes)


def read_page(name: str, data: bytes) -> Page | Unreadable:
    """Read a snapshot or a page of changes; with one malformed change nothing of it is taken."""
    read = json_in(data)
    if isinstance(read, Wrong):
        return unreadable(name, [(0, read.reason)])
    items = read.get("orderedItems", read.get("items", [])) if isinstance(read, Mapping) else None
    if not isinstance(read, Mapping) or not isinstance(items, list) or len(items) > ENTRIES_MAX:
        why = f"is no collection of at most {ENTRIES_MAX:,} changes"
        return unreadable(name, [(0, why)])
    changes: list[Change] = []
    mistakes: list[tuple[int, str]] = []
    for number, item in enumerate(items, 1):
        change = _change(item)
        if isinstance(change, Wrong):
            mistakes.append((0, f"change {number:,} {change.reason}"))
        elif change is not None:
            changes.append(change)
    if mistakes:
        return unreadable(name, mistakes)
    following = _url(read.get("next")) or _url(read.get("changes")) or _url(read.get("first"))
    return Page(tuple(changes), following, skipped=len(items) - len(changes))


def after(state: State, changes: Iterable[Change]) -> State:
    """What holds after more changes, the older ones first; what is older than what holds is not."""
    held = dict(state)
    entities = {one: entity for entity, change in held.items() for one in change.ids}
    for change in changes:
        entity = change.entity
        if change.kind is Kind.TOMBSTONE:
            entity = entity if entity[1] else entities.get(change.ids[0], entity)
        earlier = held.get(entity)
        if earlier is not None and _is_older(change, earlier):
            continue
        entities |= dict.fromkeys(change.ids, entity)
        if change.kind is Kind.TOMBSTONE:
            held.pop(entity, None)
        else:
            ids = (*change.ids, *(earlier.ids if earlier else ()))
            held[entity] = replace(change, ids=tuple(dict.fromkeys(ids))[:IDS_MAX])
    return held


def recommended(state: State) -> Listed:
    """What a dataset recommends, by its newest changes."""
    entries = []
    skipped = cut = 0
    for (subject, key), change in state.items():
        if change.kind is not Kind.RECOMMENDATION:
            skipped += 1
            continue
        entry, is_cut = entry_of(Subject(subject), key, change)
        entries.append(entry)
        cut += is_cut
    return Listed(tuple(entries), skipped=skipped, cut=cut)


def _is_older(change: Change, held: Change) -> bool:
    if change.published is None or held.published is None:
        return False
    return change.published < held.published


def _change(item: object) -> Change | Wrong | None:
    """A change; None for one of a kind, or about a kind of entity, that nobody here knows."""
    if not isinstance(item, Mapping):
        return Wrong("is no object")
    kind, name = _text(item.get("type")), _url(item.get("id"))
    if not name:
        return Wrong("has no id")
    if kind not in set(Kind):
        return None
    entity = _entity(item, may_lack=kind == Kind.TOMBSTONE)
    if isinstance(entity, Wrong) or entity is None:
        return entity
    try:
        published = parse_time(item["published"]) if "published" in item else None
    except RemoteProtocolError:
        return Wrong("has published, which is no time like 2026-12-01T00:00:00Z")
    return Change(
        (name,),
        Kind(kind),
        entity,
        published,
        policy=_text(item.get("recommendedPolicy"))[:100],
        filters=_texts(item.get("recommendedFilters")),
        labels=_texts(item.get("labels")),
        comment=_text(item.get("comment")),
    )


def _entity(item: Mapping[str, Any], *, may_lack: bool) -> Entity | Wrong | None:
    kind, key = _text(item.get("entityKind")), _text(item.get("entityKey"))
    if may_lack and not key:
        return "", ""
    if kind == Subject.ACTOR:
        is_id = key.startswith("https://") and "*" not in key and len(key) <= KEY_CHARS_MAX
        return (kind, key) if is_id else Wrong(f"is about {key[:80]!r}, which is no actor's id")
    if kind != Subject.DOMAIN:
        return None if kind else Wrong("does not say what kind of entity it is about")
    domain = key_of(key)
    if domain is None:
        return Wrong(f"is about {key[:80]!r}, which is no domain like example.org")
    return kind, domain


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _url(value: object) -> str:
    url = value.get("id") if isinstance(value, Mapping) else value
    return url if isinstance(url, str) and len(url) <= URL_CHARS_MAX else ""


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_url, values)))[:VALUES_MAX]
