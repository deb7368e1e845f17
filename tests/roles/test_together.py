"""Web and worker processes on one database are one node to everybody else."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from tests.roles.conftest import NEEDS_SERVER, QUIET_WITHIN_S, Group, Several, processes, settled
from tests.support.checker import History
from tests.support.event_stream import EventStream
from tests.support.person import Person, Room
from tests.support.process_node import until
from tests.support.tls_stream import streaming

# They start once for all tests of this file.
pytestmark = [*NEEDS_SERVER, pytest.mark.asyncio(loop_scope="module")]

LISTENERS = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = $1"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def several(group: Group, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Several]:
    async with processes(group, tmp_path_factory.mktemp("together")) as made:
        await made.start()
        yield made


@pytest_asyncio.fixture(loop_scope="module")
async def room(several: Several) -> Room:
    """A new group of al, cy and bo."""
    made = await several.al_at[0].start_conversation("tea", several.cy.acct, several.bo.acct)
    for guest in (several.cy, several.bo):
        assert await until(
            lambda guest=guest: stands(guest, made, "invited"), within_s=QUIET_WITHIN_S
        )
        await guest.accept(made)
        assert await until(
            lambda guest=guest: stands(guest, made, "joined"), within_s=QUIET_WITHIN_S
        )
    return made


async def stands(person: Person, room: Room, state: str) -> bool:
    return await person.state_in(room) == state


async def test_messages_flow_and_every_stream_shows_them(several: Several, room: Room):
    history = History(room)

    async with streaming(several.al_at[0]) as at_one, streaming(several.al_at[1]) as at_two:
        for number in range(4):
            assert await history.say(several.al_at[number % 2], f"from al {number}")
            assert await history.say(several.bo, f"from bo {number}")
        heard = [{await text(one) for _ in range(8)} for one in (at_one, at_two)]

    said = {one.text for one in history.sends}
    assert heard == [said, said]
    assert await settled(history, several) == []


async def text(stream: EventStream) -> str:
    """What the next message says that a stream shows."""
    return (await stream.next("message")).data["text"]


async def test_a_stream_goes_on_at_another_process_where_it_stopped(several: Several, room: Room):
    async with streaming(several.al_at[0]) as stream:
        await several.cy.say(room, "one")
        assert await text(stream) == "one"
        resume = stream.last_id
    cy = replace(several.cy, node=several.webs[1])
    await cy.say(room, "two")

    async with streaming(several.al_at[1], resume=resume) as stream:
        assert await text(stream) == "two"


async def test_typing_reaches_streams_of_other_processes(several: Several, room: Room):

    async with streaming(several.al_at[1]) as stream:
        assert await several.cy.type_in(room) == 204
        here = (await stream.next("typing")).data
        await several.al_at[0].say(room, "go on")
        await text(stream)
        await until(lambda: can_type(several.bo, room), within_s=QUIET_WITHIN_S)
        there = (await stream.next("typing")).data

    assert (here["acct"], there["acct"]) == (several.cy.acct, several.bo.acct)
    active = await several.al_at[1].presence(room)
    assert active[several.cy.acct]["active"]


async def can_type(person: Person, room: Room) -> bool:
    """Once they have seen something, others hear that they type."""
    if "go on" not in await person.texts(room):
        return False
    return await person.type_in(room) == 204


async def test_whoever_has_typed_is_not_heard_again_at_once_at_another_process(
    several: Several, room: Room
):
    async with streaming(several.al_at[1]) as stream:
        assert await several.cy.type_in(room) == 204
        await stream.next("typing")

    again = await replace(several.cy, node=several.webs[1]).type_in(room)

    assert again == 429


async def test_who_listens_no_longer_hears_all_the_same_and_listens_again(
    several: Several, room: Room
):
    name = several.database.rpartition("/")[2]
    async with streaming(several.al_at[1]) as stream:
        await several.rows(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = $1",
            name,
        )
        await several.cy.say(room, "nobody was woken")
        assert await text(stream) == "nobody was woken"

        async def all_listen() -> bool:
            return (await several.rows(LISTENERS, name))[0][0] == 4

        assert await until(all_listen, within_s=QUIET_WITHIN_S)
        assert await several.cy.type_in(room) == 204
        assert (await stream.next("typing")).data["acct"] == several.cy.acct
