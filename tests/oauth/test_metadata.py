"""The server says what it takes, to any page, and acts for none with somebody's cookie."""

import pytest

from tests.oauth.app import Node
from tests.support.page_browser import BASE_URL

PROGRAMS = (
    ("GET", "/.well-known/oauth-authorization-server"),
    ("POST", "/api/v1/apps"),
    ("GET", "/api/v1/apps/verify_credentials"),
    ("POST", "/oauth/register"),
    ("POST", "/oauth/token"),
    ("POST", "/oauth/revoke"),
    ("GET", "/oauth/userinfo"),
)


async def test_the_document_says_what_is_there(node: Node):
    told = await node.call("GET", "/.well-known/oauth-authorization-server")

    assert told.status == 200
    assert told.body["issuer"] == BASE_URL
    assert told.body["code_challenge_methods_supported"] == ["S256"]
    assert {"read", "write", "follow", "push", "profile"} <= set(told.body["scopes_supported"])
    for name in ("authorization", "token", "revocation", "registration", "userinfo"):
        address = told.body[f"{name}_endpoint"].removeprefix(BASE_URL)
        method = {"authorization": "GET", "userinfo": "GET"}.get(name, "POST")
        assert (await node.call(method, address)).status in {400, 401, 403}


@pytest.mark.parametrize(("method", "path"), PROGRAMS)
async def test_every_page_may_ask_and_none_with_credentials(node: Node, method: str, path: str):
    preflight = await node.call("OPTIONS", path, headers={"Origin": "https://app.test"})
    told = await node.call(method, path, headers={"Origin": "https://app.test"})

    assert preflight.status == 204
    for one in (preflight, told):
        assert one.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in one.headers


async def test_a_cookie_opens_none_of_it(node: Node):
    headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in node.browser.cookies.items())}

    for path in ("/oauth/userinfo", "/api/v1/apps/verify_credentials"):
        told = await node.call("GET", path, headers=headers)
        assert (told.status, told.body["error"]) == (401, "The access token is invalid")
