"""The delivery queue and the health of the hosts in it, read from the rows that are sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.queries.explained import why_owed
from storage import deliveries, inbox_aside, logs, owed_hosts, peer_lists
from storage.deliveries import QueueCounts, QueuedRow
from storage.inbox_aside import Held, SetAside
from storage.owed_hosts import OwedHost
from storage.peer_lists import ListedPeer

OWED_SHOWN: Final = 50
SET_ASIDE_SHOWN: Final = 50


async def count_queue() -> QueueCounts:
    """The queue in numbers."""
    return await deliveries.counts()


async def list_queue(*, after: str, limit: int, host: str = "") -> list[QueuedRow]:
    """What is not delivered behind a row's id, oldest first; of one host if it is named."""
    return await deliveries.listed(after=after, host=host, limit=limit)


async def list_owed() -> list[OwedHost]:
    """The hosts that are owed the most, the most first."""
    return await owed_hosts.worst(limit=OWED_SHOWN)


async def list_set_aside() -> list[SetAside]:
    """What has come and is set aside, oldest first."""
    return await inbox_aside.set_aside(limit=SET_ASIDE_SHOWN)


@dataclass(frozen=True, slots=True)
class PeerView:
    """A host, how it is with it, and what it is owed.

    Attributes:
        oldest_at: When the oldest of what it is owed was made, or None.
        why: Why that has not arrived, in a sentence; "" if nothing is owed.
    """

    health: ListedPeer
    waiting: int
    parked: int
    oldest_at: datetime | None
    why: str


async def list_peers(*, after: str, limit: int, now: datetime) -> list[PeerView]:
    """The hosts behind this one, by name."""
    peers = await peer_lists.listed(after=after, limit=limit)
    owed = await owed_hosts.of_hosts([peer.host for peer in peers])
    return [_viewed(peer, owed.get(peer.host), now) for peer in peers]


def _viewed(peer: ListedPeer, owed: OwedHost | None, now: datetime) -> PeerView:
    if owed is None:
        return PeerView(peer, 0, 0, None, "")
    return PeerView(peer, owed.waiting, owed.parked, owed.oldest_at, why_owed(owed, peer, now))


async def count_inbox() -> Mapping[str, Held]:
    """What has come and is not taken in yet, by state."""
    return await inbox_aside.by_state()


async def troubled_logs(hosts: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """By host, the logs of its people that are not in order, each with what is the matter."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in await logs.troubled(hosts):
        found.setdefault(row["host"], []).append((row["uri"], row["trouble"]))
    return found
