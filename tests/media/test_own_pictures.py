"""A person is shown by a picture of their own, made anew, that everybody here sees."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from PIL import Image

from federation.commands import end_account
from federation.pipeline.identity import describe_person
from storage import accounts, media
from tests.media.handing_in import choose, seen
from tests.media.sharing import Sharer
from tests.support.api_node import SPACE, ApiNode, QuickEntropy
from tests.support.media import SECRET, UPLOAD_MAX, moving, opened, picture, written

UNUSED = timedelta(days=90)
SAID = {"description": "x"}


async def document(name: str) -> dict[str, Any]:
    """What other servers are told of a person here."""
    account = await accounts.find_account(name)
    assert account is not None
    described = await describe_person(SPACE, account)
    assert described is not None
    return described


async def test_a_picture_is_a_square_without_what_its_camera_said(ana: Sharer):
    chosen = await choose(ana, picture("JPEG", (900, 500)))

    assert chosen.status == 200
    icon = (await document("ana"))["icon"]
    assert (icon["type"], icon["mediaType"]) == ("Image", "image/jpeg")
    served = await ana.get(icon["url"])
    assert opened(served.body).size == (400, 400)
    assert SECRET.encode() not in served.body
    assert served.headers["Cache-Control"] == "public, max-age=86400"
    assert served.headers["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (picture("WEBP"), "JPEG"),
        (picture("PNG"), "JPEG"),
        (moving("GIF"), "JPEG"),
        (written(Image.new("RGBA", (30, 20)), "PNG"), "PNG"),
    ],
    ids=["webp", "png", "moving", "transparent"],
)
async def test_every_server_can_read_it(ana: Sharer, data: bytes, kind: str):
    assert (await choose(ana, data)).status == 200

    made = opened((await ana.get((await document("ana"))["icon"]["url"])).body)

    assert (made.format, getattr(made, "n_frames", 1)) == (kind, 1)
    assert made.width == made.height


async def test_others_here_see_it_wherever_they_see_the_person(ana: Sharer, bo: Sharer):
    room = await ana.person.start_group(bo.person)
    await bo.person.post(f"/conversations/{room}/accept")
    await ana.person.say(room, "hello")

    path = (await choose(ana, picture())).body["picture"]

    place = (await bo.person.get(f"/conversations/{room}")).body
    (message,) = (await bo.person.get(f"/conversations/{room}/messages")).items
    (found,) = (await bo.person.get("/people", q="ana")).items
    shown = (await bo.person.get(f"/people/{ana.person.acct}")).body
    pictures = {one["acct"]: one.get("picture") for one in place["members"]}
    assert pictures == {ana.person.acct: path, bo.person.acct: None}
    assert [one["picture"] for one in (message["author"], found, shown)] == [path] * 3
    served = await seen(bo, path)
    assert (served.status, served.headers["Content-Type"]) == (200, "image/webp")
    assert served.headers["Cache-Control"].startswith("public")
    assert (await bo.get(path)).status == 401


async def test_a_request_shows_no_picture(ana: Sharer, bo: Sharer):
    await choose(ana, picture())
    made = await ana.person.post(
        "/conversations", kind="direct", members=[bo.person.acct], text="hello"
    )

    asked = (await bo.person.get(f"/conversations/{made.body['id']}")).body
    (message,) = (await bo.person.get(f"/conversations/{made.body['id']}/messages")).items

    assert asked["state"] == "requested"
    told = [asked["inviter"], *asked["members"], asked["last_message"]["author"], message["author"]]
    assert [one for one in told if "picture" in one] == []


@pytest.mark.parametrize(
    ("data", "status"),
    [(b"", 422), (b"%PDF-1.7\nhello", 422), (b"<svg/>", 422), (b"x" * (UPLOAD_MAX + 1), 413)],
    ids=["nothing", "pdf", "svg", "large"],
)
async def test_what_is_no_picture_changes_nothing(ana: Sharer, data: bytes, status: int):
    before = (await choose(ana, picture())).body

    assert (await choose(ana, data)).status == status

    assert (await ana.person.get("/me")).body == before


async def test_another_picture_has_another_address_and_the_old_one_is_gone(ana: Sharer):
    first = (await choose(ana, picture())).body["picture"]
    old = (await document("ana"))["icon"]["url"]

    second = (await choose(ana, picture(colour="red"))).body["picture"]

    assert first != second
    assert (await ana.get(old)).status == 404
    assert (await ana.get((await document("ana"))["icon"]["url"])).status == 200


async def test_a_picture_is_taken_back(ana: Sharer):
    path = (await choose(ana, picture())).body["picture"]
    url = (await document("ana"))["icon"]["url"]

    removed = await ana.person.call("DELETE", "/me/picture")

    assert removed.status == 200
    assert "picture" not in removed.body
    assert "icon" not in await document("ana")
    assert (await ana.get(url)).status == 404
    assert (await seen(ana, path)).status == 404


async def test_it_takes_room_like_every_upload(ana: Sharer):
    await choose(ana, picture())

    assert await media.used_bytes("ana") > 0
    assert (await ana.person.post("/conversations", kind="group", members=[])).status == 201


async def test_a_picture_is_not_sent_nor_described(ana: Sharer):
    path = (await choose(ana, picture())).body["picture"]
    token = urlsplit((await document("ana"))["icon"]["url"]).path.split("/")[2]
    row = await media.find_by_token(token)
    assert row is not None
    room = await ana.person.start_group()

    posted = await ana.post(room, row["id"])
    described = await ana.person.call(
        "PUT", f"/media/{row['id']}/description", {"description": "x"}
    )

    assert (posted.status, described.status) == (422, 404)
    assert (await seen(ana, path)).status == 200


async def test_a_picture_stays_as_long_as_it_is_somebodys(node: ApiNode, ana: Sharer):
    path = (await choose(ana, picture())).body["picture"]
    later = node.desk.clock() + UNUSED

    assert await media.reap(later) + await media.reap_pictures(later) == 0

    assert (await seen(ana, path)).status == 200


async def test_who_is_suspended_has_no_picture(node: ApiNode, bo: Sharer, ana: Sharer):
    path = (await choose(bo, picture())).body["picture"]
    url = (await document("bo"))["icon"]["url"]

    await end_account.suspend("bo", node.desk.clock())

    assert (await ana.get(url)).status == 404
    assert (await seen(ana, path)).status == 404


async def test_a_deleted_account_leaves_no_picture(node: ApiNode, bo: Sharer):
    await choose(bo, picture())
    url = (await document("bo"))["icon"]["url"]

    await end_account.delete(
        "bo", new_id=QuickEntropy(node.desk.clock).new_id, now=node.desk.clock()
    )

    assert (await bo.get(url)).status == 404
