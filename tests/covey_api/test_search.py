"""A search finds by words what a person may read, and nothing else."""

import re

import pytest

from federation.queries import search
from storage.database import fetch
from tests.support.api_node import SPACE, Answer, Person


async def texts(person: Person, words: str) -> list[str]:
    answer = await person.get("/search", q=words)
    assert answer.status == 200, answer.body
    return [message["text"] for message in answer.items]


async def next_page(person: Person, answer: Answer) -> Answer:
    found = re.search(r'<([^>]+)>; rel="next"', answer.headers["Link"])
    assert found
    query = found[1].removeprefix(SPACE.base_url).partition("before=")[2]
    return await person.get("/search", q="heron", limit="2", before=query)


async def group(ana: Person, bo: Person) -> str:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    return room


async def test_words_are_found_in_any_case_and_order(ana: Person, bo: Person) -> None:
    room = await group(ana, bo)
    await ana.say(room, "The Grey HERON stands")
    await bo.say(room, "STRASSE")
    await bo.say(room, "a heron, 100% sure_ly")

    for person in (ana, bo):
        assert await texts(person, "heron") == ["a heron, 100% sure_ly", "The Grey HERON stands"]
        assert await texts(person, "heron grey") == ["The Grey HERON stands"]
        assert await texts(person, "straße") == ["STRASSE"]
        assert await texts(person, "100% sure_") == ["a heron, 100% sure_ly"]
        assert await texts(person, "her%n") == []
        assert await texts(person, " ") == []


async def test_what_arrived_in_another_order_is_found_as_the_room_has_it(
    ana: Person, bo: Person
) -> None:
    room = await group(ana, bo)
    said = [await ana.say(room, f"heron {number}") for number in range(4)]
    # The second came last, and the others are of one moment.
    for message, at_ms in zip(said, (2000, 1000, 2000, 2000), strict=True):
        await fetch("UPDATE message SET t = $2 WHERE id = $1 RETURNING id", message["id"], at_ms)

    shown = [one["text"] for one in (await ana.get(f"/conversations/{room}/messages")).items]

    assert await texts(ana, "heron") == ["heron 3", "heron 2", "heron 0", "heron 1"]
    assert await texts(ana, "heron") == shown[::-1]


async def test_what_a_person_may_not_read_is_not_found(ana: Person, bo: Person, cy: Person) -> None:
    room = await group(ana, bo)
    deleted = await bo.say(room, "heron deleted")
    edited = await bo.say(room, "heron before")
    removed = await bo.say(room, "heron removed")
    taken = await bo.say(room, "heron taken back")
    await bo.say(room, "heron said")
    await bo.call("DELETE", f"/messages/{deleted['id']}")
    await bo.call("PATCH", f"/messages/{edited['id']}", {"text": "stork"})
    assert (await ana.call("DELETE", f"/messages/{removed['id']}")).status == 200
    await fetch("UPDATE message SET taken_back_at = 1 WHERE id = $1 RETURNING id", taken["id"])

    assert await texts(ana, "heron") == ["heron said"]
    assert await texts(bo, "heron") == ["heron said"]
    assert await texts(cy, "heron") == []

    await ana.post("/blocks", acct=bo.acct)

    assert await texts(ana, "heron") == []
    assert await texts(bo, "heron") == ["heron said"]


async def test_who_has_left_finds_what_was_said_before(ana: Person, bo: Person) -> None:
    room = await group(ana, bo)
    await ana.say(room, "heron one")
    await bo.post(f"/conversations/{room}/leave")
    await ana.say(room, "heron two")

    assert await texts(bo, "heron") == ["heron one"]


async def test_people_and_groups_are_found_on_the_first_page(
    ana: Person, bo: Person, cy: Person
) -> None:
    room = await ana.start_group(bo, title="Bog walks")
    await ana.say(room, "bog")

    answer = await ana.get("/search", q="BO")

    assert [one["acct"] for one in answer.body["people"]] == [bo.acct]
    assert [one["id"] for one in answer.body["conversations"]] == [room]
    assert [one["text"] for one in answer.items] == ["bog"]
    assert (await cy.get("/search", q="bog")).body["conversations"] == []
    later = (await ana.get("/search", q="BO", before=answer.items[0]["id"])).body
    assert later == {"items": [], "people": [], "conversations": []}


async def test_who_was_removed_finds_a_group_by_the_name_they_knew(ana: Person, bo: Person) -> None:
    room = await group(ana, bo)
    await ana.call("DELETE", f"/conversations/{room}/members/{bo.acct}")
    await ana.call("PATCH", f"/conversations/{room}", {"title": "heronry"})

    assert (await bo.get("/search", q="heronry")).body["conversations"] == []
    assert [one["title"] for one in (await bo.get("/search", q="tea")).body["conversations"]] == [
        "tea"
    ]


async def test_pages_lead_through_everything_without_a_repeat(ana: Person) -> None:
    room = await ana.start_group()
    for number in range(5):
        await ana.say(room, f"heron {number}")
        await ana.say(room, f"stork {number}")

    first = await ana.get("/search", q="heron", limit="2")
    second = await next_page(ana, first)
    third = await next_page(ana, second)

    said = [one["text"] for page in (first, second, third) for one in page.items]
    assert said == [f"heron {number}" for number in (4, 3, 2, 1, 0)]
    assert "Link" not in third.headers


async def test_a_page_reads_only_so_much_and_leads_on(
    ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await ana.start_group()
    await ana.say(room, "heron")
    for _ in range(4):
        await ana.say(room, "stork")
    monkeypatch.setattr(search, "BATCH", 2)
    monkeypatch.setattr(search, "ROWS_MAX", 4)

    first = await ana.get("/search", q="heron", limit="2")
    second = await next_page(ana, first)

    assert first.items == []
    assert [one["text"] for one in second.items] == ["heron"]
    assert "Link" not in second.headers


async def test_what_is_searched_for_has_an_end(ana: Person) -> None:
    for words in ("x" * 201, " ".join("abcdefghijk")):
        answer = await ana.get("/search", q=words)

        assert (answer.status, answer.word) == (400, "bad-request")
    assert (await ana.get("/search")).body == {"items": [], "people": [], "conversations": []}
