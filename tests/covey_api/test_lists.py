import re
from datetime import datetime, timedelta

import pytest

from federation.protocol.timestamps import format_time
from federation.queries.conversations import FILTERS, list_conversations
from federation.queries.events import read_for
from federation.queries.timeline import TimelinePage, read_page
from storage import timelines
from storage.database import fetch
from tests.support.api_node import SPACE, START, ApiNode, Person
from tests.support.query_count import counted


async def _next(person: Person, link: str) -> list[str]:
    """The texts of the page that a Link header calls the next one."""
    found = re.search(r'<([^>]+)>; rel="next"', link)
    assert found
    async with person.client.get(
        found[1].removeprefix(SPACE.base_url), headers=person.headers
    ) as response:
        return [message["text"] for message in (await response.json())["items"]]


async def test_messages_come_in_pages_oldest_first_within_each(ana: Person) -> None:
    room = await ana.start_group()
    said = [await ana.say(room, str(number)) for number in range(7)]

    newest = await ana.get(f"/conversations/{room}/messages", limit="3")

    assert [message["text"] for message in newest.items] == ["4", "5", "6"]
    assert await _next(ana, newest.headers["Link"]) == ["1", "2", "3"]
    assert await ana.texts(room, before=said[1]["id"], limit="3") == ["0"]
    assert await ana.texts(room, after=said[1]["id"], limit="3") == ["2", "3", "4"]
    assert await ana.texts(room, after=said[6]["id"]) == []
    whole = await ana.get(f"/conversations/{room}/messages")
    assert "Link" not in whole.headers


async def test_messages_of_one_millisecond_keep_one_order_across_pages(ana: Person) -> None:
    room = await ana.start_group()
    for number in range(6):
        await ana.say(room, str(number))
    await fetch("UPDATE message SET t = 5 WHERE conversation_id = $1 RETURNING id", room)

    whole = await ana.texts(room)
    pages, cursor = [], ""
    while True:
        query = {"limit": "2"} | ({"before": cursor} if cursor else {})
        page = (await ana.get(f"/conversations/{room}/messages", **query)).items
        if not page:
            break
        cursor = page[0]["id"]
        pages = [message["text"] for message in page] + pages

    assert pages == whole
    assert sorted(whole) == ["0", "1", "2", "3", "4", "5"]


async def test_a_cursor_of_another_conversation_is_none_of_this_one(ana: Person) -> None:
    room, other = await ana.start_group(), await ana.start_group()
    said = await ana.say(other, "x")

    for cursor in (said["id"], "nonsense"):
        answer = await ana.get(f"/conversations/{room}/messages", before=cursor)

        assert (answer.status, answer.word) == (400, "bad-request")


