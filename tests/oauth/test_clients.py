"""An app shows that it is the one, and says what it wants as it likes."""

import json
from base64 import b64encode

import pytest

from tests.oauth.app import BACK, OOB, PKCE, VERIFIER, Node


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'{client_id}:{secret}'.encode()).decode()}"}


async def test_an_app_without_a_secret_is_not_let_in_with_one_nor_the_reverse(node: Node):
    public, app = await node.register_public(), await node.register()
    here = "http://127.0.0.1/back"
    code = await node.code(public, redirect_uri=here, **PKCE)
    theirs = await node.code(app)

    answers = [
        await node.redeem(public, code, redirect_uri=here, client_secret="x"),
        await node.redeem(app, theirs, client_secret=""),
        await node.redeem(app, theirs, client_secret="x"),
        await node.redeem(app, theirs, client_id="x"),
        await node.redeem(app, theirs, client_id="a\0b"),
        await node.redeem(app, theirs, client_id="y" * 5000),
        await node.redeem(app, theirs, client_secret=public["client_id"]),
    ]

    assert [(one.status, one.body["error"]) for one in answers] == [(401, "invalid_client")] * 7
    fine = await node.redeem(public, code, redirect_uri=here, code_verifier=VERIFIER)
    assert fine.status == 200


async def test_body_and_basic_must_agree(node: Node):
    app = await node.register()
    fields = {"grant_type": "client_credentials", "client_id": app["client_id"]}
    own = basic(app["client_id"], app["client_secret"])

    async def status(headers: dict[str, str], **more: str) -> int:
        return (await node.post("/oauth/token", headers, **{**fields, **more})).status

    assert await status(own) == 200
    assert await status(own, client_secret=app["client_secret"]) == 200
    assert await status(own, client_secret="other") == 401
    assert await status(own, client_id="other") == 401
    assert await status({"Authorization": "Basic !"}) == 401
    assert await status({"Authorization": "Basic"}) == 401


async def test_an_app_alone_gets_a_token_that_opens_nobodys_account(node: Node):
    app, public = await node.register(), await node.register_public()
    fields = {"grant_type": "client_credentials", "client_id": app["client_id"]}
    told = await node.post("/oauth/token", **fields, client_secret=app["client_secret"])

    assert told.status == 200
    assert "me" not in told.body
    token = told.body["access_token"]
    assert await node.reads(token) == 401
    headers = {"Authorization": f"Bearer {token}"}
    shown = await node.call("GET", "/api/v1/apps/verify_credentials", headers=headers)
    assert (shown.status, shown.body["name"], "client_secret" in shown.body) == (200, "Tea", False)
    told = await node.post(
        "/oauth/token", grant_type="client_credentials", client_id=public["client_id"]
    )
    assert (told.status, told.body["error"]) == (400, "unauthorized_client")


async def test_an_app_keeps_ten_tokens_of_its_own(node: Node):
    app = await node.register()
    fields = {"grant_type": "client_credentials", "client_id": app["client_id"]}
    tokens = []
    for _ in range(12):
        told = await node.post("/oauth/token", **fields, client_secret=app["client_secret"])
        tokens.append(told.body["access_token"])
        node.browser.now = node.browser.now.replace(microsecond=len(tokens) * 1000)

    answers = []
    for token in tokens:
        headers = {"Authorization": f"Bearer {token}"}
        shown = await node.call("GET", "/api/v1/apps/verify_credentials", headers=headers)
        answers.append(shown.status)
    assert answers == [401] * 2 + [200] * 10


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({}, "invalid_request"),
        (
            {"grant_type": "password", "username": "alice", "password": "x"},
            "unsupported_grant_type",
        ),
        ({"grant_type": "implicit"}, "unsupported_grant_type"),
        ({"grant_type": "authorization_code"}, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "x"}, "invalid_request"),
        ({"grant_type": "refresh_token"}, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, "unauthorized_client"),
        ({"grant_type": "client_credentials", "scope": "admin:read"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "read everything"}, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "push"}, "invalid_scope"),
    ],
)
async def test_what_cannot_be_granted_is_told_in_the_words_of_the_rfc(
    node: Node, fields: dict[str, str], error: str
):
    app = await node.register()
    own = {"client_id": app["client_id"], "client_secret": app["client_secret"]}

    told = await node.post("/oauth/token", **own, **fields)

    assert (told.status, told.body["error"]) == (400, error)
    assert told.body["error_description"]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", b'{"grant_type":', 400),
        ("application/json", b"grant_type=client_credentials", 400),
        ("application/json", b"[]", 400),
        ("application/json", b'{"grant_type": {"a": 1}, "code": [null]}', 400),
        ("application/json", b"{" + b'"a":{' * 500 + b"}" * 501, 400),
        ("application/x-www-form-urlencoded", b'{"grant_type": "client_credentials"}', 400),
        ("application/x-www-form-urlencoded", b"grant_type=%ff&code=%", 400),
        ("application/x-www-form-urlencoded", b"a=b&" * 200, 400),
        ("application/x-www-form-urlencoded", b"grant_type=a&grant_type=b", 400),
        ("application/x-www-form-urlencoded", b"grant_type=\xff", 400),
        ("application/x-www-form-urlencoded", b"code=" + b"x" * 70_000, 413),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nno name\r\n--x--\r\n", 400),
        ("multipart/form-data; boundary=x", b"no parts", 400),
        ("multipart/form-data", b"no boundary", 400),
        ("text/plain", b"grant_type=client_credentials", 400),
        ("", b"", 400),
    ],
)
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/register"])
async def test_a_body_that_cannot_be_read_is_refused(
    node: Node, path: str, kind: str, body: bytes, status: int
):
    told = await node.call("POST", path, data=body, headers={"Content-Type": kind} if kind else {})

    assert told.status in {status, 400}
    assert isinstance(told.body["error"], str)


