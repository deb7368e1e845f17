"""Beside the password an account may ask for the code of an authenticator (TOTP, RFC 6238).

Each code counts once. Recovery codes stand in for a lost authenticator, once each; the database
knows their hashes, and the authenticator's secret sealed.
"""

import base64
import hmac
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from node.entropy import Entropy
from node.identity.ending import end_all
from node.identity.fingerprint import fingerprint
from storage import second_factors
from storage.database import transaction
from storage.sealing import SecretSealer

PURPOSE: Final = b"covey second factors 1"
STEP_S: Final = 30
DIGITS: Final = 6
# Clocks of telephones are seldom more than a step off.
STEPS_OFF: Final = (-1, 0, 1)
SECRET_BYTES: Final = 20
CODES: Final = 10
CODE_BYTES: Final = 16
GROUP_CHARS: Final = 4


class SecondFactor:
    """The authenticators of one node's accounts."""

    def __init__(self, sealer: SecretSealer, entropy: Entropy) -> None:
        self._sealer = sealer
        self._entropy = entropy

    async def is_on(self, account: str) -> bool:
        """Whether an account asks for a code."""
        factor = await second_factors.find(account)
        return factor is not None and factor.is_on

    async def begin(self, account: str, now: datetime) -> None:
        """Make a secret for an authenticator, which has to show that it has it."""
        secret = bytes.fromhex(self._entropy.hexadecimal(SECRET_BYTES))
        await second_factors.begin(account, self._sealer.seal(secret, account), now)

    async def address(self, account: str, *, domain: str) -> str | None:
        """What an authenticator is told to begin with, as long as it is not on."""
        factor = await second_factors.find(account)
        if factor is None or factor.is_on:
            return None
        totp = _totp(self._sealer.unseal(factor.sealed, account))
        return totp.get_provisioning_uri(f"{account}@{domain}", "Covey")

    async def turn_on(
        self, account: str, code: str, now: datetime, *, but_session: str, but_device: str
    ) -> tuple[str, ...] | None:
        """Ask for codes from here on, if this is one; what the password alone has opened ends.

        Args:
            account: Whose.
            code: What the authenticator shows.
            now: The time.
            but_session: As in `end_all`, likewise below.
            but_device: The browser in which it is turned on.

        Returns:
            The recovery codes, which are seen once; None if nothing was turned on.
        """
        if await self.is_on(account) or not await self._is_step(account, code, now):
            return None
        codes = tuple([self._recovery_code() for _ in range(CODES)])
        hashes = [_hash_of(account, each) for each in codes]
        async with transaction():
            if not await second_factors.turn_on(account, hashes):
                return None
            await end_all(account, but_session=but_session, but_device=but_device)
        return codes

    async def turn_off(self, account: str) -> None:
        """Ask for the password alone."""
        await second_factors.remove(account)

    async def codes_left(self, account: str) -> int:
        """How many recovery codes nobody has used."""
        return await second_factors.count_codes(account)

    async def check(self, account: str, code: str, now: datetime) -> bool:
        """Whether this is a code of the authenticator, or a recovery code; it is used up."""
        return await self._is_step(account, code, now) or await second_factors.use_code(
            account, _hash_of(account, code)
        )

    async def _is_step(self, account: str, code: str, now: datetime) -> bool:
        factor = await second_factors.find(account)
        if factor is None:
            return False
        totp = _totp(self._sealer.unseal(factor.sealed, account))
        typed = "".join(code.split()).encode()
        present = int(now.timestamp()) // STEP_S
        for step in (present + off for off in STEPS_OFF):
            # SECURITY: a code that somebody has read over a shoulder is used up by its step;
            # tests/web/test_second_factor.py.
            if hmac.compare_digest(totp.generate(step * STEP_S), typed):
                return await second_factors.use_step(account, step)
        return False

    def _recovery_code(self) -> str:
        chosen = bytes.fromhex(self._entropy.hexadecimal(CODE_BYTES))
        text = base64.b32encode(chosen).decode().rstrip("=").lower()
        starts = range(0, len(text), GROUP_CHARS)
        return "-".join(text[start : start + GROUP_CHARS] for start in starts)


def _totp(secret: bytes) -> TOTP:
    # RFC 6238 and every authenticator; HMAC-SHA-1 is not what collisions of SHA-1 break.
    return TOTP(secret, DIGITS, SHA1(), STEP_S)  # noqa: S303


def _hash_of(account: str, code: str) -> str:
    bare = "".join(each for each in code.lower() if each.isalnum())
    return fingerprint(f"{account}:{bare}")
