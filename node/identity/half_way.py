"""Whoever has given the password and not the code yet is half way in, for a few minutes.

Their browser holds that, sealed: any process of the node may be asked for the code.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from node.identity.sign_in import Known
from storage.sealing import SealBroken, SecretSealer

LASTS: Final = timedelta(minutes=10)
PURPOSE: Final = b"covey half way 1"
NAME: Final = "half way"
TOKEN_CHARS_MAX: Final = 2000


@dataclass(frozen=True, slots=True)
class Half:
    """An account whose password somebody has given.

    Attributes:
        known: That password, which may be another one by the time the code is given.
        to: Where they want to go.
        until: When they have to begin anew.
    """

    known: Known
    to: str
    until: datetime


class HalfWay:
    """Writes and reads what the browser of somebody holds who is half way in."""

    def __init__(self, secret: bytes) -> None:
        self._sealer = SecretSealer(secret, PURPOSE)

    def begin(self, known: Known, *, to: str, now: datetime) -> str:
        """What their browser is to hold."""
        document = msgspec.json.encode(Half(known, to, now + LASTS))
        return urlsafe_b64encode(self._sealer.seal(document, NAME)).decode()

    def find(self, token: str, now: datetime) -> Half | None:
        """Who is half way in, by what their browser holds."""
        try:
            sealed = urlsafe_b64decode(token[:TOKEN_CHARS_MAX])
            half = msgspec.json.decode(self._sealer.unseal(sealed, NAME), type=Half)
        except (ValueError, SealBroken):
            return None
        return half if now < half.until else None
