"""What an app says of itself is read at its own address, in bounds, and without redirects."""

import pytest
from aiohttp import web

from federation.remote.client_documents import read_client_document
from tests.support.remote_node import RemoteNode
from tests.support.tls_peer import TlsPeer

URL = "https://beta.test/client.json"
DOCUMENT = '{"client_id": "https://beta.test/client.json"}'


@pytest.mark.parametrize("kind", ["application/json", "application/cid+json; charset=utf-8"])
async def test_a_document_is_read(node: RemoteNode, beta: TlsPeer, kind: str):
    beta.serve("/client.json", DOCUMENT, content_type=kind)

    assert await read_client_document(node.client, URL) == {"client_id": URL}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (DOCUMENT, "text/html", 200),
        (DOCUMENT, "application/json", 404),
        ("[]", "application/json", 200),
        ('{"a": 1, "a": 2}', "application/json", 200),
        ("{", "application/json", 200),
        ('{"a": "' + "x" * 70_000 + '"}', "application/json", 200),
    ],
)
async def test_what_is_none_is_nothing(
    node: RemoteNode, beta: TlsPeer, body: str, kind: str, status: int
):
    beta.serve("/client.json", body, content_type=kind, status=status)

    assert await read_client_document(node.client, URL) is None


async def test_no_redirect_is_followed(node: RemoteNode, beta: TlsPeer):
    async def away(_: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "https://beta.test/other.json"})

    beta.routes["/client.json"] = away
    beta.serve("/other.json", DOCUMENT, content_type="application/json")

    assert await read_client_document(node.client, URL) is None
    assert beta.paths() == ["/client.json"]
