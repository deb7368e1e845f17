"""Passwords are known by argon2id hashes; an unknown name takes as long as a wrong password."""

import asyncio
from dataclasses import dataclass
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from federation.protocol.verdict import Allowed, Refused

LENGTH_MIN: Final = 8
LENGTH_MAX: Final = 1000
MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1
AT_ONCE: Final = 4

# The hash of nothing anybody knows: what a password is compared with when there is no account.
NOBODY: Final = (
    "$argon2id$v=19$m=19456,t=2,p=1$S+K9ecZR8JeQaf8GxPvHtw$"
    "epm1L8C+coGnjuIkwnXzDXnx5P2V0mShFA7rtKd4e0w"
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of comparing a password.

    Attributes:
        is_right: Whether it is the password.
        better_hash: A hash of it with today's parameters if the stored one has others, or "".
    """

    is_right: bool
    better_hash: str = ""


def judge_password(password: str) -> Allowed | Refused:
    """Whether somebody may choose this password."""
    if len(password) < LENGTH_MIN:
        return Refused(f"A password has at least {LENGTH_MIN} characters.", 422)
    if len(password) > LENGTH_MAX:
        return Refused(f"A password has at most {LENGTH_MAX} characters.", 422)
    return Allowed()


class Passwords:
    """Hashes in threads, a few at a time, so that sign-ins cannot take all memory."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES)
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def check(self, password: str, stored: str | None) -> Checked:
        """Compare a password with a stored hash.

        Args:
            password: What was typed.
            stored: The hash; None or "" if there is none, which is compared all the same.
        """
        async with self._turns:
            is_right = await asyncio.to_thread(self._is_right, password, stored or NOBODY)
        if not (is_right and stored):
            return Checked(is_right=False)
        is_old = self._hasher.check_needs_rehash(stored)
        return Checked(is_right=True, better_hash=await self.hash(password) if is_old else "")

    def _is_right(self, password: str, stored: str) -> bool:
        try:
            return self._hasher.verify(stored, password[: LENGTH_MAX + 1])
        except (VerificationError, InvalidHashError):
            return False
