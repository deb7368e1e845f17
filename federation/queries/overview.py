"""What needs the people who run this node, and how much there is of everything, in numbers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage import gauges, reports, sign_up_links
from storage.accounts import ACTIVE, SUSPENDED
from storage.database import reader

FAILING: Final = "failing"
PARKED: Final = "parked"


@dataclass(frozen=True, slots=True)
class Overview:
    """The node in numbers.

    Attributes:
        reports: Those that are open.
        waiting: Deliveries that wait or are on their way.
        parked: Deliveries that cannot be sent from here.
        oldest_at: When the oldest that waits was made, or None.
        inbox_parked: What has come, failed again and again and is set aside.
        failing: Hosts that cannot be reached.
        invites: Links by which somebody may still come.
        own_media_bytes: Of files uploaded here.
        remote_media_bytes: Of files fetched from others.
    """

    reports: int
    waiting: int
    parked: int
    oldest_at: datetime | None
    inbox_parked: int
    failing: int
    hosts: int
    active: int
    suspended: int
    conversations: int
    invites: int
    database_bytes: int
    own_media_bytes: int
    remote_media_bytes: int


async def read_overview(now: datetime) -> Overview:
    """As of one moment or nearly."""
    found = await gauges.read(now)
    async with reader():
        open_reports = await reports.count_open()
        invites = await sign_up_links.count_open(now)
        database_bytes = await gauges.database_bytes()
    parked = found.inbox.get(PARKED)
    return Overview(
        reports=open_reports,
        waiting=sum(number for state, number in found.owed.items() if state != PARKED),
        parked=found.owed.get(PARKED, 0),
        oldest_at=found.oldest_owed_at,
        inbox_parked=parked.number if parked is not None else 0,
        failing=found.lanes.get(FAILING, 0),
        hosts=sum(found.lanes.values()),
        active=found.accounts.get(ACTIVE, 0),
        suspended=found.accounts.get(SUSPENDED, 0),
        conversations=found.conversations,
        invites=invites,
        database_bytes=database_bytes,
        own_media_bytes=found.own_media_bytes,
        remote_media_bytes=found.remote_media_bytes,
    )
