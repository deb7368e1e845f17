"""Actors and their keys are remembered alike on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from storage import actors, remote_keys
from storage.actors import RemoteProfile
from storage.changes.accounts import AddLocalActor
from storage.remote_keys import ListedKey
from storage.write import write

AT = datetime(2026, 9, 3, 12, 0, tzinfo=UTC)
BOB = RemoteProfile(
    uri="https://beta.test/u/bob",
    host="beta.test",
    kind="person",
    type="Person",
    username="bob",
    domain="beta.test",
    name="Bob",
    inbox="https://beta.test/u/bob/inbox",
    shared_inbox="https://beta.test/inbox",
    followers="",
    outbox="",
    aware=True,
    document='{"id": "x"}',
)
KEY = ListedKey(f"{BOB.uri}#main-key", "rsa", b"\x30\x01", for_proofs=False, for_requests=True)


def person(name: str, shown: str = "") -> AddLocalActor:
    uri = f"https://home.test/u/{name}"
    return AddLocalActor(
        uri=uri,
        host="home.test",
        kind="person",
        type="Person",
        username=name,
        domain="home.test",
        name=shown or name,
        inbox=f"{uri}/inbox",
        shared_inbox="https://home.test/inbox",
        at=AT,
    )


@pytest.mark.usefixtures("database")
class TestActors:
    async def test_a_remote_actor_comes_back_as_it_was_put(self):
        await actors.put_remote_actor(BOB, AT)

        found = await actors.find_actor(BOB.uri)

        assert found is not None
        assert not found.local
        assert found.aware
        assert (found.inbox, found.shared_inbox) == (BOB.inbox, BOB.shared_inbox)
        assert (found.state, found.fetched_at) == (actors.ACTIVE, AT)
        assert await actors.find_document(BOB.uri) == BOB.document
        assert await actors.find_actor_by_handle("bob", "beta.test") == found

    async def test_newer_words_replace_older_ones_but_awareness_and_state_stay(self):
        await actors.put_remote_actor(BOB, AT)
        await actors.set_actor_state(BOB.uri, actors.SUSPENDED)
        later = AT + timedelta(hours=1)

        await actors.put_remote_actor(replace(BOB, name="Robert", aware=False), later)

        found = await actors.find_actor(BOB.uri)
        assert found is not None
        assert (found.name, found.aware, found.state) == ("Robert", True, actors.SUSPENDED)
        assert found.fetched_at == later

    async def test_a_remote_document_touches_no_actor_of_ours(self):
        await write([person("alice")])
        ours = await actors.find_actor("https://home.test/u/alice")

        await actors.put_remote_actor(replace(BOB, uri="https://home.test/u/alice"), AT)
        await actors.set_handle("https://home.test/u/alice", "mallory", "evil.test")

        assert await actors.find_actor("https://home.test/u/alice") == ours

    async def test_a_confirmed_handle_is_found(self):
        await actors.put_remote_actor(BOB, AT)

        await actors.set_handle(BOB.uri, "bob", "other.test")

        assert await actors.find_actor_by_handle("bob", "beta.test") is None
        assert await actors.find_actor_by_handle("bob", "other.test") is not None

    async def test_only_those_we_met_are_found(self):
        await actors.put_remote_actor(BOB, AT)

        assert set(await actors.find_actors([BOB.uri, "https://x.test/"])) == {BOB.uri}
        assert await actors.find_actors([]) == {}
        assert await actors.find_actor("https://x.test/") is None
        assert await actors.find_document("https://x.test/") is None

    async def test_people_here_are_found_by_handle_and_name(self):
        await write([person("alice"), person("al_b", "Zoe"), person("zed"), person("alx")])
        await actors.put_remote_actor(replace(BOB, username="alf"), AT)
        await actors.set_actor_state("https://home.test/u/alx", actors.SUSPENDED)

        async def names(prefix: str, limit: int = 9) -> list[str]:
            return [each.username for each in await actors.list_local_people(prefix, limit=limit)]

        assert await names("AL") == ["al_b", "alice"]
        assert await names("z") == ["al_b", "zed"]
        assert await names("al_") == ["al_b"]
        assert await names("%") == []
        assert await names("", 1) == ["al_b"]


@pytest.mark.usefixtures("database")
class TestRemoteKeys:
    async def test_a_key_comes_back_with_the_state_of_its_actor(self):
        await actors.put_remote_actor(BOB, AT)
        await remote_keys.put_keys(BOB.uri, [KEY], AT)
        await actors.set_actor_state(BOB.uri, actors.DELETED)

        found = await remote_keys.find_key(KEY.key_id)

        assert found is not None
        assert (found.listed, found.actor_uri) == (KEY, BOB.uri)
        assert (found.actor_state, found.fetched_at) == (actors.DELETED, AT)

    async def test_what_is_listed_no_longer_is_gone_and_the_rest_is_renewed(self):
        await actors.put_remote_actor(BOB, AT)
        old = replace(KEY, key_id=f"{BOB.uri}#old-key")
        await remote_keys.put_keys(BOB.uri, [old, KEY], AT)
        later = AT + timedelta(hours=1)

        await remote_keys.put_keys(BOB.uri, [replace(KEY, spki=b"\x30\x02")], later)

        assert await remote_keys.find_key(old.key_id) is None
        found = await remote_keys.find_key(KEY.key_id)
        assert found is not None
        assert (found.listed.spki, found.fetched_at) == (b"\x30\x02", later)

    async def test_keys_of_others_stay(self):
        other = replace(BOB, uri="https://beta.test/u/other")
        for actor in (BOB, other):
            await actors.put_remote_actor(actor, AT)
            await remote_keys.put_keys(actor.uri, [replace(KEY, key_id=f"{actor.uri}#k")], AT)

        await remote_keys.put_keys(BOB.uri, [], AT)

        assert await remote_keys.find_key(f"{BOB.uri}#k") is None
        assert await remote_keys.find_key(f"{other.uri}#k") is not None
