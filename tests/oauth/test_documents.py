"""An app that has not registered is asked at the URL that is its name, for people of this node."""

from datetime import timedelta

import pytest

from tests.oauth.app import PKCE, VERIFIER, Node
from tests.support.page_browser import Browser

ID = "https://client.test/app.json"
HERE = "http://127.0.0.1/back"
DOCUMENT = {
    "client_id": ID,
    "client_name": "Tea",
    "client_uri": "https://client.test/",
    "redirect_uris": [HERE],
    "logo_uri": "https://client.test/logo.png",
}
QUESTION = {"response_type": "code", "client_id": ID, "redirect_uri": HERE, **PKCE}


async def test_an_app_comes_without_having_registered(node: Node):
    node.documents[ID] = DOCUMENT
    status, page, _ = await node.ask(**QUESTION)
    assert status == 200
    assert "client.test" in page
    assert "logo.png" not in page

    code = await node.code({"client_id": ID}, redirect_uri=HERE, scope="read write", **PKCE)
    told = await node.redeem({"client_id": ID}, code, redirect_uri=HERE, code_verifier=VERIFIER)

    assert (told.status, told.body["scope"]) == (200, "read write")
    assert await node.writes(told.body["access_token"]) == 200
    # It was asked once, and what it says is believed for a day.
    assert node.asked == [ID]
    node.browser.now += timedelta(hours=25)
    await node.ask(**QUESTION)
    assert node.asked == [ID, ID]


async def test_what_it_says_later_counts(node: Node):
    node.documents[ID] = DOCUMENT
    assert (await node.ask(**QUESTION))[0] == 200
    node.documents[ID] = DOCUMENT | {"redirect_uris": ["http://127.0.0.1/other"]}
    node.browser.now += timedelta(hours=25)

    status, _, headers = await node.ask(**QUESTION)

    assert (status, "Location" in headers) == (400, False)


async def test_nobody_is_asked_for_a_stranger(node: Node):
    node.documents[ID] = DOCUMENT
    status, _, headers = await node.ask(Browser(node.client), **QUESTION)

    assert (status, headers["Location"].startswith("/sign-in?")) == (303, True)
    assert node.asked == []


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        DOCUMENT | {"client_id": "https://client.test/other.json"},
        DOCUMENT | {"client_id": "https://evil.test/app.json"},
        DOCUMENT | {"redirect_uris": []},
        DOCUMENT | {"redirect_uris": "http://127.0.0.1/back"},
        DOCUMENT | {"redirect_uris": ["javascript:alert(1)"]},
        DOCUMENT | {"redirect_uris": [1]},
        DOCUMENT | {"client_name": {"a": 1}},
        DOCUMENT | {"client_name": "x" * 500},
        DOCUMENT | {"grant_types": ["password"]},
        DOCUMENT | {"grant_types": "authorization_code"},
        DOCUMENT | {"token_endpoint_auth_method": "client_secret_basic"},
        DOCUMENT | {"token_endpoint_auth_method": ["none"]},
        DOCUMENT | {"scope": "everything"},
    ],
)
async def test_what_is_no_document_of_this_app_lets_nobody_in(node: Node, document: object):
    node.documents[ID] = document

    status, page, headers = await node.ask(**QUESTION)

    assert (status, "Location" in headers) == (400, False)
    assert "does not know the app" in page


@pytest.mark.parametrize(
    "client_id",
    [
        "https://client.test",
        "https://client.test/app.json#x",
        "https://CLIENT.test/app.json",
        "https://client.test:443/app.json",
        "https://a@client.test/app.json",
        "http://client.test/app.json",
        "https://client.test/a b",
    ],
)
async def test_an_address_with_another_spelling_is_no_name(node: Node, client_id: str):
    node.documents[client_id] = DOCUMENT | {"client_id": client_id}

    assert (await node.ask(**QUESTION | {"client_id": client_id}))[0] == 400
    assert node.asked == []


async def test_admin_is_not_for_an_app_that_has_not_said_so(node: Node):
    node.documents[ID] = DOCUMENT
    status, _, headers = await node.ask(**QUESTION, scope="admin:read")
    assert (status, "error=invalid_scope" in headers["Location"]) == (302, True)


async def test_nobody_has_documents_read_without_end(node: Node):
    for number in range(20):
        await node.ask(**QUESTION | {"client_id": f"https://client.test/{number}"})
    node.documents[ID] = DOCUMENT

    assert (await node.ask(**QUESTION))[0] == 400
    assert len(node.asked) == 20
