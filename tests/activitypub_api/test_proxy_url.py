"""A client reads what other servers show to its person, through the node."""

from aiohttp import FormData

from tests.activitypub_api.client import Client, Told, client_of
from tests.support.network import Network


async def two(network: Network) -> tuple[Client, Client]:
    alpha, beta = await network.start("alpha.test", "beta.test")
    return await client_of(alpha, "al"), await client_of(beta, "bo")


async def read(who: Client, url: str) -> Told:
    return await who.ask("POST", "/activitypub/proxy", data=FormData([("id", url)]))


async def test_a_person_and_a_message_elsewhere_are_read(network: Network):
    al, bo = await two(network)
    await bo.api.write_to(al.api.acct, "hello")
    await network.settle()
    (room,) = await al.api.rooms("requests")
    uri = room["last_message"]["uri"]

    person, message = await read(al, bo.uri), await read(al, uri)

    assert (person.status, person.body["id"]) == (200, bo.uri)
    assert (message.status, message.body["id"]) == (200, uri)
    assert person.headers["Cache-Control"] == "private, no-store"


async def test_our_own_are_answered_at_once_by_who_asks(network: Network):
    al, bo = await two(network)
    await al.api.write_to(bo.api.acct, "hello")
    (sent,) = await al.items("outbox")
    cy = await client_of(al.node, "cy")

    assert (await read(al, al.uri)).body["id"] == al.uri
    assert (await read(al, sent["object"]["id"])).body["content"] == "<p>hello</p>"
    assert (await read(cy, sent["object"]["id"])).status == 404
    assert (await read(al, "https://alpha.test/settings")).status == 404


async def test_what_cannot_be_read_says_why(network: Network):
    al, bo = await two(network)
    private = [await read(al, f"{bo.uri}/n/01ARZ3NDEKTSV4RRFFQ69G5FAV")]

    wrong = [await read(al, url) for url in ("", "file:///etc/passwd", "https://127.0.0.1/x")]
    nobody = await read(Client(al.node, al.api, ""), bo.uri)
    writer = await read(await al.with_scopes("write"), bo.uri)

    assert [one.status for one in private] == [404]
    assert [one.status for one in wrong] == [400, 400, 502]
    assert (nobody.status, writer.status) == (401, 403)


async def test_nobody_reads_without_end(network: Network):
    al, bo = await two(network)

    statuses = [(await read(al, bo.uri)).status for _ in range(61)]

    assert (set(statuses[:60]), statuses[60]) == ({200}, 429)
    assert (await read(al, al.uri)).status == 200
