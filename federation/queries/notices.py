"""What a message says of how it travelled, with the names that the person who looks knows.

Sources: groups-protocol.md 14.5; federation/activities/notices.py writes what is read here.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from federation.queries.travel import NoticeView
from storage import actors, conversation_lists
from storage.database import Row

PEOPLE: Final = {"also_to": "also-to", "only_to": "only-to"}
GROUPS: Final = {"aside": "aside", "unheard": "unheard-answer"}


@dataclass(frozen=True, slots=True)
class Notices:
    """The notices of some messages.

    Attributes:
        kept: By message.
        handles: By actor.
        groups: Our id and the title of a group, by viewer and by what a notice calls it.
    """

    kept: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def views(self, row: Row, viewer: str) -> tuple[NoticeView, ...]:
        """What one person is told of a message; of a group that they do not know, nothing."""
        return tuple(self._views(row, viewer))

    def _views(self, row: Row, viewer: str) -> Iterator[NoticeView]:
        if row["provenance"] == "relayed":
            yield NoticeView("relayed", host=row["home_host"])
        if row["late"]:
            yield NoticeView("late")
        kept = self.kept.get(row["id"], {})
        if kept.get("also"):
            yield NoticeView(kept["also"])
        for key, kind in PEOPLE.items():
            if kept.get(key):
                yield NoticeView(kind, people=tuple([self.handles[one] for one in kept[key]]))
        for key, kind in GROUPS.items():
            group = self.groups.get((viewer, kept.get(key, "")))
            if group is not None:
                yield NoticeView(kind, conversation_id=group[0], title=group[1])


async def notices(rows: Sequence[Row], viewers: Collection[str]) -> Notices:
    """The notices of these messages for these people; no query where there are none."""
    kept = {row["id"]: msgspec.json.decode(row["notices"]) for row in rows if row["notices"]}
    if not kept:
        return Notices()
    named = {uri for one in kept.values() for key in PEOPLE for uri in one.get(key, ())}
    known = await actors.find_actors(sorted(named)) if named else {}
    places = {one[key] for one in kept.values() for key in GROUPS if one.get(key)}
    found = await conversation_lists.named(sorted(viewers), sorted(places)) if places else []
    return Notices(
        kept,
        {uri: _handle(uri, known.get(uri)) for uri in named},
        {
            (row["person"], row[key]): (row["id"], row["title"])
            for row in found
            for key in ("id", "uri")
        },
    )


def _handle(uri: str, actor: actors.StoredActor | None) -> str:
    """Somebody's handle; who was never met is named by their id."""
    is_named = actor is not None and bool(actor.username)
    return f"{actor.username}@{actor.domain}" if actor is not None and is_named else uri
