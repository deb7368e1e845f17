"""The delivery queue and the health of the hosts in it, read from the rows that are sent."""

from collections.abc import Collection

from storage import deliveries, logs, peer_lists
from storage.deliveries import QueueCounts, QueuedRow
from storage.peer_lists import ListedPeer


async def count_queue() -> QueueCounts:
    """The queue in numbers."""
    return await deliveries.counts()


async def list_queue(*, after: str, limit: int) -> list[QueuedRow]:
    """What is not delivered behind a row's id, oldest first."""
    return await deliveries.listed(after=after, limit=limit)


async def list_peers(*, after: str, limit: int) -> list[ListedPeer]:
    """The hosts behind this one, by name."""
    return await peer_lists.listed(after=after, limit=limit)


async def troubled_logs(hosts: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """By host, the logs of its people that are not in order, each with what is the matter."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in await logs.troubled(hosts):
        found.setdefault(row["host"], []).append((row["uri"], row["trouble"]))
    return found
