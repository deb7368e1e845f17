"""What rules ask about senders and their hosts, for all that is judged at once."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from storage.database import Row, fetch
from storage.times import to_ms

ACTORS: Final = """
SELECT uri, type, name, username, icon, created_at, document FROM actor WHERE uri = ANY($1)
"""

SOFTWARE: Final = "SELECT host, software FROM peer WHERE host = ANY($1) AND software <> ''"

REPORTS: Final = """
SELECT accused_uri, COUNT(*) AS n FROM report
WHERE accused_uri = ANY($1) AND created_at > $2 GROUP BY accused_uri
"""


async def actors(uris: Collection[str]) -> dict[str, Row]:
    """What is stored of these actors, by id."""
    return {row["uri"]: row for row in await fetch(ACTORS, sorted(uris))}


async def software(hosts: Collection[str]) -> dict[str, str]:
    """What these hosts say that they run."""
    return {row["host"]: row["software"] for row in await fetch(SOFTWARE, sorted(hosts))}


async def reports(accused: Collection[str], now: datetime, within: timedelta) -> dict[str, int]:
    """How often these were reported lately."""
    rows = await fetch(REPORTS, sorted(accused), to_ms(now - within))
    return {row["accused_uri"]: int(row["n"]) for row in rows}
