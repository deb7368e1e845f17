"""A message shows its author's own uploads, each once, and only to those who have said yes."""

import asyncio

import pytest

from storage import database
from tests.media.sharing import Sharer
from tests.support.media import picture


async def test_a_message_shows_an_upload(ana: Sharer, bo: Sharer):
    upload = await ana.uploaded(description="The menu")
    place = await ana.person.start_group(bo.person)
    await bo.person.post(f"/conversations/{place}/accept")

    message = await ana.posted(place, upload["id"])

    expected = {name: value for name, value in upload.items() if name != "id"} | {"problem": None}
    assert message["attachments"] == [expected]
    page = await bo.person.get(f"/conversations/{place}/messages")
    assert page.items[0]["attachments"] == [expected]


async def test_an_upload_is_described_until_it_is_sent(ana: Sharer, bo: Sharer):
    upload = await ana.uploaded(description="The menu")
    path, place = f"/media/{upload['id']}/description", await ana.person.start_group()

    described = await ana.person.call("PUT", path, {"description": "The menu of Friday"})
    by_another = await bo.person.call("PUT", path, {"description": "Mine"})
    too_long = await ana.person.call("PUT", path, {"description": "a" * 10_000})
    message = await ana.posted(place, upload["id"])
    too_late = await ana.person.call("PUT", path, {"description": "The menu of Monday"})

    assert (described.status, described.body["description"]) == (200, "The menu of Friday")
    assert (by_another.status, too_long.status, too_late.status) == (404, 422, 404)
    assert message["attachments"][0]["description"] == "The menu of Friday"


async def test_a_picture_needs_no_words(ana: Sharer):
    place = await ana.person.start_group()

    message = await ana.posted(place, (await ana.uploaded())["id"])

    assert message["text"] == ""
    assert (await ana.post(place)).status == 422


async def test_several_are_shown_in_their_order(ana: Sharer):
    ids = [(await ana.uploaded(picture(kind)))["id"] for kind in ("PNG", "JPEG", "GIF")]
    place = await ana.person.start_group()

    message = await ana.posted(place, ids[2], ids[0], ids[1])

    kinds = [one["media_type"] for one in message["attachments"]]
    assert kinds == ["image/gif", "image/png", "image/jpeg"]


async def test_a_note_says_what_it_shows(ana: Sharer):
    upload = await ana.uploaded(description="The menu")
    place = await ana.person.start_group()
    message = await ana.posted(place, upload["id"])

    (row,) = await database.fetch(
        "SELECT a.document FROM activity AS a JOIN message AS m ON m.activity_id = a.id"
        " WHERE m.id = $1",
        message["id"],
    )

    for part in ('"attachment":[{"type":"Document"', upload["url"], "The menu", '"zQm'):
        assert part in row["document"]


async def test_an_upload_is_attached_once(ana: Sharer):
    upload = await ana.uploaded()
    place = await ana.person.start_group()
    await ana.posted(place, upload["id"])

    assert (await ana.post(place, upload["id"])).status == 422
    other = await ana.uploaded()
    assert (await ana.post(place, other["id"], other["id"])).status == 422


async def test_of_two_messages_at_once_one_gets_the_upload(ana: Sharer):
    upload = await ana.uploaded()
    places = [await ana.person.start_group(title=title) for title in ("a", "b")]

    answers = await asyncio.gather(*(ana.post(place, upload["id"]) for place in places))

    assert sorted(answer.status for answer in answers) == [201, 422]


@pytest.mark.parametrize("which", ["another's", "none"])
async def test_nobody_attaches_what_is_not_theirs(ana: Sharer, bo: Sharer, which: str):
    upload = (await bo.uploaded())["id"] if which == "another's" else "01K4C2" + "0" * 20
    place = await ana.person.start_group()

    answer = await ana.post(place, upload)

    assert (answer.status, answer.body["detail"]) == (422, "There is no such upload to attach.")


async def test_a_message_shows_at_most_ten(ana: Sharer):
    ids = [(await ana.uploaded(f"file {number}".encode()))["id"] for number in range(11)]
    place = await ana.person.start_group()

    assert (await ana.post(place, *ids)).status == 422
    assert len((await ana.posted(place, *ids[:10]))["attachments"]) == 10


async def test_a_repeated_message_attaches_once(ana: Sharer):
    upload = await ana.uploaded()
    place = await ana.person.start_group()

    first = await ana.post(place, upload["id"], key="k")
    again = await ana.post(place, upload["id"], key="k")

    assert (first.status, again.status) == (201, 201)
    assert first.body == again.body


async def test_a_request_shows_no_picture_until_it_is_accepted(ana: Sharer, bo: Sharer):
    direct = {"kind": "direct", "members": [bo.person.acct], "text": "hello"}
    place = (await ana.person.post("/conversations", **direct)).body["id"]
    await ana.posted(place, (await ana.uploaded())["id"])
    path = f"/conversations/{place}"

    asked = (await bo.person.get(f"{path}/messages")).items
    assert (await bo.person.get(path)).body["state"] == "requested"
    assert [one["attachments"] for one in asked] == [[], []]

    await bo.person.post(f"{path}/accept")
    assert len((await bo.person.get(f"{path}/messages")).items[1]["attachments"]) == 1


async def test_an_edit_keeps_what_is_shown(ana: Sharer):
    place = await ana.person.start_group()
    message = await ana.posted(place, (await ana.uploaded())["id"])

    edited = await ana.person.call("PATCH", f"/messages/{message['id']}", {"text": "look"})

    assert (edited.status, edited.body["text"]) == (200, "look")
    assert edited.body["attachments"] == message["attachments"]


async def test_the_address_dies_when_the_message_is_deleted(ana: Sharer):
    upload = await ana.uploaded()
    place = await ana.person.start_group()
    message = await ana.posted(place, upload["id"])

    deleted = await ana.person.call("DELETE", f"/messages/{message['id']}")

    assert deleted.status < 300
    assert (await ana.get(upload["url"])).status == 404
