"""A person sees which apps they have let in, and ends the access of each by itself."""

import re
from datetime import timedelta

from tests.oauth.app import PKCE, VERIFIER, Node
from tests.oauth.conftest import signed_in
from tests.support.page_browser import token_in

HERE = "http://127.0.0.1/back"


async def test_the_page_says_which_apps_may_do_what_and_ends_it(node: Node):
    _, page = await node.browser.get("/settings")
    assert "An app that you sign in to" in page
    tea = await node.register(client_name="<b>Tea</b>", website="https://tea.test/")
    other = await node.register(client_name="Cake")
    await node.code(tea)
    node.browser.now += timedelta(hours=1)
    first, second = await node.token(tea, scope="read"), await node.token(tea, scope="write:media")
    kept = await node.token(other, scope="write")
    await node.reads(first)

    _, page = await node.browser.get("/settings")
    assert "&lt;b&gt;Tea&lt;/b&gt;" in page
    assert page.count('action="/settings/apps/end#apps"') == 2
    assert "Upload pictures and files" in page
    assert "Do all that you can do here" in page
    fields = {"csrf": token_in(page), "app": tea["id"]}
    status, _, headers = await node.browser.post("/settings/apps/end", fields)

    assert (status, headers["Location"]) == (303, "/settings?done=app#apps")
    assert [await node.reads(token) for token in (first, second)] == [401, 401]
    assert await node.writes(kept) == 200
    _, page = await node.browser.get("/settings")
    assert "Tea" not in page
    assert "Cake" in page


async def test_nobody_ends_what_somebody_else_has_allowed(node: Node):
    app = await node.register()
    token = await node.token(app)
    bob = await signed_in(node, "bob")
    _, page = await bob.get("/settings")
    assert "Tea" not in page

    fields = {"csrf": token_in(page), "app": app["id"]}
    status, _, _ = await bob.post("/settings/apps/end", fields)

    assert status == 303
    assert await node.reads(token) == 200


async def test_an_app_that_can_refresh_is_listed_although_its_token_ran_out(node: Node):
    grants = ["authorization_code", "refresh_token"]
    app = await node.register_public(grant_types=grants)
    code = await node.code(app, redirect_uri=HERE, **PKCE)
    given = await node.redeem(app, code, redirect_uri=HERE, code_verifier=VERIFIER)
    node.browser.now += timedelta(days=31)
    browser = await signed_in(node, "alice")

    _, page = await browser.get("/settings")
    assert "Desk" in page
    found = re.search(r'name="app" value="(\d+)"', page)
    assert found is not None
    await browser.post("/settings/apps/end", {"csrf": token_in(page), "app": found[1]})

    told = await node.post(
        "/oauth/token",
        grant_type="refresh_token",
        client_id=app["client_id"],
        refresh_token=given.body["refresh_token"],
    )
    assert told.status == 400
