"""What unaware members' servers run is asked again now and then: they change it."""

from datetime import datetime, timedelta
from typing import Final

from federation.remote.software import NotNow, SoftwareNames
from storage import software

FRESH_FOR: Final = timedelta(days=7)
HOSTS_A_ROUND: Final = 20


async def refresh(names: SoftwareNames, now: datetime) -> None:
    """Ask some of the hosts that were not asked for a week."""
    for host in await software.unknown_since(now - FRESH_FOR, limit=HOSTS_A_ROUND):
        if isinstance(await names.ask(host, now), NotNow):
            # One that is away for long is not asked every ten minutes.
            await software.no_answer(host, now)