async def test_a_page_begins_with_the_first_message_since_a_moment(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    room = await ana.start_group()
    for number in range(4):
        await ana.say(room, str(number))
        node.mint.clock.at += timedelta(days=1)
    second = START + timedelta(days=1)

    async def since(moment: datetime, **query: str) -> list[str]:
        return await ana.texts(room, since=format_time(moment), **query)

    assert await since(START - timedelta(days=9)) == ["0", "1", "2", "3"]
    assert await since(second, limit="2") == ["1", "2"]
    assert await since(second - timedelta(hours=1), limit="1") == ["1"]
    assert await since(second + timedelta(hours=1)) == ["2", "3"]
    assert await since(START + timedelta(days=9)) == []
    page = await ana.get(f"/conversations/{room}/messages", since=format_time(second), limit="2")
    assert await _next(ana, page.headers["Link"]) == ["0"]
    assert "since" not in page.headers["Link"]
    refused = await bo.get(f"/conversations/{room}/messages", since=format_time(second))
    assert refused.status == 404


async def test_since_a_moment_only_what_one_sees_is_shown(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    room = await ana.start_group()
    await ana.say(room, "before bo")
    await ana.post(f"/conversations/{room}/members", acct=bo.acct)
    await bo.post(f"/conversations/{room}/accept")
    await ana.say(room, "to both")

    assert await bo.texts(room, since=format_time(START - timedelta(days=1))) == ["to both"]


@pytest.mark.parametrize(
    "query", [{"since": "yesterday"}, {"since": "2026-09-03T12:00:00Z", "before": "x"}]
)
async def test_a_moment_that_is_none_is_refused(ana: Person, query: dict[str, str]) -> None:
    room = await ana.start_group()

    answer = await ana.get(f"/conversations/{room}/messages", **query)

    assert (answer.status, answer.word) == (400, "bad-request")


async def test_a_page_holds_at_most_a_hundred_messages(ana: Person) -> None:
    room = await ana.start_group()
    await ana.say(room, "x")
    assert isinstance(await read_page(ana.uri, room, limit=10_000), TimelinePage)

    for limit in ("0", "-1", "x"):
        answer = await ana.get(f"/conversations/{room}/messages", limit=limit)

        assert answer.status == 400


async def test_conversations_come_newest_first_in_pages(ana: Person) -> None:
    rooms = [await ana.start_group() for _ in range(5)]

    first = await ana.get("/conversations", limit="3")
    second = await ana.get("/conversations", limit="3", before=first.items[-1]["id"])

    assert [one["id"] for one in first.items] == rooms[:1:-1]
    assert [one["id"] for one in second.items] == rooms[1::-1]
    assert 'rel="next"' in first.headers["Link"]
    assert "Link" not in second.headers


async def test_unread_counts_what_others_said_after_the_mark(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    said = [await ana.say(room, str(number)) for number in range(3)]
    await bo.say(room, "mine")
    before = (await bo.get("/conversations")).items[0]

    read = await bo.post(f"/conversations/{room}/read", up_to=said[1]["id"])
    back = await bo.post(f"/conversations/{room}/read", up_to=said[0]["id"])

    assert before["unread"] == 3
    assert before["last_message"]["text"] == "mine"
    assert (read.status, read.body["unread"], back.body["unread"]) == (200, 1, 1)


async def test_no_more_than_a_hundred_unread_messages_are_counted(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    for number in range(102):
        await ana.say(room, str(number))

    assert (await bo.get("/conversations")).items[0]["unread"] == 100


async def test_an_unknown_filter_is_refused(ana: Person) -> None:
    assert (await ana.get("/conversations", state="joining")).status == 400


async def _talk(ana: Person, bo: Person, rooms: int, messages: int) -> None:
    for _ in range(rooms):
        room = await ana.start_group(bo)
        await bo.post(f"/conversations/{room}/accept")
        for number in range(messages):
            await ana.say(room, str(number))


async def test_the_conversation_list_asks_as_much_for_many_as_for_few(
    ana: Person, bo: Person
) -> None:
    await _talk(ana, bo, 1, 1)
    with counted() as few:
        await list_conversations(bo.uri, FILTERS[""], before="", limit=50)
    await _talk(ana, bo, 4, 2)
    with counted() as many:
        listed = await list_conversations(bo.uri, FILTERS[""], before="", limit=50)

    assert len(listed) == 5
    # One of them is whom a rule keeps out, which people are told in the conversation.
    assert len(many) == len(few) <= 8


async def test_a_page_of_messages_asks_as_much_for_many_as_for_few(ana: Person, bo: Person) -> None:
    await _talk(ana, bo, 1, 1)
    room = (await ana.get("/conversations")).items[0]["id"]
    with counted() as few:
        await read_page(ana.uri, room)
    for number in range(8):
        await (ana if number % 2 else bo).say(room, str(number))
    with counted() as many:
        page = await read_page(ana.uri, room)

    assert isinstance(page, TimelinePage)
    assert len(page.messages) == 9
    assert len(many) == len(few) <= 7


async def test_events_ask_as_much_for_many_as_for_few(ana: Person, bo: Person) -> None:
    await _talk(ana, bo, 1, 1)
    with counted() as few:
        await read_for(ana.uri, 0, limit=200)
    await _talk(ana, bo, 2, 3)
    with counted() as many:
        told, _ = await read_for(ana.uri, 0, limit=200)

    assert len(told) > 10
    assert len(many) == len(few) <= 14


async def test_a_page_is_found_by_the_index_and_not_by_sorting_all(
    node: ApiNode, ana: Person
) -> None:
    room = await ana.start_group()
    plan = await fetch(
        "EXPLAIN QUERY PLAN " + timelines.BEFORE, ana.uri, room, 50, 2**62, "https://x"
    )

    steps = " / ".join(row["detail"] for row in plan)
    assert "message_order" in steps
    assert "SCAN m" not in steps


async def test_who_lists_people_finds_those_whose_name_begins_so(ana: Person) -> None:
    async def found(words: str) -> list[str]:
        return [one["acct"] for one in (await ana.get("/people", q=words)).items]

    assert await found("b") == ["bo@alpha.test"]
    assert await found("@cy@alpha.test") == ["cy@alpha.test"]
    assert await found("") == await found("%") == await found("instance") == []


@pytest.mark.parametrize("path", ["/follows", "/blocks"])
async def test_a_cursor_says_where_the_next_page_begins_and_nothing_else(
    ana: Person, bo: Person, cy: Person, path: str
) -> None:
    for person in (bo, cy):
        assert (await ana.post(path, acct=person.acct)).status == 201

    first = await ana.get(path, limit="1")
    (cursor,) = re.findall(r"before=([^&>]+)", first.headers["Link"])
    second = await ana.get(path, limit="1", before=cursor)

    assert not cursor.isdigit()
    assert [one["acct"] for one in (*first.items, *second.items)] == [cy.acct, bo.acct]
    assert "Link" not in second.headers


async def test_follows_are_listed_newest_first(ana: Person, bo: Person, cy: Person) -> None:
    for person in (bo, cy):
        assert (await ana.post("/follows", acct=person.acct)).status == 201

    first = await ana.get("/follows", limit="1")
    ended = await ana.call("DELETE", f"/follows/{cy.acct}")
    left = await ana.get("/follows")

    assert [one["acct"] for one in first.items] == [cy.acct]
    assert 'rel="next"' in first.headers["Link"]
    assert ended.status == 204
    assert [(one["acct"], one["name"]) for one in left.items] == [(bo.acct, "Bo")]
    for cursor in ("x", "1", "A" * 32, "ä" * 32, "A" * 3000):
        assert (await ana.get("/follows", before=cursor)).status == 400
    assert (await ana.call("DELETE", "/follows/@BO@alpha.test")).status == 204
    assert (await ana.get("/follows")).items == []
    assert (await ana.call("DELETE", "/follows/nobody@alpha.test")).status == 404