@pytest.mark.parametrize("path", ["/api/v1/apps", "/oauth/revoke"])
async def test_nor_elsewhere(node: Node, path: str):
    for kind, body in (("application/json", b"{"), ("application/x-www-form-urlencoded", b"a=%ff")):
        told = await node.call("POST", path, data=body, headers={"Content-Type": kind})

        assert told.status == 400
        assert "error" in told.body


async def test_a_body_without_a_kind_is_a_form_or_json(node: Node):
    app = await node.register()
    form = (
        f"grant_type=client_credentials&client_id={app['client_id']}"
        f"&client_secret={app['client_secret']}"
    )
    fields = dict(pair.split("=") for pair in form.split("&"))

    for body in (form.encode(), json.dumps(fields).encode()):
        told = await node.call(
            "POST", "/oauth/token", data=body, skip_auto_headers=("Content-Type",)
        )
        assert told.status == 200, told


async def test_an_app_registers_in_each_way(node: Node):
    asked = {"client_name": "Tea", "redirect_uris": f"{OOB}\n{BACK}", "scopes": "read push"}
    as_list = asked | {"redirect_uris": [OOB, BACK], "website": None}
    told = [
        await node.post("/api/v1/apps", **asked),
        await node.call("POST", "/api/v1/apps", json=as_list),
        await node.call("POST", "/api/v1/apps", params=asked),
    ]

    for one in told:
        assert one.status == 200, one
        body = one.body
        assert body["redirect_uris"] == [OOB, BACK]
        assert body["redirect_uri"] == f"{OOB}\n{BACK}"
        assert (body["name"], body["website"], body["vapid_key"]) == ("Tea", None, None)
        assert (body["scopes"], body["client_secret_expires_at"]) == (["read", "push"], 0)
        assert body["id"].isdigit()
    assert len({one.body["client_id"] for one in told}) == 3


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"client_name": ""}, "Name"),
        ({"client_name": "x" * 61}, "Name"),
        ({"client_name": "a\0b"}, "Name"),
        ({"redirect_uris": ""}, "Redirect URI"),
        ({"redirect_uris": "back"}, "Redirect URI"),
        ({"redirect_uris": "/back"}, "Redirect URI"),
        ({"redirect_uris": f"{BACK}#part"}, "Redirect URI"),
        ({"redirect_uris": "javascript:alert(1)"}, "Redirect URI"),
        ({"redirect_uris": "JavaScript:alert(1)"}, "Redirect URI"),
        ({"redirect_uris": "data:text/html,x"}, "Redirect URI"),
        ({"redirect_uris": "file:///etc/passwd"}, "Redirect URI"),
        ({"redirect_uris": "https://a@client.test/"}, "Redirect URI"),
        ({"redirect_uris": "https:client.test"}, "Redirect URI"),
        ({"redirect_uris": "https://client.test\\@evil.test/"}, "Redirect URI"),
        ({"redirect_uris": "https://client.tést/"}, "Redirect URI"),
        ({"redirect_uris": f"https://client.test/{'x' * 2000}"}, "Redirect URI"),
        ({"redirect_uris": " ".join(f"{BACK}{n}" for n in range(11))}, "Redirect URI"),
        ({"scopes": "read everything"}, "Scopes"),
        ({"website": "javascript:alert(1)"}, "Website"),
    ],
)
async def test_an_unfit_app_is_not_kept(node: Node, fields: dict[str, str], word: str):
    asked = {"client_name": "Tea", "redirect_uris": BACK, "scopes": "read", **fields}

    told = await node.post("/api/v1/apps", **asked)

    assert told.status == 422
    assert told.body["error"].startswith(f"Validation failed: {word}")


async def test_nobody_registers_without_end(node: Node):
    for _ in range(30):
        await node.register()

    told = await node.post("/api/v1/apps", client_name="Tea", redirect_uris=BACK)

    assert told.status == 429
    assert int(told.headers["Retry-After"]) > 0
    assert told.body["error"] == "Too many requests"
