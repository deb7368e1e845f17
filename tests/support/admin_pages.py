"""The templates of the administration with what they are told, as in every_page.py."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from federation.queries.overview import Overview

AT = datetime(2026, 9, 3, 12, tzinfo=UTC)


def framed(part: str, **values: object) -> Mapping[str, Any]:
    """What every one of them is told, and this."""
    frame: Mapping[str, Any] = {
        "csrf": "token",
        "account": "alice",
        "is_operator": True,
        "part": part,
        "failure": "",
        "notice": "",
    }
    return {**frame, **values}


TOLD: Mapping[str, Mapping[str, Any]] = {
    "admin_overview.html": framed(
        "overview",
        seen=Overview(1, 2, 3, AT, 1, 1, 2, 3, 1, 4, 1, 1, 1, 1),
        is_restored=True,
        is_disk_low=True,
        disk_free=1,
        disk=2,
        database=1,
        media=1,
        media_elsewhere=1,
    ),
}
