"""Apps that register once stay; what registers anew when it must goes when nobody uses it."""

from datetime import timedelta

from federation.upkeep import reap
from storage import apps
from storage.database import fetch
from tests.oauth.app import PKCE, VERIFIER, Node

HERE = "http://127.0.0.1/back"
QUEUE = timedelta(days=30)


async def test_a_year_later_apps_of_mastodon_s_kind_are_there(node: Node):
    app = await node.register()
    public = await node.register_public()
    used = await node.register_public()
    code = await node.code(used, redirect_uri=HERE, **PKCE)
    await node.redeem(used, code, redirect_uri=HERE, code_verifier=VERIFIER)
    node.browser.now += timedelta(days=365)

    await reap.run_once(node.browser.now, QUEUE)

    assert await apps.find(app["client_id"]) is not None
    assert await apps.find(public["client_id"]) is None
    assert await apps.find(used["client_id"]) is not None


async def test_codes_that_nobody_brings_and_tokens_that_ran_out_go(node: Node):
    app = await node.register()
    public = await node.register_public(grant_types=["authorization_code", "refresh_token"])
    await node.code(app)
    token = await node.token(app)
    code = await node.code(public, redirect_uri=HERE, **PKCE)
    await node.redeem(public, code, redirect_uri=HERE, code_verifier=VERIFIER)
    node.browser.now += timedelta(days=91)

    await reap.run_once(node.browser.now, QUEUE)

    # What stays is the consent behind the token that does not run out.
    assert len(await fetch("SELECT id FROM consent")) == 1
    assert len(await fetch("SELECT token_hash FROM token")) == 1
    assert await node.reads(token) == 200
