import asyncio
from dataclasses import replace

import pytest

from federation.commands.register_account import (
    RESERVED,
    TAKEN,
    ensure_instance_actor,
    register_account,
)
from federation.protocol.namespace import Namespace
from federation.protocol.verdict import Allowed, Refused
from storage.accounts import find_account
from storage.actor_keys import find_current_key
from storage.actors import find_actor
from storage.database import fetch
from tests.support.api_node import SPACE, ApiNode


async def test_an_account_comes_with_its_actor_and_keys(node: ApiNode) -> None:
    verdict = await register_account(
        node.mint, name="dee", role="member", password_hash="h", display_name=" Dee\u202e\n "
    )

    account, actor = await find_account("dee"), await find_actor(SPACE.person("dee"))
    assert verdict == Allowed()
    assert account is not None
    assert actor is not None
    assert (account.role, account.state, account.display_name) == ("member", "active", "Dee")
    assert (actor.type, actor.kind, actor.local, actor.aware) == ("Person", "person", True, True)
    assert (actor.username, actor.domain, actor.name) == ("dee", "alpha.test", "Dee")
    assert await node.desk.keyring.rsa(actor.uri) is not None
    assert await node.desk.keyring.ed25519(actor.uri) is not None


@pytest.mark.parametrize("name", ["", "Dee", "d-e", "d.e", "dée", "a" * 31, "a/b", "dee\n"])
async def test_a_malformed_name_is_refused(node: ApiNode, name: str) -> None:
    verdict = await register_account(node.mint, name=name, role="member", password_hash="")

    assert isinstance(verdict, Refused)
    assert verdict.status == 422


async def test_a_name_that_would_speak_for_the_node_is_refused(node: ApiNode) -> None:
    for name in RESERVED:
        verdict = await register_account(node.mint, name=name, role="owner", password_hash="")

        assert isinstance(verdict, Refused), name
        assert verdict.status == 422


async def test_of_two_who_want_a_name_at_once_one_gets_it(node: ApiNode) -> None:
    async def register(role: str) -> Allowed | Refused:
        return await register_account(node.mint, name="dee", role=role, password_hash="")

    verdicts = await asyncio.gather(register("member"), register("admin"))

    assert sorted(map(str, verdicts)) == sorted(map(str, (Allowed(), TAKEN)))
    assert await register("member") == TAKEN


async def test_the_node_has_one_actor_however_often_it_is_asked_for(node: ApiNode) -> None:
    key = await find_current_key(SPACE.instance, "rsa")

    await ensure_instance_actor(node.mint)

    actor = await find_actor(SPACE.instance)
    assert actor is not None
    assert (actor.type, actor.kind) == ("Application", "server")
    assert key is not None
    assert await find_current_key(SPACE.instance, "rsa") == key


async def test_an_actor_that_is_not_written_leaves_nothing_behind(node: ApiNode) -> None:
    other = replace(node.mint, space=Namespace(SPACE.base_url, "other.test", "other.test"))

    verdict = await register_account(other, name="ana", role="member", password_hash="")

    assert verdict == TAKEN
    assert await fetch("SELECT uri FROM actor WHERE domain = 'other.test'") == []
