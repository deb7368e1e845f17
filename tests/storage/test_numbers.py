"""Numbers for clients of Mastodon's API: given once, never two alike."""

import asyncio

from storage import numbers
from storage.database import Database, insert_many

COLUMNS = ("uri", "host", "local", "kind", "created_at")
AT = 1_790_000_000_000


async def meet(*names: str, at: int = AT) -> None:
    """Let actors be known here since a moment."""
    await insert_many(
        "actor", COLUMNS, [(name, "beta.test", False, "person", at) for name in names]
    )


async def test_a_number_is_given_once_and_leads_back(database: Database):
    await meet("https://beta.test/u/bo", "https://beta.test/u/gi")
    known = ["https://beta.test/u/bo", "https://beta.test/u/nobody"]

    first = await numbers.numbers_of(numbers.ACTORS, known)
    again = await numbers.numbers_of(numbers.ACTORS, [*known, "https://beta.test/u/gi"])

    assert list(first) == ["https://beta.test/u/bo"]
    assert again["https://beta.test/u/bo"] == first["https://beta.test/u/bo"]
    for name, number in again.items():
        assert len(str(number)) == 18
        assert numbers.made_at_ms(number) == AT
        assert await numbers.find_name(numbers.ACTORS, number) == name
    assert await numbers.find_name(numbers.ACTORS, 1) is None
    assert await numbers.names_of(numbers.ACTORS, []) == {}


async def test_those_who_would_have_the_same_have_others(database: Database):
    wanted, number, names = numbers.first_number("x0", AT), 1, ["x0"]
    while len(names) < 3:
        if numbers.first_number(f"x{number}", AT) == wanted:
            names.append(f"x{number}")
        number += 1
    await meet(*names)

    given = await numbers.numbers_of(numbers.ACTORS, names)
    later = await numbers.numbers_of(numbers.ACTORS, names)

    assert sorted(given.values()) == [wanted, wanted + 1, wanted + 2]
    assert later == given


async def test_two_who_ask_at_once_are_told_the_same(database: Database):
    names = [f"https://beta.test/u/p{number}" for number in range(20)]
    await meet(*names)

    told = await asyncio.gather(*(numbers.numbers_of(numbers.ACTORS, names) for _ in range(5)))

    assert all(each == told[0] for each in told)
    assert len(set(told[0].values())) == len(names)
