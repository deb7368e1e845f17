"""Whoever's id answers 410 on three days has gone, and is dealt with as if they had said so.

Source: groups-protocol.md 11.7; security.md 4.1
"""

from datetime import datetime
from typing import Final

from federation.pipeline import farewell
from federation.pipeline.prepare import Tools
from federation.remote.actors import Directory
from storage import departures
from storage.database import transaction

DAYS: Final = 3
ASKED_A_ROUND: Final = 50


async def watch(directory: Directory, tools: Tools, now: datetime) -> None:
    """Ask again whoever was gone when last asked for, once a day; end who was so on three days."""
    for uri in await departures.watched(now, limit=ASKED_A_ROUND):
        await directory.fetch(uri)
    for uri in await departures.gone_for(DAYS):
        async with transaction():
            await farewell.bury(uri, tools, now)
