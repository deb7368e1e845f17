"""A group whose home is here shows itself to the hosts of its people, each as far as it may."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import msgspec

from federation.keyring import Keyring
from federation.pipeline.identity import find_identity
from federation.protocol import strict_json
from federation.protocol.build import conversation as build
from federation.queries.fetchable import (
    Answer,
    Asker,
    Hidden,
    PersonThere,
    Private,
    encoded,
    may_see_actor,
    may_see_affiliations,
    members,
    people_there,
    read_epoch,
)
from storage import conversations, readers
from storage.times import from_ms

PAGE_ITEMS: Final = 100


@dataclass(frozen=True, slots=True)
class HomeGroup:
    """A group whose home is here; `state` is the object of groups-protocol.md 4.2."""

    id: str
    uri: str
    state: Mapping[str, Any]
    created_at: datetime
    changed_at: datetime
    is_closed: bool


async def find_home_group(conversation_id: str) -> HomeGroup | None:
    """The group with this id, if its home is here and it has a state."""
    rows = await conversations.by_id([conversation_id])
    if not rows or not rows[0]["is_home"] or not rows[0]["state"]:
        return None
    row = rows[0]
    return HomeGroup(
        id=row["id"],
        uri=row["uri"],
        state=strict_json.loads(row["state"].encode()),
        created_at=from_ms(row["created_at"]),
        changed_at=from_ms(row["changed_at"]),
        is_closed=row["closed_at"] is not None,
    )


async def people_of(conversation_id: str, asker: Asker) -> tuple[PersonThere, ...]:
    """The asking host's people in a group; nobody's for a request that nobody signed."""
    if not asker.host:
        return ()
    return people_there(await readers.people_of_host(conversation_id, asker.host))


async def conversation_actor(conversation_id: str, *, asker: Asker) -> Answer:
    """The conversation actor, for the hosts of members, open invitees, and recent members."""
    if not may_see_actor(await people_of(conversation_id, asker), asker.now):
        return Hidden()
    group = await find_home_group(conversation_id)
    if group is None:
        return Hidden()
    identity = await find_identity(group.uri, group.id)
    if identity is None:
        return Hidden()
    document = build.actor(group.state, identity=identity, updated_at=group.changed_at)
    return Private(encoded(document))


async def affiliations(conversation_id: str, *, asker: Asker) -> Answer:
    """The list of members, for the hosts of members and open invitees."""
    if not may_see_affiliations(await people_of(conversation_id, asker), asker.now):
        return Hidden()
    group = await find_home_group(conversation_id)
    return Hidden() if group is None else Private(encoded(build.affiliations(group.state)))


async def state_log(
    conversation_id: str, *, after: str | None, asker: Asker, keyring: Keyring
) -> Answer:
    """The signed changes, for the hosts of members, from the Add of the first of them on.

    Args:
        conversation_id: The group.
        after: The epoch after which a page begins; None for the head.
        asker: Who asks.
        keyring: Makes the proofs of a key that the group uses no more anew.

    Raises:
        RemoteProtocolError: `after` is no number (400).

    Source: groups-protocol.md 4.3 and 9.2
    """
    there = members(await people_of(conversation_id, asker))
    group = await find_home_group(conversation_id) if there else None
    if group is None:
        return Hidden()
    before = _epoch_before(there)
    if after is None:
        head = build.state_log(group.uri, total=group.state["epoch"] - before)
        return Private(encoded(head))
    start = max(read_epoch(after), before)
    rows = await conversations.state_log(group.id, after=start, limit=PAGE_ITEMS + 1)
    shown = rows[:PAGE_ITEMS]
    part = build.Slice(
        after=after,
        items=[msgspec.Raw((await keyring.renewed(row["document"])).encode()) for row in shown],
        next_after=str(shown[-1]["epoch"]) if len(rows) > PAGE_ITEMS else "",
    )
    return Private(encoded(build.state_log_page(group.uri, part)))


def _epoch_before(there: Sequence[PersonThere]) -> int:
    """The epoch before the first that these members may read."""
    return max(min(person.added_at_epoch for person in there) - 1, 0)
