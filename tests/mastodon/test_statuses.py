"""Messages as a client of Mastodon's API posts, reads and changes them."""

import asyncio

import pytest

from tests.mastodon.client import Client, client_of


async def three(al: Client) -> tuple[Client, Client]:
    return await client_of(al.node, "bo"), await client_of(al.node, "cy")


async def test_a_post_that_names_one_person_is_a_direct_message(al: Client):
    bo, _ = await three(al)

    made = await al.post("/api/v1/statuses", status="@bo hello", visibility="direct")
    form = await al.form("POST", "/api/v1/statuses", [("status", "@bo again")])

    assert (made.status, form.status) == (200, 200)
    assert made.body["account"]["acct"] == "al"
    assert form.body["in_reply_to_id"] == made.body["id"]
    (room,) = (await bo.api.must("GET", "/conversations"))["items"]
    assert room["kind"] == "direct"


async def test_three_who_are_named_are_one_conversation(al: Client):
    await three(al)

    first = await al.post("/api/v1/statuses", status="@bo @cy tea?")
    again = await al.post("/api/v1/statuses", status="@cy @bo now?")

    (room,) = (await al.get("/api/v1/conversations")).body
    assert {one["acct"] for one in room["accounts"]} == {"bo", "cy"}
    assert again.body["in_reply_to_id"] == first.body["id"]


async def test_an_answer_goes_to_the_group(al: Client):
    bo, _ = await three(al)
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)
    await al.api.say(room, "one")
    (shown,) = (await bo.get("/api/v1/conversations")).body

    made = await bo.post(
        "/api/v1/statuses", status="@al two", in_reply_to_id=shown["last_status"]["id"]
    )

    assert made.body["content"] == "<p>two</p>"
    assert await al.api.texts(room) == ["one", "two"]


async def test_naming_a_non_member_adds_nobody_and_says_so(al: Client):
    bo, cy = await three(al)
    room = await al.api.start_conversation("tea", bo.api.acct)
    await bo.api.accept(room)
    await al.api.say(room, "one")
    (shown,) = (await al.get("/api/v1/conversations")).body
    post = {"status": "@cy is late", "in_reply_to_id": shown["last_status"]["id"]}

    refused = await al.post("/api/v1/statuses", **post)
    sent = await al.post("/api/v1/statuses", **post)

    assert refused.status == 422
    assert "@cy@alpha.test is not in this group" in refused.error
    assert sent.status == 200
    assert await al.api.texts(room) == ["one", "@cy is late"]
    assert (await cy.get("/api/v1/conversations")).body == []
    assert (await cy.get(f"/api/v1/statuses/{sent.body['id']}")).status == 404


async def test_one_key_makes_one_message(al: Client):
    await three(al)

    told = await asyncio.gather(
        *(al.post("/api/v1/statuses", key="k", status="@bo once") for _ in range(10))
    )

    assert {one.status for one in told} == {200}
    assert len({one.body["id"] for one in told}) == 1
    assert (await al.post("/api/v1/statuses", key="k", status="@bo other")).status == 422


async def test_a_message_stands_in_its_conversation(al: Client):
    await three(al)
    ids = [
        (await al.post("/api/v1/statuses", status=f"@bo {number}")).body["id"]
        for number in range(5)
    ]

    told = await al.get(f"/api/v1/statuses/{ids[2]}/context")
    several = await al.ask("GET", f"/api/v1/statuses?id[]={ids[3]}&id[]=1&id[]={ids[0]}")

    assert [one["id"] for one in told.body["ancestors"]] == ids[:2]
    assert [one["id"] for one in told.body["descendants"]] == ids[3:]
    assert [one["in_reply_to_id"] for one in told.body["descendants"]] == ids[2:4]
    assert [one["id"] for one in several.body] == [ids[3], ids[0]]


