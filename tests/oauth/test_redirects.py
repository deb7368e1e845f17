"""Nobody is led anywhere but to an address that the app has registered."""

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.oauth.redirects import form_target, is_registered, may_be_registered, place_of
from tests.oauth.app import BACK, Node, query_of

TRICKS = (
    "https://evil.test/client.test/back",
    "https://client.test.evil.test/back",
    "https://client.test@evil.test/back",
    "https://client.test/BACK",
    "https://CLIENT.test/back",
    "HTTPS://client.test/back",
    "http://client.test/back",
    "https://client.test:443/back",
    f"{BACK}/",
    f"{BACK}/../evil",
    f"{BACK}?x=1",
    f"{BACK}#part",
    f"{BACK}%20",
    f" {BACK}",
    f"{BACK}\n",
    f"{BACK}\0",
    "//client.test/back",
    "/back",
    "",
    "javascript:alert(document.cookie)",
    "data:text/html,<script>alert(1)</script>",
    "urn:ietf:wg:oauth:2.0:oob",
    "http://127.0.0.1:9999/back",
)


@pytest.mark.parametrize("who", ["alice", "nobody"])
async def test_an_address_that_is_not_the_app_s_leads_nowhere(node: Node, who: str):
    app = await node.register()
    if who == "nobody":
        node.browser.cookies.clear()
    question = {"response_type": "code", "client_id": app["client_id"], "state": "<script>"}

    for trick in TRICKS:
        status, page, headers = await node.ask(**question, redirect_uri=trick)

        assert (status, "Location" in headers) == (400, False), trick
        assert "evil.test" not in page
        assert "<script>" not in page


async def test_nothing_is_said_twice(node: Node):
    app = await node.register()
    asked = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK}
    for name, value in (("redirect_uri", "https://evil.test/"), ("client_id", "x"), ("scope", "")):
        query = urlencode([*asked.items(), ("scope", "read"), (name, value)])

        status, headers = await node.browser.headers(f"/oauth/authorize?{query}")

        assert (status, "Location" in headers) == (400, False)


@pytest.mark.parametrize(
    ("more", "error"),
    [
        ({"response_type": ""}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "everything"}, "invalid_scope"),
        ({"scope": "admin:write"}, "invalid_scope"),
        ({"scope": "push"}, "invalid_scope"),
    ],
)
async def test_what_is_wrong_otherwise_is_told_to_the_app_when_somebody_is_in(
    node: Node, more: dict[str, str], error: str
):
    app = await node.register()
    asked = {"response_type": "code", "client_id": app["client_id"], "redirect_uri": BACK}

    status, _, headers = await node.ask(**asked | {"state": "s"} | more)
    assert status == 302
    assert headers["Location"].startswith(f"{BACK}?error={error}&")
    assert query_of(headers)["state"] == "s"
    node.browser.cookies.clear()
    status, _, headers = await node.ask(**asked | more)
    assert (status, headers["Location"].startswith("/sign-in?")) == (303, True)


@pytest.mark.parametrize(
    "query", ["", "client_id=x", "state=%ff", "a=" * 200, "state=" + "x" * 6000, "client_id=%00"]
)
async def test_a_question_that_cannot_be_read_is_a_page_of_ours(node: Node, query: str):
    status, headers = await node.browser.headers(f"/oauth/authorize?{query}")

    assert (status, "Location" in headers) == (400, False)


async def test_the_form_is_judged_like_the_question(node: Node):
    app = await node.register(scopes="read")
    _, page, _ = await node.ask(response_type="code", client_id=app["client_id"], redirect_uri=BACK)

    status, _, headers = await node.answer(page, redirect_uri="https://evil.test/")
    assert (status, "Location" in headers) == (400, False)
    status, _, headers = await node.answer(page, scope="read write")
    assert query_of(headers)["error"] == "invalid_scope"
    status, _, headers = await node.answer(page, csrf="x")
    assert status == 403


@pytest.mark.parametrize(
    ("registered", "asked", "fits"),
    [
        ("http://127.0.0.1/back", "http://127.0.0.1:1/back", True),
        ("http://127.0.0.1:1/back", "http://127.0.0.1:65535/back", True),
        ("http://[::1]/back", "http://[::1]:1/back", True),
        ("http://127.0.0.1", "http://127.0.0.1:1", True),
        ("http://127.0.0.1/back", "http://127.0.0.1:1/other", False),
        ("http://127.0.0.1/back", "http://[::1]:1/back", False),
        ("http://127.0.0.1/back", "https://127.0.0.1:1/back", False),
        ("http://127.0.0.1/back", "http://127.0.0.1:1@evil.test/back", False),
        ("http://127.0.0.1/back", "http://127.0.0.1.evil.test/back", False),
        ("http://127.0.0.1/back", "http://127.0.0.1:1/back#x", False),
        ("http://127.0.0.1/back", "http://127.1/back", False),
        ("http://localhost/back", "http://localhost:1/back", False),
    ],
)
def test_only_of_loopback_literals_the_port_is_free(registered: str, asked: str, *, fits: bool):
    assert is_registered(asked, [registered]) is fits


@pytest.mark.parametrize(
    ("uri", "target", "place"),
    [
        (BACK, "https://client.test", "client.test"),
        ("https://client.test:8443/x", "https://client.test:8443", "client.test:8443"),
        ("http://127.0.0.1:5/x", "http://127.0.0.1:5", ""),
        ("http://[::1]:5/x", "http:", ""),
        ("com.example.app://back", "com.example.app:", ""),
        ("com.example.app:/back;script-src *", "com.example.app:", ""),
        ("urn:ietf:wg:oauth:2.0:oob", "", ""),
    ],
)
def test_what_a_form_may_lead_to(uri: str, target: str, place: str):
    assert (form_target(uri), place_of(uri)) == (target, place)


@given(st.text(max_size=60), st.sampled_from(["", "https:", "https://", BACK, "javascript:", "x:"]))
def test_whatever_may_be_registered_adds_no_word_to_a_policy(text: str, start: str):
    uri = start + text
    if may_be_registered(uri):
        assert not set(form_target(uri)) & set(" ;,'\"\r\n*")
        assert not uri.lower().startswith(("javascript:", "data:", "file:"))
        assert quote(uri, safe="!$%&'()*+,/:;<=>?@[]^_`{|}~\"") == uri
