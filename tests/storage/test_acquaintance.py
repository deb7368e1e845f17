"""Who is known here: by what people of this node have chosen, and not by what strangers did."""

from datetime import datetime

import pytest

from storage import acquaintance
from storage.database import insert_many
from storage.times import from_ms

pytestmark = pytest.mark.usefixtures("database")

ALICE = "https://home.test/u/alice"
EVE = "https://evil.test/u/eve"
GROUP = "https://evil.test/c/1"
HOST = "evil.test"


async def actor(uri: str, host: str, at_ms: int, *, local: bool = False) -> None:
    columns = ("uri", "host", "local", "kind", "created_at")
    await insert_many("actor", columns, [(uri, host, local, "person", at_ms)])


@pytest.fixture(autouse=True)
async def people(database: object) -> None:
    await actor(ALICE, "home.test", 1, local=True)
    await actor(EVE, HOST, 2_000)
    await actor(GROUP, HOST, 1_000)


async def follow(follower: str, followed: str, state: str) -> None:
    columns = ("follower", "followed", "state", "created_at")
    await insert_many("follow", columns, [(follower, followed, state, 1)])


async def together(mine: str, theirs: str = "joined") -> None:
    columns = ("id", "kind", "is_home", "uri", "created_at", "changed_at")
    await insert_many("conversation", columns, [("C1", "group", False, GROUP, 1, 1)])
    columns = ("conversation_id", "actor_uri", "local", "state", "updated_at")
    rows = [("C1", ALICE, True, mine, 1), ("C1", EVE, False, theirs, 1)]
    await insert_many("membership", columns, rows)


async def test_nobody_knows_a_host_of_which_there_is_only_an_actor():
    assert not await acquaintance.is_known(HOST)
    assert not await acquaintance.is_known("nowhere.test")


@pytest.mark.parametrize(
    ("state", "known"), [("accepted", True), ("pending", True), ("rejected", False)]
)
async def test_whom_somebody_here_follows_is_known(state: str, known: object):
    await follow(ALICE, EVE, state)

    assert await acquaintance.is_known(HOST) is known


async def test_who_follows_somebody_here_is_not_known_for_that():
    await follow(EVE, ALICE, "accepted")

    assert not await acquaintance.is_known(HOST)


@pytest.mark.parametrize(
    ("mine", "known"), [("joined", True), ("requested", False), ("invited", False), ("left", False)]
)
async def test_who_is_in_a_conversation_that_somebody_here_has_taken_up_is_known(
    mine: str, known: object
):
    await together(mine)

    assert await acquaintance.is_known(HOST) is known


async def test_the_home_of_a_conversation_is_known_when_no_member_is_left_there():
    await together("joined", "left")

    assert await acquaintance.is_known(HOST)


@pytest.mark.parametrize(("host", "since"), [(HOST, from_ms(1_000)), ("nowhere.test", None)])
async def test_a_host_was_first_seen_with_its_first_actor(host: str, since: datetime | None):
    assert await acquaintance.first_seen(host) == since
