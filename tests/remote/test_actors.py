import asyncio
from datetime import timedelta

import pytest
from aiohttp import web

from federation.remote.actors import TooSoon
from federation.remote.objects import Away, NotThere, Unusable
from storage import actors, remote_keys
from storage.actors import StoredActor
from tests.support.remote_node import RemoteNode, actor_document, serve_document
from tests.support.signing import rsa_key
from tests.support.tls_peer import TlsPeer

BOB = "https://beta.test/u/bob"


def serve_bob(beta: TlsPeer, **other: object) -> None:
    serve_document(beta, "/u/bob", actor_document(BOB, rsa_key(), **other))


async def test_an_actor_is_fetched_signed_and_kept(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, endpoints={"sharedInbox": "https://beta.test/inbox"}, name="B\u202eob\n")

    found = await node.directory.get(BOB)

    assert isinstance(found, StoredActor)
    assert (found.inbox, found.shared_inbox) == (f"{BOB}/inbox", "https://beta.test/inbox")
    assert (found.username, found.domain, found.name) == ("bob", "beta.test", "Bob")
    assert (found.host, found.kind, found.aware) == ("beta.test", "person", False)
    assert 'keyId="https://home.test/actor#main-key"' in beta.requests[0].headers["Signature"]
    assert await actors.find_document(BOB) is not None


