import asyncio
from datetime import timedelta

from storage import idempotency
from tests.support.api_node import ApiNode, Person


async def test_a_message_posted_twice_under_one_key_is_one(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    path = f"/conversations/{room}/messages"

    first = await ana.post(path, key="k", text="hello")
    again = await ana.post(path, key="k", text="hello")

    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body
    assert await ana.texts(room) == ["hello"]


async def test_parallel_repeats_make_one_message(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    path = f"/conversations/{room}/messages"

    answers = await asyncio.gather(*(ana.post(path, key="k", text="hello") for _ in range(12)))

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert await ana.texts(room) == ["hello"]


async def test_parallel_repeats_make_one_group(ana: Person, bo: Person) -> None:
    draft = {"kind": "group", "title": "tea", "members": [bo.acct], "text": "hello"}

    answers = await asyncio.gather(
        *(ana.call("POST", "/conversations", draft, key="k") for _ in range(6))
    )

    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert len((await ana.get("/conversations")).items) == 1


async def test_a_direct_conversation_with_a_text_is_written_to_once(
    ana: Person, bo: Person
) -> None:
    draft = {"kind": "direct", "members": [bo.acct], "text": "hello"}

    answers = [await ana.call("POST", "/conversations", draft, key="k") for _ in range(2)]

    assert [answer.status for answer in answers] == [201, 200]
    assert await ana.texts(answers[0].body["id"]) == ["hello"]


async def test_a_key_used_for_something_else_is_refused(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await ana.post(f"/conversations/{room}/messages", key="k", text="hello")

    other_text = await ana.post(f"/conversations/{room}/messages", key="k", text="bye")
    other_path = await ana.post("/follows", key="k", acct=bo.acct)

    assert (other_text.status, other_text.word) == (422, "unprocessable")
    assert other_path.status == 422
    assert await ana.texts(room) == ["hello"]


async def test_two_people_may_use_one_key(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")

    for person in (ana, bo):
        await person.post(f"/conversations/{room}/messages", key="k", text="hello")

    assert await ana.texts(room) == ["hello", "hello"]


async def test_a_follow_repeated_under_its_key_answers_again(ana: Person, bo: Person) -> None:
    first = await ana.post("/follows", key="k", acct=bo.acct)
    again = await ana.post("/follows", key="k", acct=bo.acct)

    assert (first.status, again.status) == (201, 201)
    assert first.body["acct"] == again.body["acct"] == bo.acct


async def test_a_key_is_forgotten_after_a_day(node: ApiNode, ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await ana.post(f"/conversations/{room}/messages", key="k", text="hello")
    now = node.mint.clock()

    early = await idempotency.reap(now + timedelta(hours=23))
    late = await idempotency.reap(now + timedelta(hours=25))

    assert (early, late) == (0, 1)


async def test_a_key_is_one_text_of_at_most_255_characters(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)

    answer = await ana.post(f"/conversations/{room}/messages", key="k" * 256, text="hello")

    assert (answer.status, answer.word) == (400, "bad-request")


async def test_many_at_once_in_one_conversation_all_get_through(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    path = f"/conversations/{room}/messages"

    answers = await asyncio.gather(
        *((ana if number % 2 else bo).post(path, text=str(number)) for number in range(60))
    )

    assert {answer.status for answer in answers} == {201}
    assert sorted(map(int, await ana.texts(room, limit="100"))) == list(range(60))
    assert await ana.texts(room, limit="100") == await bo.texts(room, limit="100")
