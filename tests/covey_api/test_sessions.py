"""Sessions are listed and ended over the API, and a stream ends with what opened it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from node.identity.ending import end_all, set_password
from node.identity.fingerprint import fingerprint
from node.identity.sessions import Opened, Whence, open_session
from storage.database import run
from tests.support.api_node import ApiNode, Person
from tests.support.event_stream import listening

ENDS_WITHIN_S = 2.0


async def opened(node: ApiNode, name: str, agent: str = "Browser") -> Opened:
    whence = Whence(agent, "192.0.2.1")
    return await open_session(name, whence, entropy=node.mint.entropy, now=node.mint.clock())


async def test_the_callers_sessions_are_listed_and_nobody_elses(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    session = await opened(node, "ana", "Firefox")
    await opened(node, "bo")

    (listed,) = (await ana.get("/sessions")).items

    assert (listed["device"], listed["address"]) == ("Firefox", "192.0.2.1")
    assert listed["current"] is False
    assert session.cookie not in str(listed)
    assert fingerprint(session.cookie) not in str(listed)


async def test_a_session_is_ended_by_its_person_alone(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    await opened(node, "ana")
    (listed,) = (await ana.get("/sessions")).items

    theirs = await bo.call("DELETE", f"/sessions/{listed['id']}")
    nothing = await bo.call("DELETE", "/sessions/0123456789")
    before = (await ana.get("/sessions")).items
    own = await ana.call("DELETE", f"/sessions/{listed['id']}")

    assert (theirs.status, theirs.body) == (nothing.status, nothing.body)
    assert theirs.status == 404
    assert before == [listed]
    assert own.status == 204
    assert (await ana.get("/sessions")).items == []


async def test_all_sessions_of_the_caller_end_at_once(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    for name in ("ana", "ana", "bo"):
        await opened(node, name)

    answer = await ana.call("DELETE", "/sessions")

    assert answer.status == 204
    assert (await ana.get("/sessions")).items == []
    assert len((await bo.get("/sessions")).items) == 1


async def changed_password() -> None:
    await set_password("ana", "other hash")


async def ended_all() -> None:
    await end_all("ana")


async def suspended() -> None:
    await run("UPDATE account SET state = 'suspended' WHERE name = 'ana'")


@pytest.mark.parametrize("end", [changed_password, ended_all, suspended])
async def test_a_stream_ends_with_the_right_to_it(
    ana: Person, bo: Person, end: Callable[[], Awaitable[None]]
) -> None:
    room = await ana.start_group(bo)
    async with listening(ana) as stream, listening(bo) as others:
        await end()
        async with asyncio.timeout(ENDS_WITHIN_S):
            await stream.until_end()

        await bo.post(f"/conversations/{room}/accept")
        assert (await others.next("conversation")).data["id"] == room

    assert (await ana.get("/events")).status == 401
