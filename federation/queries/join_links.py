"""What a join link shows: to its holder the group, to its maker's group the links there are."""

from dataclasses import dataclass
from datetime import datetime

from federation.pipeline.identity import find_identity
from federation.protocol.build import conversation as build
from federation.queries.fetchable import Answer, Asker, Hidden, Private, encoded
from federation.queries.served_groups import HomeGroup, find_home_group
from storage import links
from storage.times import from_ms


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that can be used, without its secret."""

    id: str
    maker: str
    uses_left: int
    made_at: datetime
    ends_at: datetime


async def list_links(conversation_id: str, now: datetime) -> tuple[LinkView, ...]:
    """The links into a group, the oldest first."""
    return tuple(
        [
            LinkView(
                id=row["id"],
                maker=row["maker_uri"],
                uses_left=row["uses_left"],
                made_at=from_ms(row["created_at"]),
                ends_at=from_ms(row["ends_at"]),
            )
            for row in await links.of_group(conversation_id, now)
        ]
    )


async def shown_by(conversation_id: str, token: str, now: datetime) -> HomeGroup | None:
    """The group that a link leads into, while it does."""
    row = await links.find(token)
    if row is None or row["conversation_id"] != conversation_id:
        return None
    if row["uses_left"] < 1 or from_ms(row["ends_at"]) < now:
        return None
    group = await find_home_group(conversation_id)
    return None if group is None or group.is_closed else group


async def link_document(conversation_id: str, token: str, *, asker: Asker) -> Answer:
    """What the node of a link's holder needs in order to ask: actor, keys and size.

    Source: groups-protocol.md 5.3
    """
    group = await shown_by(conversation_id, token, asker.now) if asker.host else None
    if group is None:
        return Hidden()
    identity = await find_identity(group.uri, group.id)
    if identity is None:
        return Hidden()
    return Private(encoded(build.preview(group.state, identity=identity)))
