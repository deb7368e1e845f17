"""An app is told whose token it holds, if it may know."""

import pytest

from federation.commands.register_account import Mint, register_account
from federation.protocol.namespace import Namespace
from node.entropy import Entropy
from node.identity.bearer import create_token
from storage.sealing import Sealer
from tests.oauth.app import Node
from tests.support.api_node import QuickEntropy
from tests.support.page_browser import BASE_URL, HOST, NOW


@pytest.mark.parametrize(
    ("scope", "status"), [("profile", 200), ("read", 200), ("write", 403), ("read:statuses", 403)]
)
async def test_who_it_is(node: Node, scope: str, status: int):
    space = Namespace(BASE_URL, HOST, HOST)
    mint = Mint(space, Sealer(b"\x01" * 32), QuickEntropy(lambda: NOW), lambda: NOW)
    await register_account(
        mint, name="carol", role="member", password_hash="!", display_name="Carol"
    )
    token = await create_token("carol", frozenset({scope}), entropy=Entropy(lambda: NOW), now=NOW)

    told = await node.call("GET", "/oauth/userinfo", headers={"Authorization": f"Bearer {token}"})

    assert told.status == status
    if status == 200:
        assert told.body == {
            "iss": BASE_URL,
            "sub": f"{BASE_URL}/u/carol",
            "name": "Carol",
            "preferred_username": "carol",
            "profile": f"{BASE_URL}/u/carol",
            "picture": None,
        }
