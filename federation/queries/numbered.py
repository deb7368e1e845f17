"""People as clients of Mastodon's API know them, by number, some queries for any number of them."""

from collections.abc import Collection, Sequence
from typing import Final

from federation.protocol.namespace import Namespace
from federation.queries.numbered_views import FaceView
from storage import actors, numbers
from storage.actors import StoredActor
from storage.notifications import arrived_ms
from storage.numbers import ACTORS, CONVERSATIONS, MEDIA, MESSAGES, find_name, numbers_of
from storage.times import from_ms

__all__ = [
    "ACTORS",
    "CONVERSATIONS",
    "MEDIA",
    "MESSAGES",
    "faces_by_number",
    "faces_of",
    "find_face",
    "find_name",
    "number_of_report",
    "numbers_of",
]

# Programs, by what their documents say they are.
BOTS: Final = frozenset({"Service", "Application"})


async def faces_of(uris: Collection[str], space: Namespace) -> dict[str, FaceView]:
    """These people and groups by id, as far as they are known here."""
    known = await actors.find_actors(sorted(set(uris))) if uris else {}
    given = await numbers_of(ACTORS, list(known))
    return {uri: _face(actor, given[uri], space) for uri, actor in known.items()}


async def faces_by_number(asked: Sequence[int], space: Namespace) -> tuple[FaceView, ...]:
    """Those of the people with these numbers who are known here, in the order asked."""
    names = await numbers.names_of(ACTORS, asked)
    faces = await faces_of(list(names.values()), space)
    found = (faces.get(names.get(number, "")) for number in asked)
    return tuple(face for face in found if face is not None)


async def find_face(uri: str, space: Namespace) -> FaceView | None:
    """One person or group."""
    return (await faces_of([uri], space)).get(uri)


def number_of_report(report_id: str) -> int:
    """What a report is called once, to whoever has made it; nobody asks for it by that."""
    return numbers.first_number(report_id, arrived_ms(report_id))


def _face(actor: StoredActor, number: int, space: Namespace) -> FaceView:
    return FaceView(
        number=number,
        uri=actor.uri,
        username=actor.username,
        domain=actor.domain,
        name=actor.name,
        # SECURITY: no client is led to another server, which would learn who looks, and when;
        # tests/mastodon/test_start.py.
        icon=actor.icon if space.is_ours(actor.icon) else "",
        is_local=actor.local,
        is_bot=actor.type in BOTS,
        is_group=actor.kind == "conversation",
        is_deleted=actor.state == actors.DELETED,
        known_since=from_ms(numbers.made_at_ms(number)),
    )
