"""Every route by who calls it: nobody, an outsider, a token that may only read."""

import pytest

from node.covey_api.call import BASE
from node.covey_api.routes import api_endpoints
from node.http.routes import GUARDED, Endpoint
from node.identity.sessions import Whence, cookie_name, open_session
from storage.database import fetch
from tests.support.api_node import HOST, SPACE, ApiNode, Person

ROUTES = [each for each in api_endpoints() if each.scope in GUARDED]
WRITING = [each for each in ROUTES if "write" in each.scope.value]
ABOUT_ONE = [each for each in ROUTES if "{id}" in each.path]

# What each route needs to get as far as asking whether the caller may see the thing.
BODIES = {
    f"{BASE}/conversations/{{id}}/read": {"up_to": "x"},
    f"{BASE}/conversations/{{id}}/members": {"acct": "ana@alpha.test"},
    f"{BASE}/conversations/{{id}}/messages": {"text": "hello"},
    f"{BASE}/messages/{{id}}": {"text": "hello"},
    f"{BASE}/media/{{id}}/description": {"description": "hello"},
}
NAMED = {
    "acct": "bo@alpha.test",
    "domain": "bad.example",
    "host": "bad.example",
    "emoji": "x",
    "link": "x",
    "report": "x",
    "session": "x",
    "app": "x",
}


def named(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path.removeprefix(BASE)}"


def path_of(endpoint: Endpoint, thing: str) -> str:
    path = endpoint.path.removeprefix(BASE)
    for name, value in NAMED.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("{id}", thing)


@pytest.mark.parametrize("endpoint", ROUTES, ids=named)
async def test_nobody_is_let_in_without_a_token(node: ApiNode, endpoint: Endpoint) -> None:
    nobody = Person("ana", "wrong", node.client)

    answer = await nobody.call(endpoint.method, path_of(endpoint, "x"), {})

    assert (answer.status, answer.word) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("endpoint", WRITING, ids=named)
async def test_a_token_that_may_read_changes_nothing(node: ApiNode, endpoint: Endpoint) -> None:
    reader = Person("ana", await node.token("ana", "read"), node.client)

    answer = await reader.call(endpoint.method, path_of(endpoint, "x"), {})

    assert (answer.status, answer.word) == (403, "forbidden")


@pytest.mark.parametrize("endpoint", ABOUT_ONE, ids=named)
async def test_what_is_anothers_looks_like_what_is_not_there(
    ana: Person, bo: Person, cy: Person, endpoint: Endpoint
) -> None:
    room = await ana.start_group(bo)
    said = await ana.say(room, "hello")
    thing = said["id"] if "/messages/{id}" in endpoint.path else room
    body = BODIES.get(endpoint.path, {}) if endpoint.method != "GET" else None

    theirs = await cy.call(endpoint.method, path_of(endpoint, thing), body)
    nothing = await cy.call(endpoint.method, path_of(endpoint, "01ARZ3NDEKTSV4RRFFQ69G5FAV"), body)

    assert (theirs.status, theirs.word) == (404, "not-found")
    assert theirs.body == nothing.body


async def test_a_suspended_account_has_no_token_that_works(ana: Person, bo: Person) -> None:
    await fetch("UPDATE account SET state = 'suspended' WHERE name = 'bo' RETURNING name")

    assert (await bo.get("/me")).status == 401
    assert (await ana.get("/me")).status == 200


async def test_what_became_of_a_message_is_its_authors_to_know(ana: Person, bo: Person) -> None:
    room = await ana.start_group(bo)
    await bo.post(f"/conversations/{room}/accept")
    said = await ana.say(room, "hello")

    own = await ana.get(f"/messages/{said['id']}/delivery")
    theirs = await bo.get(f"/messages/{said['id']}/delivery")

    assert (own.status, own.items) == (200, [])
    assert theirs.status == 404


@pytest.mark.parametrize("path", ["/admin/queue", "/admin/peers"])
async def test_the_queue_is_for_who_runs_the_node(ana: Person, bo: Person, path: str) -> None:
    owner, member = await ana.get(path), await bo.get(path)

    assert (owner.status, owner.items) == (200, [])
    assert (member.status, member.word) == (403, "forbidden")


async def test_who_runs_the_node_sees_its_accounts_by_name(ana: Person, bo: Person) -> None:
    await fetch("UPDATE account SET state = 'suspended' WHERE name = 'cy' RETURNING name")

    first = await ana.get("/admin/accounts", limit="2")
    rest = await ana.get("/admin/accounts", after="bo")

    assert [(one["acct"], one["role"]) for one in first.items] == [
        (ana.acct, "owner"),
        (bo.acct, "member"),
    ]
    assert 'after=bo>; rel="prev"' in first.headers["Link"]
    assert [(one["acct"], one["state"]) for one in rest.items] == [("cy@alpha.test", "suspended")]
    assert not {"password_hash", "password"} & set(first.items[0])
    assert (await bo.get("/admin/accounts")).status == 403


async def test_a_web_session_needs_its_csrf_token_and_our_origin(
    node: ApiNode, ana: Person
) -> None:
    session = await open_session(
        "ana", Whence("test", ""), entropy=node.mint.entropy, now=node.mint.clock()
    )
    cookie = {"Host": HOST, "Cookie": f"{cookie_name(SPACE.base_url)}={session.cookie}"}
    sent = {"kind": "group", "members": []}

    async def status(**headers: str) -> int:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with node.client.post(
            f"{BASE}/conversations", json=sent, headers=cookie | named
        ) as response:
            return response.status

    assert await status(X_CSRF_Token=session.csrf, Origin=SPACE.base_url) == 201
    assert await status(Origin=SPACE.base_url) == 403
    assert await status(X_CSRF_Token=session.csrf) == 403
    assert await status(X_CSRF_Token=session.csrf, Origin="https://evil.test") == 403
    async with node.client.get(f"{BASE}/me", headers=cookie) as response:
        assert response.status == 200
