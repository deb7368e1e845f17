"""Which servers a node refuses is told to its people, and to nobody else."""

import re
from urllib.parse import unquote

import pytest

from storage.database import fetch
from storage.times import to_ms
from tests.support.api_node import START, ApiNode, Person
from tests.support.query_count import counted

DOMAINS = "/admin/policy/domains"
PAGES_MOST = 10


async def block(ana: Person, *domains: str, reason: str = "") -> None:
    for domain in domains:
        done = await ana.call("PUT", f"{DOMAINS}/{domain}", {"reason": reason})
        assert done.status == 200, done.body


async def end(person: Person) -> None:
    """What is left of an account that has ended, without what else that does."""
    gone = "UPDATE actor SET state = 'deleted', deleted_at = $2 WHERE uri = $1 RETURNING uri"
    assert await fetch(gone, person.uri, to_ms(START))


async def pages(person: Person, path: str) -> list[list[object]]:
    """Every page of a list of one item a page, as its links lead."""
    found: list[list[object]] = []
    after = ""
    while len(found) < PAGES_MOST:
        page = await person.get(path, limit="1", **({"after": after} if after else {}))
        assert page.status == 200, page.body
        found.append(page.items)
        link = re.search(r"[?&]after=([^&>]+)", page.headers.get("Link", ""))
        if link is None:
            return found
        after = unquote(link[1])
    raise AssertionError(found)


async def test_everybody_with_an_account_sees_whom_their_node_refuses(
    ana: Person, bo: Person
) -> None:
    assert (await bo.get("/limited_servers")).items == []
    await block(ana, "worse.example", reason="spam")
    await block(ana, "bad.example")

    shown = (await bo.get("/limited_servers")).items

    assert [(one["domain"], one["reason"]) for one in shown] == [
        ("bad.example", None),
        ("worse.example", "spam"),
    ]
    assert all(one["since"] >= START.isoformat()[:10] for one in shown)


async def test_the_servers_come_in_pages_by_name(ana: Person, bo: Person) -> None:
    await block(ana, "c.example", "a.example", "b-b.example", "b.example")

    found = await pages(bo, "/limited_servers")

    names = [one["domain"] for page in found for one in page if isinstance(one, dict)]
    assert names == ["a.example", "b-b.example", "b.example", "c.example"]


@pytest.mark.parametrize("path", ["/limited_servers", "/lost_contacts"])
async def test_a_token_for_something_else_is_told_nothing(node: ApiNode, path: str) -> None:
    token = await node.token("bo", "read:statuses", "write:statuses")
    reader = Person("bo", token, node.client)

    answer = await reader.get(path)

    assert (answer.status, answer.word) == (403, "forbidden")


async def test_people_of_this_node_whose_account_has_ended_come_in_pages(
    ana: Person, bo: Person, cy: Person
) -> None:
    rooms = {}
    for other in (bo, cy):
        made = await ana.post("/conversations", kind="direct", members=[other.acct], text="hello")
        rooms[other.acct] = made.body["id"]
        await end(other)

    found = await pages(ana, "/lost_contacts")

    shown = [one for page in found for one in page if isinstance(one, dict)]
    assert [one["person"]["acct"] for one in shown] == [bo.acct, cy.acct]
    for one in shown:
        assert (one["why"], one["reason"]) == ("account_ended", None)
        assert [each["id"] for each in one["conversations"]] == [rooms[one["person"]["acct"]]]


async def test_the_number_of_queries_does_not_grow_with_whom_one_lost(
    ana: Person, bo: Person, cy: Person
) -> None:
    numbers = []
    # What is asked once a process is asked before.
    await ana.get("/lost_contacts")
    for other in (bo, cy):
        await ana.post("/conversations", kind="direct", members=[other.acct], text="hello")
        await end(other)
        with counted() as queries:
            await ana.get("/lost_contacts")
        numbers.append(len(queries))
    assert len((await ana.get("/lost_contacts")).items) == len(numbers)

    assert numbers[0] == numbers[1]
