"""An app asks, a person says yes, and a token comes of it that works within its scopes."""

from base64 import b64encode
from urllib.parse import urlencode

from tests.oauth.app import BACK, OOB, PKCE, VERIFIER, Node, query_of
from tests.support.page_browser import BASE_URL, Browser


async def test_a_person_says_yes_and_the_app_reads(node: Node):
    app = await node.register()
    status, page, headers = await node.ask(
        response_type="code",
        client_id=app["client_id"],
        redirect_uri=BACK,
        state="s t&=",
        scope="read",
    )
    assert status == 200
    assert "This app can read your private messages." in page
    assert "Tea" in page
    assert "alice@alpha.test" in page
    assert "form-action 'self' https://client.test;" in headers["Content-Security-Policy"]

    status, _, headers = await node.answer(page)
    assert status == 302
    told = query_of(headers)
    assert headers["Location"].startswith(f"{BACK}?code=")
    assert (told["state"], told["iss"]) == ("s t&=", BASE_URL)

    given = await node.redeem(app, told["code"])
    assert given.status == 200
    assert given.body | {"access_token": "", "created_at": 0} == {
        "access_token": "",
        "token_type": "Bearer",
        "scope": "read",
        "created_at": 0,
        "me": f"{BASE_URL}/u/alice",
        "activitypub_actor_id": f"{BASE_URL}/u/alice",
    }
    assert isinstance(given.body["created_at"], int)
    assert "no-store" in given.headers["Cache-Control"]
    token = given.body["access_token"]
    assert (await node.reads(token), await node.writes(token)) == (200, 403)


async def test_a_person_says_no(node: Node):
    app = await node.register()
    _, page, _ = await node.ask(
        response_type="code", client_id=app["client_id"], redirect_uri=BACK, state="s"
    )

    status, _, headers = await node.answer(page, "deny")

    told = query_of(headers)
    assert status == 302
    assert (told["error"], told["state"], "code" in told) == ("access_denied", "s", False)


async def test_out_of_band_shows_the_code(node: Node):
    app = await node.register(redirect_uris=OOB)

    code = await node.code(app, redirect_uri=OOB, scope="read write")
    given = await node.redeem(app, code, redirect_uri=OOB)

    assert given.status == 200
    assert given.body["scope"] == "read write"
    assert await node.writes(given.body["access_token"]) == 200


async def test_an_app_on_a_desk_takes_the_port_that_it_gets(node: Node):
    app = await node.register_public()
    here = "http://127.0.0.1:51234/back"

    code = await node.code(app, redirect_uri=here, **PKCE)
    other = await node.redeem(
        app, code, redirect_uri="http://127.0.0.1:5555/back", code_verifier=VERIFIER
    )
    given = await node.redeem(app, code, redirect_uri=here, code_verifier=VERIFIER)

    assert (other.status, given.status) == (400, 200)


async def test_the_trailing_slash_and_the_default_scope(node: Node):
    app = await node.register(scopes="read")
    question = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK}

    status, page = await node.browser.get(f"/oauth/authorize/?{urlencode(question)}")

    assert status == 200
    assert "Read all that you can read here" in page


async def test_who_is_not_signed_in_signs_in_first_and_comes_back(node: Node):
    app = await node.register()
    stranger = Browser(node.client)
    question = {
        "response_type": "code",
        "client_id": app["client_id"],
        "redirect_uri": BACK,
        "scope": "read write",
        "state": "a&b=c/d?e#f",
    }

    status, _, headers = await node.ask(stranger, **question)
    assert status == 303
    assert headers["Location"].startswith("/sign-in?next=/oauth/authorize?")
    status, _, headers = await node.ask(node.browser, **question, force_login="true")
    assert (status, headers["Location"].endswith("&again=1")) == (303, True)
    # The way there goes through the form of signing in, and whoever is in already goes on at once.
    status, page = await node.browser.get(headers["Location"])
    assert (status, 'name="password"' in page) == (200, True)
    status, headers = await node.browser.headers(headers["Location"].removesuffix("&again=1"))
    assert status == 303
    status, page = await node.browser.get(headers["Location"])
    assert (status, 'name="state" value="a&amp;b=c/d?e#f"' in page) == (200, True)


async def test_basic_and_json_are_taken_as_well(node: Node):
    app = await node.register()
    code = await node.code(app)
    body = {"grant_type": "authorization_code", "redirect_uri": BACK, "code": code, "scope": "x"}

    async def with_basic(client_id: str, secret: str) -> int:
        basic = b64encode(f"{client_id}:{secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}"}
        return (await node.call("POST", "/oauth/token", json=body, headers=headers)).status

    assert await with_basic(app["client_id"], "wrong") == 401
    assert await with_basic(app["client_id"], app["client_secret"]) == 200
