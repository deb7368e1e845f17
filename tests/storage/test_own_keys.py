"""An actor of ours gets other keys; what is retired opens nothing and is listed for a while."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from storage import actor_keys, database
from storage.changes import AddKey, AddLocalActor
from storage.database import transaction
from storage.own_actors import RETIRED_LISTED, OwnActor, find_own_actor
from storage.write import write

ALICE, GROUP = "https://home.test/u/alice", "https://home.test/c/1"
NOW = datetime(2026, 9, 1, tzinfo=UTC)
NUMBERS: Iterator[int] = count(1)

pytestmark = pytest.mark.usefixtures("database")


def pair(actor: str, serial: str) -> list[AddKey]:
    return [
        AddKey(f"{actor}#{kind}{serial}", actor, kind, b"sealed", f"{kind}{serial}".encode(), NOW)
        for kind in ("rsa", "ed25519")
    ]


async def found(*actors: str) -> None:
    """Actors with their first keys."""
    async with transaction():
        for uri in actors:
            local = AddLocalActor(
                uri,
                "home.test",
                "person",
                "Person",
                uri[-5:],
                "home.test",
                "",
                f"{uri}/in",
                "",
                NOW,
            )
            await write([local, *pair(uri, "")])


async def rotate(
    actor: str, serial: str, *, at: datetime = NOW, is_compromised: bool = False
) -> None:
    async with transaction():
        await actor_keys.rotate(
            pair(actor, serial),
            actor_uri=actor,
            at=at,
            version=f"version {next(NUMBERS)}",
            is_compromised=is_compromised,
        )


async def shown(actor: str) -> OwnActor:
    own = await find_own_actor(actor)
    assert own is not None
    return own


async def proof_keys(actor: str) -> list[bytes]:
    return [one.public for one in (await shown(actor)).ed25519]


async def test_the_new_keys_are_in_use_and_the_old_one_for_proofs_stays_listed():
    await found(ALICE, GROUP)

    await rotate(ALICE, "2")

    for kind in ("rsa", "ed25519"):
        current = await actor_keys.find_current_key(ALICE, kind)
        assert current is not None
        assert current.key_id == f"{ALICE}#{kind}2"
    assert (await shown(ALICE)).rsa.public == b"rsa2"
    assert await proof_keys(ALICE) == [b"ed255192", b"ed25519"]
    assert await proof_keys(GROUP) == [b"ed25519"]


async def test_the_private_half_of_what_is_retired_is_kept_nowhere():
    await found(ALICE)
    await rotate(ALICE, "2")

    rows = await database.fetch("SELECT sealed FROM actor_key WHERE retired_at IS NOT NULL")

    assert [bytes(row["sealed"]) for row in rows] == [b"", b""]
    oldest = await actor_keys.find_oldest_key()
    assert oldest is not None
    assert oldest.sealed == b"sealed"


async def test_nothing_stands_by_a_compromised_key_nor_by_those_before_it():
    await found(ALICE)
    await rotate(ALICE, "2")

    await rotate(ALICE, "3", is_compromised=True)

    assert await proof_keys(ALICE) == [b"ed255193"]
    assert await actor_keys.find_listed(f"{ALICE}#ed25519", ALICE) is None
    assert await actor_keys.find_listed(f"{ALICE}#ed255192", ALICE) is None
    assert await actor_keys.find_listed(f"{ALICE}#ed255193", ALICE) == b"ed255193"


async def test_a_key_is_listed_for_its_own_actor_alone():
    await found(ALICE, GROUP)

    assert await actor_keys.find_listed(f"{ALICE}#ed25519", GROUP) is None
    assert await actor_keys.find_listed(f"{ALICE}#rsa", ALICE) is None


async def test_retired_keys_go_when_they_have_had_their_time():
    await found(ALICE)
    await rotate(ALICE, "2")

    early = await actor_keys.reap(NOW)
    late = await actor_keys.reap(NOW + timedelta(milliseconds=1))

    assert (early, late) == (0, 2)
    assert await proof_keys(ALICE) == [b"ed255192"]
    assert [key.retired_at for key in await actor_keys.list_keys(ALICE)] == [None, None]


async def test_others_read_ten_keys_of_an_actor_and_no_more_are_listed():
    await found(ALICE)

    for number in range(2, 14):
        await rotate(ALICE, str(number), at=NOW + timedelta(minutes=number))

    listed = await proof_keys(ALICE)
    assert len(listed) == RETIRED_LISTED + 1
    assert listed[0] == b"ed2551913"
    assert b"ed25519" not in listed


async def test_other_processes_see_which_of_their_keys_are_retired():
    await found(ALICE, GROUP)
    before = await actor_keys.find_version()

    await rotate(ALICE, "2")

    assert await actor_keys.find_version() != before
    held = [f"{ALICE}#rsa", f"{ALICE}#rsa2", f"{GROUP}#rsa", f"{GROUP}#not-written-yet"]
    assert await actor_keys.retired_among(held) == {f"{ALICE}#rsa"}


async def test_deleted_actors_are_left_alone():
    await found(ALICE, GROUP)
    await database.run("UPDATE actor SET state = 'deleted' WHERE uri = $1", ALICE)

    assert await actor_keys.signing_actors() == [GROUP]
    assert await actor_keys.signing_actors(ALICE) == []
