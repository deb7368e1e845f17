"""Other servers, for who runs this node: how it is with them, and all there is about one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from federation.policy.domains import Rules, why_not_delivered
from federation.queries.audit import DeedLine, deeds_about
from federation.queries.policy import BlockedDomain, list_blocked
from storage import acquaintance, logs, owed_hosts, peer_lists
from storage.database import reader
from storage.owed_hosts import OwedHost
from storage.peer_lists import ListedPeer

FAILING: Final = "failing"
DEEDS_SHOWN: Final = 20
LOGS_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class PeerRow:
    """A server in a list, and what it is owed; None for nothing."""

    health: ListedPeer
    owed: OwedHost | None


@dataclass(frozen=True, slots=True)
class ServerView:
    """All there is about one server.

    Attributes:
        host: Its name, with its port if it has one.
        health: None where this node has never sent there.
        owed: What waits for it, or None.
        first_seen_at: Since when anybody of it is known here.
        kept_out: Why nothing goes there, in words; "" where it does.
        block: The block on just this domain, if there is one.
        logs: Of its people, those that are not in order: each with what is the matter.
        deeds: What was done about it, newest first.
    """

    host: str
    health: ListedPeer | None
    owed: OwedHost | None
    first_seen_at: datetime | None
    kept_out: str
    block: BlockedDomain | None
    logs: tuple[tuple[str, str], ...]
    deeds: tuple[DeedLine, ...]

    @property
    def is_known(self) -> bool:
        """Whether this node has had to do with it."""
        return bool(self.health or self.owed or self.first_seen_at)


async def search(text: str, *, only_failing: bool, after: str, limit: int) -> list[PeerRow]:
    """Servers in whose names a text is found, by name.

    Args:
        text: "" for all.
        only_failing: Whether those are left out that can be reached.
        after: The name that a page begins behind, or "".
        limit: How many at most.
    """
    state = FAILING if only_failing else ""
    async with reader():
        peers = await peer_lists.search(text, state=state, after=after, limit=limit)
        owed = await owed_hosts.of_hosts([peer.host for peer in peers])
    return [PeerRow(peer, owed.get(peer.host)) for peer in peers]


async def find_server(host: str, domain: str, rules: Rules) -> ServerView:
    """One server, known or not.

    Args:
        host: As in an id.
        domain: The same without a port.
        rules: Those in force.
    """
    async with reader():
        healths = await peer_lists.named([host])
        owed = await owed_hosts.of_hosts([host])
        troubled = [(row["uri"], row["trouble"]) for row in await logs.troubled([host])]
        blocked = [one for one in await list_blocked() if one.domain == domain]
        lines = await deeds_about(domain, "rule.", limit=DEEDS_SHOWN)
        orders = await deeds_about(host, "queue.", limit=DEEDS_SHOWN)
        return ServerView(
            host=host,
            health=healths.get(host),
            owed=owed.get(host),
            first_seen_at=await acquaintance.first_seen(host),
            kept_out=why_not_delivered(rules, host),
            block=blocked[0] if blocked else None,
            logs=tuple(troubled[:LOGS_SHOWN]),
            deeds=tuple(sorted((*lines, *orders), key=lambda line: line.at, reverse=True)),
        )
