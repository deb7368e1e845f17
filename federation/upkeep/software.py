"""What unaware members' servers run is asked again now and then: they change it.

Where a rule asks for it, so are the servers that were heard of lately.
"""

from datetime import datetime, timedelta
from typing import Final

from federation.remote.software import NotNow, SoftwareNames
from storage import software

FRESH_FOR: Final = timedelta(days=7)
HOSTS_A_ROUND: Final = 20


async def refresh(names: SoftwareNames, now: datetime, *, for_rules: bool = False) -> None:
    """Ask some of the hosts that were not asked for a week."""
    since = now - FRESH_FOR
    hosts = await software.unknown_since(since, limit=HOSTS_A_ROUND)
    hosts += await software.heard_since(since, limit=HOSTS_A_ROUND) if for_rules else []
    for host in dict.fromkeys(hosts):
        if isinstance(await names.ask(host, now), NotNow):
            # One that is away for long is not asked every ten minutes.
            await software.no_answer(host, now)
