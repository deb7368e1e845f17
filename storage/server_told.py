"""What a PostgreSQL server says of itself."""

from datetime import datetime

from storage.database import fetch
from storage.times import from_ms

# Its version as a number, and its clock in milliseconds.
_TOLD = """
SELECT current_setting('server_version_num')::bigint AS version,
  (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::bigint AS at
"""


async def read() -> tuple[int, datetime]:
    """Its version, such as 150004, and what time it is there."""
    (row,) = await fetch(_TOLD)
    return int(row["version"]), from_ms(row["at"])
