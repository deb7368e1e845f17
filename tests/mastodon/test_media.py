"""Files as a client of Mastodon's API hands them in."""

from aiohttp import FormData

from tests.mastodon.client import Client, client_of
from tests.support.media import picture


def file_form(description: str = "") -> FormData:
    form = FormData()
    form.add_field("file", picture(), filename="menu.jpg", content_type="image/jpeg")
    if description:
        form.add_field("description", description)
    return form


async def test_a_file_is_uploaded_described_and_sent(al: Client):
    await client_of(al.node, "bo")

    made = await al.ask("POST", "/api/v2/media", data=file_form("a menu"))
    path = f"/api/v1/media/{made.body['id']}"
    changed = await al.form("PUT", path, [("description", "the menu")])
    sent = await al.post("/api/v1/statuses", status="@bo look", media_ids=[made.body["id"]])

    assert (made.status, made.body["type"], made.body["description"]) == (200, "image", "a menu")
    assert made.body["url"].startswith("https://alpha.test/media/")
    assert made.body["meta"]["original"]["width"] > 0
    assert changed.body["description"] == "the menu"
    (shown,) = sent.body["media_attachments"]
    assert (shown["url"], shown["description"]) == (made.body["url"], "the menu")


async def test_a_picture_may_stand_alone_with_a_name(al: Client):
    await client_of(al.node, "bo")
    made = await al.ask("POST", "/api/v1/media", data=file_form())

    pairs = [("status", "@bo"), ("media_ids[]", made.body["id"])]
    sent = await al.form("POST", "/api/v1/statuses", pairs)

    assert sent.status == 200, sent.body
    assert len(sent.body["media_attachments"]) == 1


async def test_another_s_file_is_not_there(al: Client):
    bo = await client_of(al.node, "bo")
    made = await al.ask("POST", "/api/v2/media", data=file_form())
    path = f"/api/v1/media/{made.body['id']}"

    told = [await bo.get(path), await bo.form("PUT", path, [("description", "x")])]
    sent = await bo.post("/api/v1/statuses", status="@al hm", media_ids=[made.body["id"]])

    assert {(one.status, one.error) for one in told} == {(404, "Record not found")}
    assert sent.status in {404, 422}
    assert (await bo.get("/api/v1/conversations")).body == []


async def test_what_is_no_file_is_refused(al: Client):
    empty = FormData()
    empty.add_field("file", b"", filename="x.png")

    assert (await al.ask("POST", "/api/v2/media", data=empty)).status == 422
    assert (await al.post("/api/v2/media", file="x")).status == 415
    assert (await al.form("POST", "/api/v2/media", [("description", "x")])).status in {415, 422}
    assert (await al.get("/api/v1/media/x")).status == 404
