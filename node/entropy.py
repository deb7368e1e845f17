"""The only source of ids, tokens, keys and jitter."""

import base64
import secrets
from collections.abc import Callable
from datetime import datetime
from random import Random
from threading import Lock
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.ec import (
    generate_private_key as generate_ec_key,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key

CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAIRS: Final = tuple(first + second for first in CROCKFORD for second in CROCKFORD)
# The low end of an id, which alone changes while one is counted up from the last.
LOW_BITS: Final = 40
LOW_SHIFTS: Final = range(LOW_BITS - 10, -1, -10)
HIGH_SHIFTS: Final = range(120 - LOW_BITS, -1, -10)
CHANCE_BITS: Final = 80
CHANCE_BYTES: Final = CHANCE_BITS // 8
# How many ids are begun with what the system is asked for at once.
DRAWN_TOGETHER: Final = 64
RSA_EXPONENT: Final = 65537
RSA_BITS: Final = 2048


class Entropy:
    """Ids that sort by time, and what nobody can guess.

    Args:
        now: The time of day.
        chance: The system's, which nobody can guess. A test that is to be played again has its own.
    """

    def __init__(self, now: Callable[[], datetime], chance: Random | None = None) -> None:
        self._now = now
        self._chance = chance or secrets.SystemRandom()
        self._last = 0
        self._high = (-1, "")
        self._drawn = b""
        self._turn = Lock()

    def new_id(self) -> str:
        """A ULID in upper case, greater than every one this object gave before.

        Within a millisecond, and when the clock goes back, the last id is counted up.

        Source: the ULID specification, "Monotonicity"
        """
        milliseconds = int(self._now().timestamp() * 1000)
        # The event loop and the thread of the database both ask.
        with self._turn:
            if milliseconds > self._last >> CHANCE_BITS:
                self._last = (milliseconds << CHANCE_BITS) | self._draw()
            else:
                self._last += 1
            high = self._last >> LOW_BITS
            if high != self._high[0]:
                self._high = (high, _crockford(high, HIGH_SHIFTS))
            return self._high[1] + _crockford(self._last, LOW_SHIFTS)

    def _draw(self) -> int:
        # PERF: to ask the system takes as long as all the rest of an id (benchmarks/inbox.py).
        if not self._drawn:
            self._drawn = self._chance.randbytes(CHANCE_BYTES * DRAWN_TOGETHER)
        drawn, self._drawn = self._drawn[:CHANCE_BYTES], self._drawn[CHANCE_BYTES:]
        return int.from_bytes(drawn)

    def token(self, nbytes: int = 32) -> str:
        """Text for a URL or a cookie that carries this many random bytes."""
        chosen = base64.urlsafe_b64encode(self._chance.randbytes(nbytes))
        return chosen.rstrip(b"=").decode()

    def hexadecimal(self, nbytes: int = 16) -> str:
        """This many random bytes in hexadecimal."""
        return self._chance.randbytes(nbytes).hex()

    def jitter(self) -> float:
        """A number from 0 inclusive to 1 exclusive."""
        return self._chance.getrandbits(53) / (1 << 53)

    def rsa_key(self) -> RSAPrivateKey:
        """An RSA-2048 key; takes about a tenth of a second, so call it in a thread."""
        return generate_private_key(RSA_EXPONENT, RSA_BITS)

    def ed25519_key(self) -> Ed25519PrivateKey:
        """An Ed25519 key."""
        return Ed25519PrivateKey.generate()

    def p256_key(self) -> EllipticCurvePrivateKey:
        """A key on P-256."""
        return generate_ec_key(SECP256R1())


def _crockford(number: int, shifts: range) -> str:
    # PERF: two digits at a time; a whole id takes 5 µs, one by one it was 10 (benchmarks/inbox.py).
    return "".join([PAIRS[(number >> shift) & 1023] for shift in shifts])
