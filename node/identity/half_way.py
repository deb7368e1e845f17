"""Whoever has given the password and not the code yet is half way in, for a few minutes."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from node.identity.fingerprint import fingerprint
from node.identity.sign_in import RightPassword

LASTS: Final = timedelta(minutes=10)
HELD_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Half:
    """An account whose password somebody has given.

    Attributes:
        right: That password, which may be another one by the time the code is given.
        to: Where they want to go.
        until: When they have to begin anew.
    """

    right: RightPassword
    to: str
    until: datetime


class HalfWay:
    """Who is half way in, by the hash of what their browser holds; in memory and bounded."""

    def __init__(self) -> None:
        self._held: OrderedDict[str, Half] = OrderedDict()

    def begin(self, token: str, right: RightPassword, *, to: str, now: datetime) -> None:
        """Remember that the password was right; whoever came first is forgotten first."""
        self._held[fingerprint(token)] = Half(right, to, now + LASTS)
        while len(self._held) > HELD_MAX:
            self._held.popitem(last=False)

    def find(self, token: str, now: datetime) -> Half | None:
        """Who is half way in with this token."""
        half = self._held.get(fingerprint(token))
        return half if half is not None and now < half.until else None

    def end(self, token: str) -> None:
        """They are in, or begin anew."""
        self._held.pop(fingerprint(token), None)
