"""A file that somebody hands in is known by its bytes; a picture is made anew."""

import asyncio
import re

import pytest
from aiohttp import FormData
from PIL import Image

from storage import database
from tests.media.sharing import Sharer
from tests.support.api_node import BASE
from tests.support.media import SECRET, UPLOAD_MAX, moving, opened, picture, written


async def test_a_picture_loses_what_its_camera_said_and_stands_upright(ana: Sharer):
    upload = await ana.uploaded(picture("JPEG", (60, 40)), description="The menu")

    served = await ana.get(upload["url"])
    assert SECRET.encode() in picture("JPEG", (60, 40))
    assert SECRET.encode() not in served.body
    assert opened(served.body).size == (40, 60)
    assert not opened(served.body).getexif()
    assert (upload["width"], upload["height"]) == (40, 60)
    assert upload["media_type"] == "image/jpeg"
    assert upload["description"] == "The menu"
    assert upload["size"] == len(served.body)
    assert len(upload["blurhash"]) > 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
async def test_a_picture_keeps_its_kind(ana: Sharer, kind: str):
    upload = await ana.uploaded(picture(kind))

    assert opened((await ana.get(upload["url"])).body).format == kind
    assert opened((await ana.get(upload["thumbnail_url"])).body).format == "WEBP"


async def test_a_picture_that_moves_still_does(ana: Sharer):
    upload = await ana.uploaded(moving())

    assert opened((await ana.get(upload["url"])).body).n_frames == 3


async def test_the_name_decides_nothing(ana: Sharer):
    upload = await ana.uploaded(picture("PNG"), name="../../etc/page.html")

    assert upload["media_type"] == "image/png"
    assert re.fullmatch(r"https://alpha.test/media/\w{32}/[\w-]+\.png", upload["url"])


async def test_what_hides_behind_a_picture_is_gone(ana: Sharer):
    upload = await ana.uploaded(picture("GIF") + b"<script>alert(1)</script>PK\x03\x04")

    assert b"script" not in (await ana.get(upload["url"])).body


async def test_another_file_stays_as_it_is(ana: Sharer):
    upload = await ana.uploaded(b"%PDF-1.7\nhello", name="agenda.pdf")

    assert upload["media_type"] == "application/pdf"
    assert (upload["width"], upload["blurhash"], upload["thumbnail_url"]) == (None, None, None)
    assert (await ana.get(upload["url"])).body == b"%PDF-1.7\nhello"


BAD = {
    "a page that begins like a picture": b"GIF89a/*<html><script>alert(1)</script>",
    "half a picture": picture("PNG", (60, 40))[:60],
    "a picture with a broken end": picture("JPEG")[:200],
    "a program": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "nothing": b"",
    "too many pixels": written(Image.new("1", (9000, 9000)), "PNG"),
    "too many frames": moving("GIF", 301),
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
async def test_what_cannot_be_read_is_refused(ana: Sharer, data: bytes):
    answer = await ana.upload(data)

    assert (answer.status, answer.word) == (422, "unprocessable")
    assert await database.fetch("SELECT id FROM media") == []


async def test_a_file_that_is_too_large_is_refused(ana: Sharer):
    answer = await ana.upload(b"a" * (UPLOAD_MAX + 1))

    assert (answer.status, answer.word) == (413, "too-large")


async def test_a_form_with_too_many_fields_is_refused(ana: Sharer):
    form = FormData()
    form.add_field("file", b"hello", filename="a.txt")
    for number in range(101):
        form.add_field(f"f{number}", "x")

    url, headers = f"{BASE}/media", ana.person.headers
    async with ana.person.client.post(url, data=form, headers=headers) as answer:
        assert answer.status == 413


@pytest.mark.parametrize("body", [b"", b"--x\r\n\r\nhello", b"--y\r\nno field\r\n\r\nhello"])
async def test_a_form_that_is_none_is_refused(ana: Sharer, body: bytes):
    headers = ana.person.headers | {"Content-Type": "multipart/form-data; boundary=y"}

    async with ana.person.client.post(f"{BASE}/media", data=body, headers=headers) as answer:
        assert answer.status in {400, 422}


async def test_a_body_that_is_no_form_is_refused(ana: Sharer):
    answer = await ana.person.post("/media", file="x")

    assert answer.status == 415


async def test_nobody_uploads_without_a_token(ana: Sharer):
    async with ana.person.client.post(
        f"{BASE}/media", data=b"x", headers={"Host": "alpha.test"}
    ) as answer:
        assert answer.status == 401


async def test_room_for_one_person_is_limited(ana: Sharer, bo: Sharer):
    for _ in range(4):
        await ana.uploaded(b"a" * UPLOAD_MAX)

    answer = await ana.upload(b"one more")

    assert answer.status == 413
    await bo.uploaded(b"one of somebody else's")


async def test_a_repeat_makes_nothing_more(ana: Sharer):
    data = picture()
    first = await ana.uploaded(data, key="k")

    assert await ana.uploaded(data, key="k") == first
    assert (await ana.upload(b"another file", key="k")).status == 422


async def test_parallel_repeats_make_one_upload(ana: Sharer):
    both = await asyncio.gather(*(ana.uploaded(b"hello", key="k") for _ in range(2)))

    assert both[0] == both[1]
    assert len(await database.fetch("SELECT id FROM media")) == 1


async def test_one_file_of_two_people_lies_there_once(ana: Sharer, bo: Sharer):
    first, second = await ana.uploaded(b"hello"), await bo.uploaded(b"hello")

    assert first["url"] != second["url"]
    digests = await database.fetch("SELECT DISTINCT digest FROM media")
    assert len(digests) == 1
