"""A file is for who knows its address, and no browser makes a page of it."""

import pytest

from federation.protocol.namespace import THUMBNAIL_NAME
from storage import media
from storage.changes import DropMedia
from tests.media.sharing import Sharer
from tests.support.media import picture

ACTIVE = {
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "html": b"<!doctype html><script>alert(1)</script>",
    "xml": b"<?xml version='1.0'?><a/>",
    "json": b'{"@context": "https://www.w3.org/ns/activitystreams", "type": "Note"}',
}


async def test_a_picture_is_shown_in_place_and_kept_by_nobody_else(ana: Sharer):
    upload = await ana.uploaded()

    served = await ana.get(upload["url"])

    assert served.headers["Content-Type"] == "image/jpeg"
    assert served.headers["Content-Disposition"].startswith("inline")
    assert served.headers["Cache-Control"].startswith("private")
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert served.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("data", ACTIVE.values(), ids=ACTIVE)
async def test_what_a_browser_could_run_is_a_download_without_a_type(ana: Sharer, data: bytes):
    upload = await ana.uploaded(data)

    served = await ana.get(upload["url"])

    assert served.headers["Content-Type"] == "application/octet-stream"
    assert served.headers["Content-Disposition"].startswith("attachment")
    assert served.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_part_of_a_file_can_be_asked_for(ana: Sharer):
    upload = await ana.uploaded(b"%PDF-1.7\nhello")

    served = await ana.get(upload["url"], Range="bytes=0-3")

    assert (served.status, served.body) == (206, b"%PDF")


async def test_an_address_carries_128_random_bits(ana: Sharer):
    first, second = await ana.uploaded(b"one"), await ana.uploaded(b"one")

    tokens = {upload["url"].split("/")[-2] for upload in (first, second)}
    assert len(tokens) == 2
    assert {len(bytes.fromhex(token)) for token in tokens} == {16}


async def test_any_other_spelling_finds_nothing(ana: Sharer):
    upload = await ana.uploaded(name="menu.jpg")
    url, token = upload["url"], upload["url"].split("/")[-2]
    assert (await ana.get(url)).status == 200

    for other in (
        url + "?x=1",
        url + "/",
        url.replace("menu", "other"),
        url.replace("menu", "%6denu"),
        url.replace("menu", "Menu"),
        url.replace(token, token.upper()) if token.upper() != token else url + "x",
        url.replace(token, "0" * 32),
        url.replace("/media/", "/media//"),
        url.removesuffix("/menu.jpg"),
    ):
        assert (await ana.get(other)).status == 404, other


async def test_the_name_of_the_thumbnail_belongs_to_it(ana: Sharer):
    upload = await ana.uploaded(picture("WEBP"), name=THUMBNAIL_NAME)

    assert upload["url"] != upload["thumbnail_url"]


async def test_a_file_without_thumbnail_has_none(ana: Sharer):
    upload = await ana.uploaded(b"hello", name="a.txt")

    assert (await ana.get(upload["url"].replace("a.txt", THUMBNAIL_NAME))).status == 404


async def test_the_address_dies_with_the_message(ana: Sharer):
    upload = await ana.uploaded()
    place = await ana.person.start_group()
    message = await ana.posted(place, upload["id"])

    await media.drop([DropMedia(message["id"])])

    assert (await ana.get(upload["url"])).status == 404
    assert (await ana.get(upload["thumbnail_url"])).status == 404
