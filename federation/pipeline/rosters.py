"""Who is in a conversation, and their logs, are kept until the database says they have changed."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from federation.activities.roster import KnownMembership, Roster, Span
from federation.pipeline import rows
from federation.pipeline.kept_logs import KeptLogs
from storage import actors, logs, memberships, stamps
from storage.database import Row
from storage.stamps import Stamps

# A member with a log takes about 3 kB.
ROWS_MAX: Final = 32_768


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation's people and logs, and by what it is told that they have changed."""

    state_hash: str
    people: tuple[str, str]
    roster: Roster
    written: KeptLogs

    @property
    def size(self) -> int:
        """How many rows it is made of; a conversation without people takes room as well."""
        return 1 + len(self.roster.memberships) + len(self.roster.spans) + len(self.written.stamps)


class Rosters:
    """The people and logs of the conversations used last.

    Args:
        rows_max: How many rows may be kept, those of all conversations together.
    """

    def __init__(self, rows_max: int = ROWS_MAX) -> None:
        self._rows_max = rows_max
        self._rows = 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()

    async def of(self, found: Sequence[Row]) -> dict[str, Kept]:
        """People and logs of these conversations' rows by id; inside the caller's transaction.

        SECURITY: whom a message reaches rests on this, so nothing is kept on trust: every write
        to a row of it gives that row another stamp; tests/pipeline/test_rosters.py.
        """
        written = await stamps.of_conversations([row["id"] for row in found])
        people = await self._people(found, written)
        theirs = await self._logs(written)
        for row in found:
            place = row["id"]
            held = self._kept.get(place)
            kept = Kept(row["state_hash"], written[place].people, people[place], theirs[place])
            self._kept[place] = kept
            self._kept.move_to_end(place)
            self._rows += kept.size - (held.size if held is not None else 0)
        answer = {row["id"]: self._kept[row["id"]] for row in found}
        while self._rows > self._rows_max:
            _, oldest = self._kept.popitem(last=False)
            self._rows -= oldest.size
        return answer

    async def _people(
        self, found: Sequence[Row], written: Mapping[str, Stamps]
    ) -> dict[str, Roster]:
        """The rosters, of which only those that have changed are read."""
        kept: dict[str, Roster] = {}
        for row in found:
            held = self._kept.get(row["id"])
            now = (row["state_hash"], written[row["id"]].people)
            if held is not None and (held.state_hash, held.people) == now:
                kept[row["id"]] = held.roster
        changed = [row for row in found if row["id"] not in kept]
        return kept | (await _with_actors(changed, await read(changed)) if changed else {})

    async def _logs(self, written: Mapping[str, Stamps]) -> dict[str, KeptLogs]:
        """The logs, of which only those that have changed are read: a message moves one.

        All of a conversation are read where those with newer stamps are not what has changed: one
        that was opened in a transaction that was rolled back is there no more, and clocks differ.
        """
        held = {place: self._kept[place].written for place in written if place in self._kept}
        behind = {place: one for place, one in held.items() if one.sum != written[place].logs}
        newer = _by_place(
            await logs.stamped_after({place: one.newest for place, one in behind.items()})
        )
        held.update({place: one.with_rows(newer[place]) for place, one in behind.items()})
        unlike = [
            place
            for place, now in written.items()
            if place not in held or held[place].sum != now.logs
        ]
        found = _by_place(await logs.of_conversations(unlike) if unlike else ())
        return held | {place: KeptLogs().with_rows(found[place]) for place in unlike}


def _by_place(found: Iterable[Row]) -> Mapping[str, list[Row]]:
    """Rows by the conversation they are of; an empty list for any other."""
    by_place: dict[str, list[Row]] = defaultdict(list)
    for row in found:
        by_place[row["conversation_id"]].append(row)
    return by_place


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
    named = {row["id"]: tuple(rosters[row["id"]].memberships) for row in found}
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
