"""Who is in a conversation is read once and kept until the database says that it has changed."""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from federation.activities.roster import KnownMembership, Roster, Span
from federation.pipeline import rows
from storage import actors, memberships
from storage.database import Row

# One of them takes about 2 kB.
PEOPLE_MAX: Final = 16_384


class Rosters:
    """The rosters of the conversations used last, whole and unchanged, with their people's actors.

    Args:
        people_max: How many people may be kept, those of all conversations together.
    """

    def __init__(self, people_max: int = PEOPLE_MAX) -> None:
        self._people_max = people_max
        self._people = 0
        self._held: OrderedDict[str, tuple[object, Roster]] = OrderedDict()

    async def of(self, found: Sequence[Row]) -> dict[str, Roster]:
        """The rosters of these conversations' rows by id; inside the caller's transaction.

        SECURITY: whom a message reaches rests on this, so nothing is kept on trust: every write
        to a row of it gives that row another stamp; tests/pipeline/test_rosters.py.
        """
        stamps = await memberships.stamps([row["id"] for row in found])
        marks = {row["id"]: (row["state_hash"], stamps.get(row["id"])) for row in found}
        rosters = {}
        for place, mark in marks.items():
            held = self._held.get(place)
            if held is not None and held[0] == mark:
                self._held.move_to_end(place)
                rosters[place] = held[1]
        missing = [row for row in found if row["id"] not in rosters]
        if missing:
            for place, roster in (await _with_actors(missing, await read(missing))).items():
                rosters[place] = roster
                self._keep(place, marks[place], roster)
        return rosters

    def _keep(self, place: str, mark: object, roster: Roster) -> None:
        _, before = self._held.pop(place, (None, None))
        self._people += _size(roster) - (_size(before) if before is not None else 0)
        self._held[place] = (mark, roster)
        while self._people > self._people_max:
            _, (_, oldest) = self._held.popitem(last=False)
            self._people -= _size(oldest)


def _size(roster: Roster) -> int:
    # A conversation without people takes room as well.
    return 1 + max(len(roster.memberships), len(roster.spans))


async def read(found: Sequence[Row]) -> dict[str, Roster]:
    """The rosters of these conversations' rows by id, without what is known of their people."""
    ids = sorted({row["id"] for row in found})
    people: dict[str, dict[str, KnownMembership]] = defaultdict(dict)
    for row in await memberships.of_conversations(ids) if ids else ():
        people[row["conversation_id"]][row["actor_uri"]] = rows.known_membership(row)
    spans: dict[str, list[Span]] = defaultdict(list)
    for row in await memberships.spans(ids) if ids else ():
        span = Span(row["actor_uri"], row["from_epoch"], row["to_epoch"])
        spans[row["conversation_id"]].append(span)
    return {
        row["id"]: Roster(people[row["id"]], tuple(spans[row["id"]]), rows.known_state(row))
        for row in found
    }


async def _with_actors(found: Sequence[Row], rosters: Mapping[str, Roster]) -> dict[str, Roster]:
    named = {row["id"]: (*rosters[row["id"]].memberships, row["uri"] or "") for row in found}
    wanted = sorted({uri for uris in named.values() for uri in uris} - {""})
    known = {row["uri"]: rows.known_actor(row) for row in await actors.rows_of(wanted)}
    return {
        place: Roster(
            held.memberships,
            held.spans,
            held.state,
            {uri: known[uri] for uri in named[place] if uri in known},
        )
        for place, held in rosters.items()
    }
