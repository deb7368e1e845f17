"""The API lists apps and ends them; what an app may call is what its scopes cover."""

import asyncio
from datetime import timedelta

import pytest

from node.identity.apps import NewApp, register_app
from node.identity.bearer import create_token
from node.identity.fingerprint import fingerprint
from storage.tokens import NewToken, add_token
from tests.support.api_node import ApiNode, Person
from tests.support.event_stream import listening

ENDS_WITHIN_S = 2.0


async def let_in(node: ApiNode, name: str, scope: str) -> tuple[Person, str]:
    """Somebody as an app of theirs, and what its row is called."""
    now, entropy = node.mint.clock(), node.mint.entropy
    new = NewApp("Tea", "", ("https://client.test/back",), frozenset(scope.split()))
    made = await register_app(new, entropy=entropy, now=now)
    assert made is not None
    token = entropy.token()
    await add_token(NewToken(fingerprint(token), name, scope, now, app_id=made.app.id))
    return Person(name, token, node.client), made.app.number


async def test_apps_are_listed_for_their_person_and_ended_by_them(
    node: ApiNode, ana: Person, bo: Person
) -> None:
    app, number = await let_in(node, "ana", "read write:media")

    (listed,) = (await ana.get("/apps")).items
    theirs = await bo.get("/apps")
    not_theirs = await bo.call("DELETE", f"/apps/{number}")

    assert (listed["id"], listed["name"], listed["scopes"]) == (
        number,
        "Tea",
        ["read", "write:media"],
    )
    assert (theirs.items, not_theirs.status) == ([], 404)
    assert (await app.get("/me")).status == 200
    assert (await ana.call("DELETE", f"/apps/{number}")).status == 204
    assert (await app.get("/me")).status == 401
    assert (await ana.call("DELETE", f"/apps/{number}")).status == 404


@pytest.mark.parametrize(
    ("scope", "may", "may_not"),
    [
        ("read", ["/me", "/conversations", "/sessions"], ["/admin/queue"]),
        ("read:statuses", ["/conversations"], ["/me", "/blocks", "/sessions", "/apps"]),
        ("follow", ["/follows", "/blocks"], ["/me", "/conversations"]),
        ("write", [], ["/me", "/conversations"]),
        ("push profile", [], ["/me", "/conversations"]),
        ("admin:read", ["/admin/queue"], ["/me", "/conversations"]),
        ("read write follow push profile", ["/me"], ["/admin/queue", "/admin/peers"]),
    ],
)
async def test_an_app_calls_what_its_scopes_cover(
    node: ApiNode, scope: str, may: list[str], may_not: list[str]
) -> None:
    app, _ = await let_in(node, "ana", scope)

    assert [(await app.get(path)).status for path in may] == [200] * len(may)
    assert [(await app.get(path)).word for path in may_not] == ["forbidden"] * len(may_not)


async def test_what_an_administrator_s_app_may_is_asked_for_by_name(
    node: ApiNode, ana: Person
) -> None:
    app, _ = await let_in(node, "ana", "read write")
    path = "/admin/policy/domains/bad.example"

    assert (await app.call("DELETE", path)).status == 403
    assert (await ana.call("DELETE", path)).status != 403
    writer = Person("ana", await create_token_of(node, "write:statuses"), node.client)
    assert (await writer.call("DELETE", path)).status == 403


async def create_token_of(node: ApiNode, scope: str) -> str:
    now = node.mint.clock()
    scopes = frozenset(scope.split())
    return await create_token("ana", scopes, entropy=node.mint.entropy, now=now)


async def test_a_stream_ends_with_the_app_that_opened_it(node: ApiNode, ana: Person) -> None:
    app, number = await let_in(node, "ana", "read:statuses")

    async with listening(app) as stream:
        await ana.call("DELETE", f"/apps/{number}")
        async with asyncio.timeout(ENDS_WITHIN_S):
            await stream.until_end()


async def test_a_token_that_ran_out_opens_nothing(node: ApiNode, ana: Person) -> None:
    now = node.mint.clock()
    token = node.mint.entropy.token()
    ends = now - timedelta(seconds=1)
    await add_token(NewToken(fingerprint(token), "ana", "read", now, "x", "", ends))

    assert (await Person("ana", token, node.client).get("/me")).status == 401
