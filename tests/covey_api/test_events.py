from datetime import timedelta

import pytest

from federation.queries.views import Told
from node import live as live_module
from node.http.event_source import EventSource
from node.live import Listener, Live
from storage import events
from storage.database import fetch
from storage.incarnation import get_incarnation
from tests.support.api_node import ApiNode, Person
from tests.support.event_stream import listening


async def test_a_message_is_told_to_every_member_as_the_api_shows_it(
    ana: Person, bo: Person
) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")

    async with listening(ana) as hers, listening(bo) as his:
        said = await ana.say(room, "hello")
        told = [await stream.next("message") for stream in (hers, his)]

    assert [one.data for one in told] == [said, said]


async def test_an_outsider_is_told_nothing(ana: Person, bo: Person, cy: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    theirs = await cy.start_group(title="mine")

    async with listening(cy) as stream:
        await ana.say(room, "secret")
        await cy.say(theirs, "mine")
        told = await stream.next("message")

    assert told.data["text"] == "mine"


async def test_an_invitation_and_its_answer_are_told_as_conversations(
    ana: Person, bo: Person
) -> None:
    async with listening(ana) as hers, listening(bo) as his:
        room = await ana.start_group(bo)
        asked = await his.next("conversation")
        await bo.post(f"/conversations/{room}/accept")
        while True:
            told = await hers.next("conversation")
            states = {one["acct"]: one["state"] for one in told.data["members"]}
            if states.get(bo.acct) == "joined":
                break

    assert (asked.data["id"], asked.data["state"]) == (room, "requested")
    assert asked.data["inviter"]["acct"] == ana.acct


async def test_a_stream_resumes_where_its_client_stopped(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    async with listening(ana) as stream:
        await ana.say(room, "one")
        await stream.next("message")
        resume = stream.last_id
    for text in ("two", "three"):
        await ana.say(room, text)

    async with listening(ana, resume=resume) as stream:
        missed = [(await stream.next("message")).data["text"] for _ in range(2)]
        await ana.say(room, "four")
        live = await stream.next("message")

    assert missed == ["two", "three"]
    assert live.data["text"] == "four"


async def test_a_client_that_was_told_nothing_yet_can_resume_all_the_same(
    ana: Person, bo: Person
) -> None:
    room = await ana.start_group(bo)
    async with listening(ana) as stream:
        resume = stream.last_id
    await ana.say(room, "one")

    async with listening(ana, resume=resume) as stream:
        told = await stream.next("message")

    assert told.data["text"] == "one"


@pytest.mark.parametrize("resume", ["f" * 32 + "-1", "nonsense", "{name}-999999", "{name}--1"])
async def test_an_id_that_is_not_of_this_stream_is_told_to_reset(ana: Person, resume: str) -> None:
    await ana.start_group()
    name = await get_incarnation()

    async with listening(ana, resume=resume.format(name=name)) as stream:
        told = await stream.next()

    assert told.type == "reset"
    assert stream.last_id == f"{name}-{await events.get_newest_id()}"


async def test_a_client_whose_events_are_reaped_is_told_to_reset(
    node: ApiNode, ana: Person
) -> None:
    room = await ana.start_group()
    async with listening(ana) as stream:
        resume = stream.last_id
    for text in ("one", "two"):
        await ana.say(room, text)
    await events.reap(node.mint.clock() + timedelta(days=1))
    await ana.say(room, "three")

    async with listening(ana, resume=resume) as stream:
        told = await stream.next()

    assert told.type == "reset"


async def test_reading_is_told_to_ones_other_clients(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    said = await ana.say(room, "hello")

    async with listening(bo) as stream:
        await bo.post(f"/conversations/{room}/read", up_to=said["id"])
        conversation = await stream.next("conversation")
        told = await stream.next("read")

    assert conversation.data["unread"] == 0
    assert told.data == {"conversation": room, "acct": bo.acct, "up_to": said["id"]}


def test_a_slow_reader_is_given_up_at_one_mebibyte() -> None:
    listener = Listener("")
    told = Told(1, "a", "delivery", None, "x" * 100_000)

    for _ in range(live_module.BUFFER_MAX_BYTES // 100_000):
        listener.put(told)
    before = listener.has_ended()
    listener.put(told)

    assert not before
    assert listener.has_ended()


async def _as_it_is(told: Told) -> tuple[str, str]:
    return told.type, told.data


async def test_the_stream_of_a_slow_reader_ends(node: ApiNode) -> None:
    with Live().listening("a", credential="") as listener:
        stream = EventSource("a", "0", listener, _as_it_is)
        for _ in range(20):
            listener.put(Told(1, "a", "delivery", None, "x" * 100_000))

        assert await stream.next(0.0) is None


async def test_nobody_listening_costs_no_rendering_and_loses_nothing(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    room = await ana.start_group(bo)
    await ana.say(room, "one")

    has_more = await node.live.run_once()
    with node.live.listening(ana.uri, credential="") as listener:
        await ana.say(room, "two")
        while not (told := await listener.take(5)):
            pass

    assert not has_more
    assert [one.shown.text for one in told if one.type == "message"] == ["two"]


async def test_a_stream_ends_with_what_opened_it(node: ApiNode, ana: Person, bo: Person) -> None:
    async with listening(ana) as hers, listening(bo) as his:
        await fetch("DELETE FROM token WHERE account = 'ana' RETURNING token_hash")
        await fetch("UPDATE account SET state = 'suspended' WHERE name = 'bo' RETURNING name")
        await node.live.check()

        for stream in (hers, his):
            rest = await stream.response.content.read()

            assert b"data:" not in rest
