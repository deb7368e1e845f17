"""People as a client of Mastodon's API finds them, and stands to them."""

from tests.mastodon.client import Client, client_of
from tests.support.network import Network


async def id_of(client: Client, acct: str) -> str:
    told = await client.get("/api/v1/accounts/lookup", acct=acct)
    assert told.status == 200, told.body
    return str(told.body["id"])


async def test_people_are_found_and_looked_at(al: Client):
    bo = await client_of(al.node, "bo")
    await bo.api.must("PATCH", "/me", {"name": "Bo", "bio": "likes *tea*"})

    (found,) = (await al.get("/api/v1/accounts/search", q="bo")).body
    shown = (await al.get(f"/api/v1/accounts/{found['id']}")).body

    assert (found["acct"], shown["display_name"]) == ("bo", "Bo")
    assert shown["note"] == "<p>likes <em>tea</em></p>"
    assert await id_of(al, "@bo@alpha.test") == found["id"]
    for path in ("statuses", "followers", "following"):
        assert (await al.get(f"/api/v1/accounts/{found['id']}/{path}")).body == []


async def test_who_is_not_known_is_not_there(al: Client):
    for path in (
        "/api/v1/accounts/1",
        "/api/v1/accounts/x",
        f"/api/v1/accounts/{'9' * 300}",
        "/api/v1/accounts/lookup?acct=nobody",
        "/api/v1/accounts/lookup?acct=%40%40",
        "/api/v1/accounts/lookup",
        "/api/v1/accounts/1/statuses",
    ):
        told = await al.ask("GET", path)
        assert (told.status, told.error) == (404, "Record not found"), path
    for act in ("follow", "unfollow", "block", "unblock", "mute", "unmute"):
        assert (await al.post(f"/api/v1/accounts/1/{act}")).status == 404


async def test_how_one_stands_to_somebody(al: Client):
    bo = await client_of(al.node, "bo")
    path = f"/api/v1/accounts/{(number := await id_of(al, 'bo'))}"

    followed = await al.post(f"{path}/follow")
    blocked = await al.post(f"{path}/block")
    unblocked = await al.post(f"{path}/unblock")
    muted = await al.form("POST", f"{path}/mute", [("notifications", "true")])
    unmuted = await al.post(f"{path}/unmute")
    unfollowed = await al.post(f"{path}/unfollow")
    again = await al.post(f"{path}/unfollow")

    assert followed.body["following"] is True
    assert (blocked.body["blocking"], unblocked.body["blocking"]) == (True, False)
    assert (muted.body["muting"], unmuted.body["muting"]) == (True, False)
    assert (unfollowed.body["following"], again.body["following"]) == (False, False)
    await al.post(f"{path}/block")
    (mine,) = (await al.ask("GET", f"/api/v1/accounts/relationships?id[]={number}&id[]=1")).body
    theirs = await id_of(bo, "al")
    (back,) = (await bo.ask("GET", f"/api/v1/accounts/relationships?id={theirs}")).body
    assert (mine["id"], mine["blocking"]) == (number, True)
    # Nobody is told who blocks them.
    assert (back["blocking"], back["blocked_by"]) == (False, False)
    assert [one["acct"] for one in (await al.get("/api/v1/blocks")).body] == ["bo"]
    assert (await al.get("/api/v1/mutes")).body == []


async def test_a_group_is_shown_to_who_is_in_it(al: Client):
    bo, cy = await client_of(al.node, "bo"), await client_of(al.node, "cy")
    room = await al.api.start_conversation("tea", bo.api.acct)
    await al.api.say(room, "one")
    (shown,) = (await al.get("/api/v1/conversations")).body
    path = f"/api/v1/accounts/{shown['accounts'][0]['id']}"

    assert (await al.get(path)).body["group"] is True
    assert (await cy.get(path)).status == 404
    assert (await bo.get(path)).status == 404
    assert (await al.post(f"{path}/follow")).status == 404
    number = path.rpartition("/")[2]
    assert (await cy.ask("GET", f"/api/v1/accounts/relationships?id={number}")).body == []


async def test_a_search_asks_another_server_when_it_is_told_to(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al = await client_of(alpha, "al")
    await client_of(beta, "bo")

    before = (await al.get("/api/v2/search", q="@bo@beta.test")).body
    found = (await al.get("/api/v2/search", q="@bo@beta.test", resolve="true")).body

    assert before == {"accounts": [], "statuses": [], "hashtags": []}
    assert [one["acct"] for one in found["accounts"]] == ["bo@beta.test"]
    assert found["accounts"][0]["avatar"].startswith("https://alpha.test/")


async def test_a_search_finds_one_s_own_messages_alone(al: Client):
    _, cy = await client_of(al.node, "bo"), await client_of(al.node, "cy")
    await al.post("/api/v1/statuses", status="@bo kestrel")

    mine = (await al.get("/api/v2/search", q="kestrel")).body
    theirs = (await cy.get("/api/v2/search", q="kestrel")).body

    assert len(mine["statuses"]) == 1
    assert theirs["statuses"] == []
    assert (await al.get("/api/v2/search", q="kestrel", type="accounts")).body["statuses"] == []
    assert (await al.get("/api/v2/search", q="x" * 5000)).status == 200
    assert (await al.get("/api/v2/search")).status == 200


async def test_somebody_is_reported_with_a_message(al: Client):
    bo = await client_of(al.node, "bo")
    made = await bo.post("/api/v1/statuses", status="@al buy")
    number = await id_of(al, "bo")

    told = await al.form(
        "POST",
        "/api/v1/reports",
        [("account_id", number), ("status_ids[]", made.body["id"]), ("comment", "spam")],
    )

    assert told.status == 200, told.body
    assert told.body["target_account"]["acct"] == "bo"
    assert (told.body["comment"], told.body["forwarded"]) == ("spam", False)
    (row,) = await al.node.rows("SELECT comment FROM report")
    assert row["comment"] == "spam"
    assert (await al.post("/api/v1/reports")).status == 404
    own = await id_of(al, "al")
    assert (await al.post("/api/v1/reports", account_id=own)).status == 422
