"""Whether somebody without an invitation may come, and how it stands with who has asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import Enum
from typing import Final

from node.config.registration import RegistrationConfig
from node.identity.attempts import Attempts
from node.identity.passwords import Passwords
from storage import sessions, sign_ups
from storage.sign_ups import SignUp

# How many come in a quarter of an hour: from one address, and at all.
FROM_ADDRESS_MAX: Final = 3
AT_ALL_MAX: Final = 30
ALL: Final = ("all",)


class Entry(Enum):
    """How somebody comes."""

    CLOSED = "by invitation alone"
    APPROVAL = "when somebody has said yes"
    OPEN = "at once"


def judge_entry(wanted: RegistrationConfig, staff_used_at: datetime | None, now: datetime) -> Entry:
    """How somebody comes now.

    Where nobody looks after the node, nobody comes: such nodes were what spam came from.

    Args:
        wanted: What the operator wants.
        staff_used_at: When somebody who moderates was last at a page, or None for never.
        now: The time.
    """
    is_watched = staff_used_at is not None and now - staff_used_at < wanted.close_if_unmoderated_for
    if not (wanted.open and is_watched):
        return Entry.CLOSED
    return Entry.APPROVAL if wanted.approval else Entry.OPEN


async def find_entry(wanted: RegistrationConfig, now: datetime) -> Entry:
    """As `judge_entry`, with what the database knows."""
    if not wanted.open:
        return Entry.CLOSED
    return judge_entry(wanted, await sessions.staff_used_at(), now)


class Admissions:
    """Whether people may come to the pages of one process, and not too many at once.

    Args:
        wanted: What the operator wants.
    """

    def __init__(self, wanted: RegistrationConfig) -> None:
        self.wanted = wanted
        self._from_address = Attempts(FROM_ADDRESS_MAX)
        self._at_all = Attempts(AT_ALL_MAX)

    def wait_s(self, address: str, now: datetime) -> int:
        """Seconds until somebody from there may come; 0 for at once."""
        return max(self._from_address.wait_s((address,), now), self._at_all.wait_s(ALL, now))

    @contextmanager
    def under_way(self, address: str) -> Iterator[None]:
        """Count somebody from there who is about to come."""
        with self._from_address.under_way((address,)), self._at_all.under_way(ALL):
            yield

    def came(self, address: str, now: datetime) -> None:
        """Somebody from there came."""
        self._from_address.failed((address,), now)
        self._at_all.failed(ALL, now)


async def check_waiting(name: str, password: str, passwords: Passwords) -> SignUp | None:
    """Who asked for an account of this name with this password, or None.

    That somebody asked for a name is no secret: the form for that says that it is taken.
    """
    asked = await sign_ups.find(name)
    if asked is None:
        return None
    return asked if (await passwords.check(password, asked.password_hash)).is_right else None
