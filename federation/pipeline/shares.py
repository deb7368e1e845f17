"""What somebody elsewhere has a part in here is loaded when their account ends or moves."""

from typing import Final

from msgspec.structs import replace

from federation.activities.known import ReadMessage, Shared
from federation.activities.situation import Situation
from storage import departures
from storage.times import from_ms_or_none

# Clients hear of so many of a person's messages; older ones they read anew when they show them.
READ_MAX: Final = 500


async def with_shares(situation: Situation) -> Situation:
    """The situation with all that the speaker has a part in."""
    uri = situation.speaker.uri
    shared: dict[str, Shared] = {}
    for row in await departures.shared_with(uri):
        place = row["conversation_id"]
        known = shared.get(place) or Shared(place, bool(row["is_home"]), ())
        people = (*known.people, row["person"]) if row["person"] is not None else known.people
        shared[place] = Shared(place, known.is_home, people)
    read = await departures.read_of(uri, limit=READ_MAX)
    moves = await departures.moves_of([uri])
    return replace(
        situation,
        shares=tuple(shared.values()),
        read_of=tuple(ReadMessage(r["id"], r["conversation_id"], r["person"]) for r in read),
        moved_at=from_ms_or_none(moves[0]["moved_at"]) if moves else None,
    )
