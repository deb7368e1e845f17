"""Time on the wire is RFC 3339 in UTC, and inside it is an aware datetime of whole milliseconds."""

import re
from datetime import UTC, datetime

from federation.protocol.errors import LocalProtocolError, RemoteProtocolError

_RFC3339 = re.compile(
    r"(?a:(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:\d\d)(?:\.(\d{1,32}))?(?:[Zz]|([+-]\d\d:\d\d)))"
)


def parse_time(text: object) -> datetime:
    """Read a moment; digits below the millisecond are cut off, as the database does.

    Raises:
        RemoteProtocolError: It is not RFC 3339, or no such moment exists.
    """
    found = _RFC3339.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise RemoteProtocolError("a time is not RFC 3339", repr(text)[:80])
    day, clock, fraction, offset = found.groups()
    milliseconds = (fraction or "")[:3].ljust(3, "0")
    try:
        moment = datetime.fromisoformat(f"{day}T{clock}.{milliseconds}{offset or '+00:00'}")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RemoteProtocolError("a time that cannot be", repr(text)[:80]) from error


def format_time(moment: datetime) -> str:
    """Write a moment as `2026-09-03T12:05:00.000Z`.

    Raises:
        LocalProtocolError: The datetime is naive.
    """
    if moment.tzinfo is None:
        raise LocalProtocolError(f"a naive time was about to be sent: {moment}")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
