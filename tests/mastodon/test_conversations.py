"""Conversations as a client of Mastodon's API lists, reads and hides them."""

from tests.mastodon.client import Client, client_of
from tests.support.network import Network


async def bo_of(al: Client) -> Client:
    return await client_of(al.node, "bo")


async def test_a_group_is_shown_with_its_name_and_last_message(al: Client):
    bo = await bo_of(al)
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)
    await al.api.say(room, "hello **you**")

    (one,) = (await bo.get("/api/v1/conversations")).body

    group, other = one["accounts"]
    assert (group["display_name"], group["group"], other["acct"]) == ("tea", True, "al")
    assert one["last_status"]["content"] == "<p>hello <strong>you</strong></p>"
    assert one["unread"] is True


async def test_reading_unreading_and_hiding(al: Client):
    bo = await bo_of(al)
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)
    await al.api.say(room, "one")
    (one,) = (await bo.get("/api/v1/conversations")).body
    path = f"/api/v1/conversations/{one['id']}"

    read, unread = await bo.post(f"{path}/read"), await bo.post(f"{path}/unread")
    hidden = await bo.ask("DELETE", path)

    assert (read.body["unread"], unread.body["unread"]) == (False, True)
    assert (hidden.status, hidden.body) == (200, {})
    assert (await bo.get("/api/v1/conversations")).body == []
    await al.api.say(room, "two")
    assert len((await bo.get("/api/v1/conversations")).body) == 1


async def test_pages_go_by_the_last_message_of_each(al: Client):
    made = []
    for number in range(5):
        bo = await client_of(al.node, f"b{number}")
        await al.api.write_to(bo.api.acct, f"hello {number}")
        made.append(f"b{number}")

    first = await al.get("/api/v1/conversations", limit="2")
    ids = [one["last_status"]["id"] for one in first.body]
    second = await al.get("/api/v1/conversations", limit="2", max_id=ids[-1])
    last = await al.get(
        "/api/v1/conversations", limit="2", max_id=second.body[-1]["last_status"]["id"]
    )
    newer = await al.get(
        "/api/v1/conversations", limit="1", min_id=second.body[0]["last_status"]["id"]
    )
    since = await al.get("/api/v1/conversations", since_id=second.body[0]["last_status"]["id"])

    names = [one["accounts"][0]["username"] for one in (*first.body, *second.body, *last.body)]
    assert names == ["b4", "b3", "b2", "b1", "b0"]
    assert f"max_id={ids[-1]}" in first.headers["Link"]
    assert f"limit=2&min_id={ids[0]}" in first.headers["Link"]
    assert 'rel="next"' not in last.headers["Link"]
    assert [one["accounts"][0]["username"] for one in newer.body] == ["b3"]
    assert [one["accounts"][0]["username"] for one in since.body] == ["b4", "b3"]
    assert "Link" not in (await al.get("/api/v1/conversations", max_id="1")).headers


async def test_what_was_only_opened_is_not_listed(al: Client):
    bo = await bo_of(al)
    body = {"kind": "direct", "members": [bo.api.acct]}
    await al.api.must("POST", "/conversations", body)

    assert (await al.get("/api/v1/conversations")).body == []


async def test_another_s_conversation_is_not_there(al: Client):
    bo = await bo_of(al)
    room = await al.api.start_conversation("tea")
    await al.api.say(room, "mine")
    (one,) = (await al.get("/api/v1/conversations")).body
    theirs = f"/api/v1/conversations/{one['id']}"

    for path in (
        theirs,
        "/api/v1/conversations/1",
        "/api/v1/conversations/x",
        "/api/v1/conversations/" + "9" * 400,
    ):
        for told in (
            await bo.post(f"{path}/read"),
            await bo.post(f"{path}/unread"),
            await bo.ask("DELETE", path),
        ):
            assert (told.status, told.error) == (404, "Record not found"), path
    assert len((await al.get("/api/v1/conversations")).body) == 1


async def test_odd_pages_are_no_fault(al: Client):
    for query in (
        {"limit": "x"},
        {"limit": "99999999999999999999"},
        {"max_id": "x"},
        {"min_id": "-1"},
        {"limit": "0"},
    ):
        assert (await al.get("/api/v1/conversations", **query)).status == 200


async def test_a_conversation_over_two_nodes(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = await client_of(alpha, "al"), await client_of(beta, "bo")

    made = await al.post("/api/v1/statuses", status="@bo@beta.test hello")
    await network.settle()
    room = (await bo.api.must("GET", "/conversations"))["items"][0]
    await bo.api.must("POST", f"/conversations/{room['id']}/accept")
    (there,) = (await bo.get("/api/v1/conversations")).body
    await bo.post(
        "/api/v1/statuses", status="@al@alpha.test yes", in_reply_to_id=there["last_status"]["id"]
    )
    await network.settle()

    assert made.status == 200
    assert there["accounts"][0]["acct"] == "al@alpha.test"
    (here,) = (await al.get("/api/v1/conversations")).body
    assert here["last_status"]["content"] == "<p>yes</p>"
    assert here["last_status"]["in_reply_to_id"] == made.body["id"]
