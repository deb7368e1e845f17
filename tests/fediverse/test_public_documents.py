"""What everybody may read about people and about the node, and what a browser finds there."""

import pytest
from aiohttp import ClientResponse

from federation.protocol.actor import parse_actor
from federation.protocol.collection import parse_collection
from federation.protocol.webfinger import parse_jrd
from storage import changes as c
from storage.database import run, transaction
from storage.write import write
from tests.fediverse.conftest import Town
from tests.support import home_town as t
from tests.support.home_town import ALICE, GROUP, GROUP_NAME, SPACE

FINGER = "/.well-known/webfinger?resource="
SUSPEND = "UPDATE account SET state = $2 WHERE name = $1"


async def body(answer: ClientResponse) -> dict:
    assert answer.status == 200, await answer.text()
    return await answer.json(content_type=None)


@pytest.mark.parametrize(("path", "uri"), [("/u/alice", ALICE), ("/actor", SPACE.instance)])
async def test_an_actor_is_shown_to_everybody_with_keys_and_aware(town: Town, path: str, uri: str):
    answer = await town.get(path)

    actor = parse_actor(await body(answer))
    assert (actor.uri, actor.aware) == (uri, True)
    assert {key.key_id for key in actor.keys} == {f"{uri}#main-key", f"{uri}#ed25519-key"}
    assert answer.headers["Content-Type"] == "application/activity+json"
    assert answer.headers["Vary"] == "Accept"


async def test_a_browser_finds_a_page_that_says_how_to_write(town: Town):
    answer = await town.get("/u/alice", Accept="text/html,application/xhtml+xml,*/*;q=0.8")

    page = await answer.text()
    assert answer.status == 200
    assert answer.content_type == "text/html"
    assert "Sign in on your node to write to <bdi>Alice A.</bdi>" in page
    assert answer.headers["Vary"] == "Accept"


@pytest.mark.parametrize("accept", ["application/activity+json", "text/html"])
@pytest.mark.parametrize(("state", "status"), [("suspended", 404), ("deleted", 410)])
async def test_who_is_no_more_is_not_shown(town: Town, accept: str, state: str, status: int):
    await run(SUSPEND, "alice", state)

    for path in ("/u/alice", "/u/alice/outbox", "/u/alice/followers", "/u/alice/following"):
        answer = await town.get(path, Accept=accept)

        assert answer.status == status
    assert (await town.get(f"{FINGER}acct:alice@home.test")).status == status
    assert (await town.post("/u/alice/inbox", b"{}")).status == status


async def test_a_deleted_person_leaves_a_tombstone(town: Town):
    await run(SUSPEND, "alice", "deleted")

    answer = await town.get("/u/alice")

    document = await answer.json(content_type=None)
    assert (document["id"], document["type"]) == (ALICE, "Tombstone")


@pytest.mark.parametrize("path", ["/u/nobody", "/u/Alice", "/u/alice/notes", "/u/nobody/outbox"])
async def test_nobody_is_nowhere(town: Town, path: str):
    assert (await town.get(path)).status == 404
    assert (await town.get(path, Accept="text/html")).status == 404


async def test_every_message_page_leads_to_the_door(town: Town):
    for path in ("/m/01K4N4", "/m/unknown"):
        answer = await town.get(path, Accept="text/html")

        assert (answer.status, answer.headers["Location"]) == (303, "/")
        assert (await town.get(path)).status == 404


async def test_the_outbox_is_empty(town: Town):
    outbox = parse_collection(await body(await town.get("/u/alice/outbox")))

    assert (outbox.items, outbox.first, outbox.attributed_to) == ((), "", ALICE)
    assert outbox.document["totalItems"] == 0


async def test_followers_come_in_pages_and_only_accepted_ones(town: Town):
    follows = [
        c.PutFollow(f"https://far.test/u/{n:03}", ALICE, f"https://far.test/f/{n}", state, t.START)
        for n, state in enumerate(["accepted"] * 101 + ["pending"])
    ]
    async with transaction():
        await write([*follows, c.PutFollow(ALICE, t.BOB, "f", "accepted", t.START)])

    head = await body(await town.get("/u/alice/followers"))
    first = parse_collection(await body(await town.get("/u/alice/followers?page=1")))
    second = parse_collection(await body(await town.get("/u/alice/followers?page=2")))
    following = parse_collection(await body(await town.get("/u/alice/following?page=1")))

    assert (head["totalItems"], head["first"]) == (101, f"{ALICE}/followers?page=1")
    assert (len(first.items), first.next) == (100, f"{ALICE}/followers?page=2")
    assert (second.items, second.next) == (("https://far.test/u/100",), "")
    assert following.items == (t.BOB,)


async def test_a_page_that_is_no_number_is_refused(town: Town):
    for number in ("x", "-1", "", "9" * 40, "²"):
        assert (await town.get(f"/u/alice/followers?page={number}")).status == 400


@pytest.mark.parametrize(
    ("resource", "actor"),
    [
        ("acct:alice@home.test", ALICE),
        ("acct:ALICE@Home.test", ALICE),
        (ALICE, ALICE),
        (f"acct:{GROUP_NAME}@home.test", GROUP),
        ("acct:home.test@home.test", SPACE.instance),
        (SPACE.instance, SPACE.instance),
    ],
)
async def test_a_name_leads_to_its_actor(town: Town, resource: str, actor: str):
    answer = await town.get(FINGER + resource)

    assert parse_jrd(await body(answer)).actor == actor
    assert answer.content_type == "application/jrd+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("?resource=alice", 400),
        ("?resource=acct:alice@home.test&resource=acct:bob@home.test", 400),
        ("?resource=acct:alice@other.test", 404),
        ("?resource=acct:bob@member.test", 404),
        ("?resource=acct:nobody@home.test", 404),
        ("?resource=https://member.test/u/bob", 404),
        (f"?resource={GROUP}", 404),
        ("?resource=https://home.test/inbox", 404),
        ("?resource=https://home.test/u/%00", 400),
    ],
)
async def test_a_name_that_is_none_of_ours_leads_nowhere(town: Town, query: str, status: int):
    assert (await town.get(f"/.well-known/webfinger{query}")).status == status


async def test_the_node_says_what_it_runs_and_how_many_people_it_has(town: Town):
    links = await body(await town.get("/.well-known/nodeinfo"))
    answer = await town.get("/nodeinfo/2.1")

    document = await body(answer)
    assert links["links"][0]["href"] == "https://home.test/nodeinfo/2.1"
    assert document["software"]["name"] == "covey"
    assert document["usage"] == {"users": {"total": 1}}
    assert answer.content_type == "application/json"


async def test_host_meta_leads_to_webfinger(town: Town):
    answer = await town.get("/.well-known/host-meta")

    assert answer.content_type == "application/xrd+xml"
    assert "https://home.test/.well-known/webfinger?resource={uri}" in await answer.text()


async def test_an_actor_that_cannot_sign_is_not_shown(town: Town):
    await run("DELETE FROM actor_key WHERE algorithm = 'ed25519'")

    assert (await town.get("/u/alice")).status == 404
    assert (await town.get("/actor")).status == 404
    assert (await town.get(f"/c/{t.GROUP_ID}", t.BOB)).status == 404
