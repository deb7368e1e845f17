"""What an app may do ends when the app, the person or whatever closes the account says so."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from node.identity.ending import end_all, end_tokens
from storage import accounts
from storage.database import run
from tests.oauth.app import PKCE, VERIFIER, Node, Told
from tests.oauth.conftest import signed_in

HERE = "http://127.0.0.1/back"


async def test_an_app_gives_its_token_back(node: Node):
    app, other = await node.register(), await node.register()
    own = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    theirs = {"client_id": other["client_id"], "client_secret": other["client_secret"]}
    token, kept = await node.token(app), await node.token(app)

    foreign = await node.post("/oauth/revoke", **theirs, token=token)
    nobody = await node.post("/oauth/revoke", token=token)
    assert (foreign.status, nobody.status) == (403, 403)
    assert await node.reads(token) == 200
    for shown in (token, token, "unknown"):
        told = await node.post("/oauth/revoke", **own, token=shown)
        assert (told.status, told.body) == (200, {})

    assert (await node.reads(token), await node.reads(kept)) == (401, 200)


async def test_what_closes_an_account_ends_tokens_codes_and_what_refreshes_them(node: Node):
    app = await node.register()
    public = await node.register_public(grant_types=["authorization_code", "refresh_token"])
    token, code = await node.token(app), await node.code(app)
    used = await node.code(public, redirect_uri=HERE, **PKCE)
    given = await node.redeem(public, used, redirect_uri=HERE, code_verifier=VERIFIER)
    bobs = await signed_in(node, "bob")
    bobs_code = await node.code(app, bobs)

    await end_all("alice")

    assert await node.reads(token) == 401
    assert await node.reads(given.body["access_token"]) == 401
    assert (await node.redeem(app, code)).status == 400
    assert (await refresh(node, public, given.body["refresh_token"])).status == 400
    assert (await node.redeem(app, bobs_code)).status == 200


async def test_a_page_left_open_gives_no_code_after_that(node: Node):
    app = await node.register()
    question = {"response_type": "code", "client_id": app["client_id"]}
    _, page, _ = await node.ask(**question, redirect_uri="https://client.test/back")

    await end_all("alice")

    status, _, headers = await node.answer(page)
    assert (status, "client.test" in headers["Location"]) == (303, False)


async def test_the_command_line_ends_tokens_of_apps_too(node: Node):
    app = await node.register()
    token, code = await node.token(app), await node.code(app)

    assert await end_tokens("alice") == 1

    assert await node.reads(token) == 401
    assert (await node.redeem(app, code)).status == 400


async def test_a_suspended_account_gives_nothing(node: Node):
    app = await node.register()
    token, code = await node.token(app), await node.code(app)
    await run("UPDATE account SET state = 'suspended' WHERE name = 'alice'")

    assert await node.reads(token) == 401
    assert (await node.redeem(app, code)).status == 400
    headers = {"Authorization": f"Bearer {token}"}
    shown = await node.call("GET", "/api/v1/apps/verify_credentials", headers=headers)
    assert shown.status == 401
    assert await accounts.find_password_hash("alice") is None


async def refresh(node: Node, app: Mapping[str, Any], token: str) -> Told:
    return await node.post(
        "/oauth/token",
        grant_type="refresh_token",
        client_id=app["client_id"],
        refresh_token=token,
    )


async def test_who_has_asked_for_it_refreshes_and_nobody_else(node: Node):
    public = await node.register_public(grant_types=["authorization_code", "refresh_token"])
    code = await node.code(public, redirect_uri=HERE, scope="read write", **PKCE)
    first = (await node.redeem(public, code, redirect_uri=HERE, code_verifier=VERIFIER)).body
    assert first["expires_in"] == 30 * 86_400

    node.browser.now += timedelta(days=30, seconds=1)
    assert await node.reads(first["access_token"]) == 401
    second = await refresh(node, public, first["refresh_token"])
    assert (second.status, second.body["scope"]) == (200, "read write")
    third = await refresh(node, public, second.body["refresh_token"])
    assert await node.reads(second.body["access_token"]) == 401
    assert await node.reads(third.body["access_token"]) == 200

    # One that was replaced is in two hands: nobody keeps anything.
    again = await refresh(node, public, second.body["refresh_token"])
    assert again.status == 400
    assert await node.reads(third.body["access_token"]) == 401
    assert (await refresh(node, public, third.body["refresh_token"])).status == 400


async def test_a_refresh_token_is_its_apps_own_and_can_be_given_back(node: Node):
    grants = ["authorization_code", "refresh_token"]
    public = await node.register_public(grant_types=grants)
    other = await node.register_public(grant_types=grants)
    code = await node.code(public, redirect_uri=HERE, **PKCE)
    first = (await node.redeem(public, code, redirect_uri=HERE, code_verifier=VERIFIER)).body

    assert (await refresh(node, other, first["refresh_token"])).status == 400
    told = await node.post(
        "/oauth/revoke", client_id=other["client_id"], token=first["refresh_token"]
    )
    assert told.status == 403
    assert await node.reads(first["access_token"]) == 200
    told = await node.post(
        "/oauth/revoke", client_id=public["client_id"], token=first["refresh_token"]
    )
    assert told.status == 200
    assert await node.reads(first["access_token"]) == 401