async def test_an_actor_is_fetched_again_after_a_day(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.directory.get(BOB)
    node.clock.advance(hours=23)
    await node.directory.get(BOB)
    assert len(beta.requests) == 1

    serve_bob(beta, name="Robert")
    node.clock.advance(hours=1)
    found = await node.directory.get(BOB)

    assert isinstance(found, StoredActor)
    assert found.name == "Robert"


async def test_an_old_actor_serves_while_its_origin_is_away(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.directory.get(BOB)
    beta.serve("/u/bob", "", status=500)
    node.clock.advance(days=2)

    assert isinstance(await node.directory.get(BOB), StoredActor)
    assert await node.directory.fetch(BOB) == Away("status 500")


async def test_many_who_ask_at_once_cause_one_fetch(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)

    found = await asyncio.gather(*(node.directory.get(BOB) for _ in range(20)))

    assert all(isinstance(each, StoredActor) for each in found)
    assert beta.paths() == ["/u/bob"]


async def test_a_host_is_asked_two_things_at_once(node: RemoteNode, beta: TlsPeer):
    urls = [f"https://beta.test/u/{name}" for name in ("a", "b", "c")]
    for url in urls:
        serve_document(beta, url.removeprefix("https://beta.test"), actor_document(url, rsa_key()))

    found = await asyncio.gather(*(node.directory.fetch(url) for url in urls))

    assert [type(each) for each in found] == [StoredActor, StoredActor, Away]
    assert isinstance(await node.directory.fetch(urls[2]), StoredActor)


async def test_awareness_is_sticky(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, is_aware=True)
    await node.directory.fetch(BOB)
    serve_bob(beta)

    found = await node.directory.fetch(BOB)

    assert isinstance(found, StoredActor)
    assert found.aware


async def test_keys_listed_no_longer_are_forgotten(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.directory.fetch(BOB)
    assert await remote_keys.find_key(f"{BOB}#ed25519-key") is not None
    serve_bob(beta, assertionMethod=None)

    await node.directory.fetch(BOB)

    assert await remote_keys.find_key(f"{BOB}#ed25519-key") is None
    assert await remote_keys.find_key(f"{BOB}#main-key") is not None


async def test_our_own_actors_come_from_storage_alone(node: RemoteNode, beta: TlsPeer):
    alice = await node.directory.get("https://home.test/u/alice")

    assert isinstance(alice, StoredActor)
    assert alice.local
    assert await node.directory.get("https://home.test/u/nobody") == NotThere(is_gone=False)
    assert await node.directory.fetch("https://home.test/u/alice") == Unusable(
        "our own documents are not fetched"
    )
    assert beta.requests == []


async def test_a_remote_document_never_replaces_one_of_ours(node: RemoteNode, beta: TlsPeer):
    serve_document(beta, "/u/bob", actor_document("https://home.test/u/alice", rsa_key()))

    assert isinstance(await node.directory.fetch(BOB), Unusable)
    alice = await actors.find_actor("https://home.test/u/alice")
    assert alice is not None
    assert alice.inbox == "https://home.test/u/alice/inbox"
    assert alice.local


@pytest.mark.parametrize(
    "document",
    [
        actor_document("https://evil.test/u/bob", rsa_key()),
        actor_document(BOB, rsa_key(), id=None),
        actor_document(BOB, rsa_key(), id="http://beta.test/u/bob"),
        actor_document(BOB, rsa_key(), type="Note"),
        actor_document(BOB, rsa_key(), inbox="https://evil.test/inbox"),
    ],
)
async def test_a_document_that_is_not_the_actors_is_not_used(
    node: RemoteNode, beta: TlsPeer, document: dict[str, object]
):
    serve_document(beta, "/u/bob", document)

    assert isinstance(await node.directory.fetch(BOB), Unusable)
    assert await actors.find_actor(BOB) is None


async def test_a_document_elsewhere_on_the_origin_is_fetched_there(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    serve_document(beta, "/@bob", actor_document(BOB, rsa_key(), name="Impostor"))

    found = await node.directory.fetch("https://beta.test/@bob")

    assert isinstance(found, StoredActor)
    assert (found.uri, found.name) == (BOB, "Bob")
    assert beta.paths() == ["/@bob", "/u/bob"]


async def test_the_second_document_must_be_where_its_id_says(node: RemoteNode, beta: TlsPeer):
    serve_document(beta, "/1", actor_document("https://beta.test/2", rsa_key()))
    serve_document(beta, "/2", actor_document("https://beta.test/3", rsa_key()))

    assert isinstance(await node.directory.fetch("https://beta.test/1"), Unusable)
    assert beta.paths() == ["/1", "/2"]


@pytest.mark.parametrize(
    ("content_type", "is_used"),
    [
        ("application/activity+json", "yes"),
        ("application/activity+json; charset=utf-8", "yes"),
        ("Application/Activity+JSON;charset=UTF-8", "yes"),
        ('application/ld+json; profile="https://www.w3.org/ns/activitystreams"', "yes"),
        ("application/json", "no"),
        ("application/ld+json", "no"),
        ('application/ld+json; profile="https://evil.test/"', "no"),
        ("text/html", "no"),
        ("application/activity+json, application/activity+json", "no"),
        ("application/activity+json; charset=utf-16", "no"),
    ],
)
async def test_only_an_activitystreams_type_counts(
    node: RemoteNode, beta: TlsPeer, content_type: str, is_used: str
):
    serve_bob(beta)
    document = actor_document(BOB, rsa_key())
    serve_document(beta, "/u/bob", document)
    inner = beta.routes["/u/bob"]

    async def typed(request: web.Request) -> web.StreamResponse:
        answer = await inner(request)
        answer.headers["Content-Type"] = content_type
        return answer

    beta.routes["/u/bob"] = typed

    assert isinstance(await node.directory.fetch(BOB), StoredActor) is (is_used == "yes")


async def test_an_oversized_document_is_not_used(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta, summary="x" * 300_000)

    assert await node.directory.fetch(BOB) == Unusable("a body over its cap")


async def test_a_person_does_not_become_a_group(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.directory.fetch(BOB)
    serve_bob(beta, type="Group")

    assert isinstance(await node.directory.fetch(BOB), Unusable)
    serve_bob(beta, type="Service")
    assert isinstance(await node.directory.fetch(BOB), StoredActor)


@pytest.mark.parametrize("username", ["bob\u202e", "a/b", "a@b", "x" * 300, "👻", "", None])
async def test_a_name_that_makes_no_handle_is_not_shown(
    node: RemoteNode, beta: TlsPeer, username: str | None
):
    serve_bob(beta, preferredUsername=username)

    found = await node.directory.fetch(BOB)

    assert isinstance(found, StoredActor)
    assert found.username == ""


async def test_nobody_takes_the_name_of_another_actor(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    await node.directory.fetch(BOB)
    other = "https://beta.test/u/other"
    document = actor_document(other, rsa_key(), preferredUsername="bob")
    serve_document(beta, "/u/other", document)

    found = await node.directory.fetch(other)

    assert isinstance(found, StoredActor)
    assert found.username == ""
    holder = await actors.find_actor_by_handle("bob", "beta.test")
    assert holder is not None
    assert holder.uri == BOB


async def test_a_refresh_happens_at_most_hourly(node: RemoteNode, beta: TlsPeer):
    serve_bob(beta)
    for _ in range(3):
        await node.directory.refresh(BOB)
    assert len(beta.requests) == 1

    node.clock.advance(hours=1)
    await node.directory.refresh(BOB)

    assert len(beta.requests) == 2


async def test_a_change_is_read_at_most_hourly_and_until_its_origin_answers(
    node: RemoteNode, beta: TlsPeer
):
    beta.serve("/u/bob", "", status=429)
    first = node.clock()
    assert await node.directory.hear(BOB) == Away("status 429")

    serve_bob(beta)
    node.clock.advance(seconds=10)
    assert isinstance(await node.directory.hear(BOB), StoredActor)
    node.clock.advance(minutes=59)
    too_soon = await node.directory.hear(BOB)
    await node.directory.refresh(BOB)

    assert too_soon == TooSoon(first + timedelta(hours=1, seconds=10))
    assert len(beta.requests) == 2
    node.clock.advance(minutes=1)
    assert isinstance(await node.directory.hear(BOB), StoredActor)
    assert len(beta.requests) == 3


async def test_people_here_are_found_by_the_beginning_of_their_name(node: RemoteNode):
    assert [each.username for each in await actors.list_local_people("AL", limit=5)] == ["alice"]
    assert await actors.list_local_people("%", limit=5) == ()
    assert await actors.list_local_people("instance", limit=5) == ()
    assert await actors.list_local_people("", limit=0) == ()
