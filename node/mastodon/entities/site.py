"""PURE: what of this node stands in many entities, and how all of them write names and times."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from federation.protocol.timestamps import format_time

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """This node, as entities name it.

    Attributes:
        base_url: Without a slash at the end.
        name: What people call it.
        picture: The address of the picture of whoever has none.
    """

    base_url: str
    host: str
    account_domain: str
    name: str
    picture: str


def time_or_none(at: datetime | None) -> str | None:
    """A moment with its milliseconds, or None."""
    return format_time(at) if at is not None else None


def shown_domain(domain: str) -> str:
    """A domain in the letters in which people write it."""
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
