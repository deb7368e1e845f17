"""The number of queries does not grow with what is listed."""

from federation.queries.client_pages import Wanted, around, find_numbered, page_of_conversations
from federation.queries.notifications import page_of
from node.mastodon.entities.site import Site
from node.mastodon.showing import names_for, notifications
from tests.mastodon.client import Client, client_of
from tests.support.network import Network
from tests.support.query_count import counted

SITE = Site("https://alpha.test", "alpha.test", "alpha.test", "Alpha", "https://alpha.test/x.png")


async def lists(al: Client, limit: int) -> tuple[int, int]:
    """How many conversations are shown, and how many statements that takes."""
    space = al.node.node.parts.space
    with counted() as asked:
        page = await page_of_conversations(al.api.uri, Wanted(limit))
        shown = page.conversations
        messages = [one.last_message for one in shown if one.last_message is not None]
        await names_for(al.api.uri, messages, shown, space)
    return len(shown), len(asked)


async def reads(al: Client, number: int) -> tuple[int, int]:
    """How many messages stand around one, and how many statements it takes to show them."""
    space = al.node.node.parts.space
    with counted() as asked:
        (view,) = await find_numbered(al.api.uri, [number])
        before, behind = await around(al.api.uri, view)
        await names_for(al.api.uri, [*before, *behind], (), space)
    return len(before) + len(behind), len(asked)


async def test_a_list_of_conversations_asks_no_more_for_more_of_them(al: Client):
    for number in range(6):
        other = await client_of(al.node, f"b{number}")
        await al.api.write_to(other.api.acct, f"hello {number}")
    # Whatever is shown first gets its number.
    await al.get("/api/v1/conversations")

    two, six = await al.node.inside(lists(al, 2)), await al.node.inside(lists(al, 6))

    assert (two[0], six[0]) == (2, 6)
    assert two[1] == six[1]


async def test_what_stands_around_a_message_asks_no_more_for_more_of_it(al: Client):
    await client_of(al.node, "bo")
    first = await al.post("/api/v1/statuses", status="@bo 0")
    number = int(first.body["id"])
    found = []
    for count in (2, 8):
        for _ in range(count):
            await al.post("/api/v1/statuses", status="@bo more")
        await al.get(f"/api/v1/statuses/{number}/context")
        found.append(await al.node.inside(reads(al, number)))

    assert [shown for shown, _ in found] == [2, 10]
    assert found[0][1] == found[1][1]


async def tells(al: Client, limit: int) -> tuple[int, int]:
    """How many notifications are shown, and how many statements that takes."""
    node, now = al.node.node.parts, al.node.clock.now()
    with counted() as asked:
        page = await page_of(al.api.uri, al.api.name, Wanted(limit), now)
        shown = await notifications(al.api.uri, page.notifications, node.space, SITE)
    return len(shown), len(asked)


async def test_a_list_of_notifications_asks_no_more_for_more_of_them(network: Network, al: Client):
    for number in range(6):
        other = await client_of(al.node, f"b{number}")
        await al.api.must("POST", "/follows", {"acct": other.api.acct})
        network.advance(seconds=1)
        await other.post("/api/v1/statuses", status="@al hello")
    # Whatever is shown first gets its number.
    await al.get("/api/v1/notifications")

    two, six = await al.node.inside(tells(al, 2)), await al.node.inside(tells(al, 6))

    assert (two[0], six[0]) == (2, 6)
    assert two[1] == six[1]
