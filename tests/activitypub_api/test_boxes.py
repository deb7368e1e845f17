"""What an actor's owner reads at its addresses, and nobody else."""

from tests.activitypub_api.client import Client, client_of
from tests.support.network import Network


async def two(network: Network) -> tuple[Client, Client]:
    (alpha,) = await network.start("alpha.test")
    return await client_of(alpha, "al"), await client_of(alpha, "bo")


async def test_the_inbox_has_what_others_sent_newest_first(network: Network):
    al, bo = await two(network)
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)
    for text in ("one", "two"):
        await al.api.say(room, text)
    await bo.api.say(room, "mine")

    head = await bo.get("/u/bo/inbox")
    items = await bo.items("inbox")

    assert (head.body["type"], head.body["first"]) == (
        "OrderedCollection",
        f"{bo.uri}/inbox?page=true",
    )
    assert [one["object"]["content"] for one in items] == ["<p>two</p>", "<p>one</p>"]
    assert {one["actor"] for one in items} == {al.uri}
    uri = (await bo.api.see(room))["uri"]
    assert items[0]["to"] == items[0]["object"]["to"] == [uri]
    assert [one["object"]["content"] for one in await bo.items("outbox")] == ["<p>mine</p>"]


async def test_requests_and_what_somebody_hidden_wrote_are_not_in_it(network: Network):
    al, bo = await two(network)
    await al.api.write_to(bo.api.acct, "a stranger's")
    waiting = await bo.items("inbox")
    (room,) = await bo.api.rooms("requests")
    await bo.api.must("POST", f"/conversations/{room['id']}/accept")
    taken = await bo.items("inbox")
    await bo.api.block(al.api.acct)

    assert waiting == []
    assert [one["object"]["content"] for one in taken] == ["<p>a stranger's</p>"]
    assert await bo.items("inbox") == []


async def test_pages_follow_each_other_to_the_end(network: Network):
    al, bo = await two(network)
    room = await al.api.write_to(bo.api.acct, "0")
    for number in range(1, 25):
        await al.api.say(room, str(number))

    seen: list[str] = []
    path = "/u/al/outbox?page=true"
    while path:
        page = (await al.get(path)).body
        assert len(page["orderedItems"]) <= 20
        seen += [one["object"]["content"] for one in page["orderedItems"]]
        path = page.get("next", "").removeprefix("https://alpha.test")

    assert seen == [f"<p>{number}</p>" for number in range(24, -1, -1)]


async def test_what_is_at_an_address_is_there_for_who_sees_it(network: Network):
    al, bo = await two(network)
    cy = await client_of(al.node, "cy")
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)
    await al.api.say(room, "hello")
    (sent,) = await al.items("outbox")
    group = (await al.api.see(room))["uri"]
    names = (sent["object"]["id"], sent["id"], group)
    paths = [name.removeprefix("https://alpha.test") for name in names]

    for who in (al, bo):
        found = [await who.get(path) for path in paths]
        assert [one.body["id"] for one in found] == list(names)
        assert {one.headers["Cache-Control"] for one in found} == {"private, no-store"}
        assert {one.headers["Access-Control-Allow-Origin"] for one in found} == {"*"}
    for other in (cy, Client(al.node, al.api, "")):
        assert [(await other.get(path)).status for path in paths] == [404, 404, 404]
    assert (await Client(al.node, al.api, "wrong").get(paths[0])).status == 401


async def test_boxes_are_their_owner_s_alone(network: Network):
    al, bo = await two(network)
    nobody, blind = Client(al.node, al.api, ""), await al.with_scopes("read:accounts")
    lists = ("inbox", "pending-followers", "pending-following")

    by_another = [(await bo.get(f"/u/al/{name}")).status for name in lists]
    by_nobody = [(await nobody.get(f"/u/al/{name}")).status for name in lists]
    by_the_blind = [(await blind.get(f"/u/al/{name}")).status for name in lists]
    public = await nobody.get("/u/al/outbox")

    assert (set(by_another), set(by_nobody), set(by_the_blind)) == ({403}, {401}, {403})
    for told in (public, await bo.get("/u/al/outbox")):
        assert (told.status, told.body["totalItems"]) == (200, 0)


async def test_a_page_that_is_not_ours_is_refused(network: Network):
    al, _ = await two(network)

    assert (await al.get("/u/al/inbox?page=true&before=%27--")).status == 400
    assert (await al.get("/u/al/pending-followers?page=true&before=x")).status == 400
    assert (await al.get("/u/al/outbox?page=true&before=01ARZ3NDEKTSV4RRFFQ69G5FAV")).body[
        "orderedItems"
    ] == []


async def test_pages_of_other_sites_may_ask(network: Network):
    al, _ = await two(network)

    asked = await al.ask("OPTIONS", "/u/al/outbox")

    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in asked.headers
