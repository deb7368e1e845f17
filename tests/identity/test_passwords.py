"""Passwords are compared the slow way, and always."""

import pytest
from argon2 import PasswordHasher

from federation.protocol.verdict import Allowed, Refused
from node.identity.passwords import NOBODY, Checked, Passwords, judge_password


async def test_the_right_password_is_right_and_no_other() -> None:
    passwords = Passwords()
    stored = await passwords.hash("correct horse")

    assert await passwords.check("correct horse", stored) == Checked(is_right=True)
    assert await passwords.check("correct horsf", stored) == Checked(is_right=False)


async def test_a_hash_names_the_parameters_that_were_chosen() -> None:
    stored = await Passwords().hash("correct horse")

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert NOBODY.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_an_old_hash_is_right_and_gets_a_better_one() -> None:
    passwords = Passwords()
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("correct horse")
    checked = await passwords.check("correct horse", weak)
    assert checked.is_right
    assert await passwords.check("correct horse", checked.better_hash) == Checked(is_right=True)


@pytest.mark.parametrize("stored", [None, "", "not a hash", "$argon2id$v=19$m=19456,t=2,p=1$x$y"])
async def test_nothing_fits_where_there_is_no_password(stored: str | None) -> None:
    assert await Passwords().check("correct horse", stored) == Checked(is_right=False)


@pytest.mark.parametrize("stored", [None, ""])
async def test_an_unknown_name_is_compared_with_a_hash_all_the_same(stored: str | None) -> None:
    seen: list[str] = []

    class Watched(Passwords):
        def _is_right(self, password: str, stored: str) -> bool:
            seen.append(stored)
            return super()._is_right(password, stored)

    await Watched().check("correct horse", stored)

    assert seen == [NOBODY]


@pytest.mark.parametrize(
    ("password", "is_allowed"),
    [("x" * 7, False), ("x" * 8, True), ("x" * 1000, True), ("x" * 1001, False)],
)
def test_a_password_has_a_length(password: str, *, is_allowed: bool) -> None:
    assert isinstance(judge_password(password), Allowed if is_allowed else Refused)