async def test_editing_keeps_what_it_said(al: Client):
    bo, _ = await three(al)
    made = await al.post("/api/v1/statuses", status="@bo tea")
    path = f"/api/v1/statuses/{made.body['id']}"

    source = await al.get(f"{path}/source")
    changed = await al.form("PUT", path, [("status", "@bo coffee")])
    history = await al.get(f"{path}/history")
    foreign = await bo.form("PUT", path, [("status", "mine")])

    assert source.body == {"id": made.body["id"], "text": "@bo tea", "spoiler_text": ""}
    assert changed.body["edited_at"] is not None
    assert len(history.body) == 2
    assert "tea" in history.body[0]["content"]
    assert "coffee" in history.body[1]["content"]
    assert foreign.status == 404


async def test_deleting_answers_what_it_said(al: Client):
    bo, _ = await three(al)
    made = await al.post("/api/v1/statuses", status="@bo tea")
    path = f"/api/v1/statuses/{made.body['id']}"

    foreign, deleted = await bo.ask("DELETE", path), await al.ask("DELETE", path)

    assert foreign.status == 404
    assert (deleted.status, deleted.body["text"]) == (200, "@bo tea")
    assert (await al.get(path)).status == 404


async def test_a_favourite_is_a_reaction(al: Client):
    bo, _ = await three(al)
    made = await al.post("/api/v1/statuses", status="@bo tea")
    path = f"/api/v1/statuses/{made.body['id']}"

    on, off = await bo.post(f"{path}/favourite"), await bo.post(f"{path}/unfavourite")

    assert (on.body["favourited"], on.body["favourites_count"]) == (True, 1)
    assert (off.body["favourited"], off.body["favourites_count"]) == (False, 0)


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"status": "hello"}, 422),
        ({"status": "@bo hello", "visibility": "public"}, 422),
        ({"status": "@bo hello", "visibility": "private"}, 422),
        ({"status": "@bo hello", "scheduled_at": "2027-01-01T00:00:00Z"}, 422),
        ({"status": "@bo hello", "poll": {"options": ["a", "b"]}}, 422),
        ({"status": "@nobody hello"}, 422),
        ({"status": "@al hello"}, 422),
        ({"status": ""}, 422),
        ({}, 422),
        ({"status": "@bo hello", "in_reply_to_id": "1"}, 404),
        ({"status": "@bo hello", "in_reply_to_id": "x"}, 404),
        ({"status": "@bo hello", "media_ids": ["1"]}, 422),
        ({"status": "@bo hello", "media_ids": ["x"] * 5}, 422),
        ({"status": "@bo " + "x" * 6000}, 422),
        ({"status": 7}, 422),
        ({"status": {"a": {"b": {"c": {"d": {"e": "f"}}}}}}, 422),
    ],
)
async def test_what_cannot_be_posted_is_refused(al: Client, said: dict[str, object], status: int):
    await three(al)

    told = await al.post("/api/v1/statuses", **said)

    assert told.status == status, told.body
    assert isinstance(told.body["error"], str)
    assert (await al.get("/api/v1/conversations")).body == []


async def test_nobody_reads_another_s_message(al: Client):
    _, cy = await three(al)
    made = await al.post("/api/v1/statuses", status="@bo secret")
    path = f"/api/v1/statuses/{made.body['id']}"

    told = [
        await cy.get(path),
        await cy.get(f"{path}/context"),
        await cy.get(f"{path}/source"),
        await cy.get(f"{path}/history"),
        await cy.post(f"{path}/favourite"),
        await cy.post("/api/v1/statuses", status="hm", in_reply_to_id=made.body["id"]),
    ]

    assert {(one.status, one.error) for one in told} == {(404, "Record not found")}
    assert (await cy.ask("GET", f"/api/v1/statuses?id[]={made.body['id']}")).body == []


async def test_what_is_public_elsewhere_is_not_offered(al: Client):
    await three(al)
    made = await al.post("/api/v1/statuses", status="@bo tea")

    for act in ("reblog", "bookmark", "pin"):
        assert (await al.post(f"/api/v1/statuses/{made.body['id']}/{act}")).status == 422
