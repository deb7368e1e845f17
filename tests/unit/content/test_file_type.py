"""What a file is comes from its bytes alone."""

import pytest

from federation.content.file_type import TYPES, sniff
from tests.support.media import picture

KNOWN = {
    "mp3": (b"ID3\x04\x00\x00\x00\x00\x00\x00aaaa", "audio/mpeg"),
    "ogg": (b"OggS\x00\x02" + b"\0" * 22 + b"\x01\x1eOpusHead", "audio/ogg"),
    "flac": (b"fLaC\x00\x00\x00\x22", "audio/flac"),
    "wav": (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
    "mp4": (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "video/mp4"),
    "webm": (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84webm", "video/webm"),
    "pdf": (b"%PDF-1.7\n%x", "application/pdf"),
    "zip": (b"PK\x03\x04\x14\x00\x00\x00\x08\x00aaaa", "application/zip"),
    "docx": (
        b"PK\x03\x04\x14\x00\x06\x00aaaaword/document.xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
    "svg in xml": (b"<?xml version='1.0'?>\n<!-- x --><svg/>", "image/svg+xml"),
    "html": (b" \n<!DOCTYPE html><html>", "text/html"),
    "script in text": (b"hello <script>alert(1)</script>", "text/html"),
    "xml": (b"<?xml version='1.0'?><a/>", "application/xml"),
    "json": (b'{"type": "Note"}', "application/json"),
    "text": ("grüße".encode(), "text/plain"),
}
NOT_TAKEN = {
    "a program": b"\x7fELF\x02\x01\x01" + b"\0" * 60,
    "a program for Windows": b"MZ\x90\0\x03" + b"\0" * 60,
    "noise": bytes(range(128, 256)),
    "nothing": b"\0\0\0\0",
}


@pytest.mark.parametrize(("data", "media_type"), KNOWN.values(), ids=KNOWN)
def test_a_file_is_what_its_bytes_say(data: bytes, media_type: str):
    kind = sniff(data)

    assert kind is not None
    assert kind.media_type == media_type
    assert not kind.is_image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP", "AVIF"])
def test_a_picture_is_one_to_be_decoded(kind: str):
    found = sniff(picture(kind))

    assert found is not None
    assert found.media_type == f"image/{kind.lower()}"
    assert found.is_image


@pytest.mark.parametrize("data", NOT_TAKEN.values(), ids=NOT_TAKEN)
def test_what_is_not_on_the_list_is_not_taken(data: bytes):
    assert sniff(data) is None


@pytest.mark.parametrize(
    "media_type", ["image/svg+xml", "text/html", "application/xml", "application/json"]
)
def test_what_a_browser_could_run_is_served_without_a_type(media_type: str):
    assert TYPES[media_type].served_as == "application/octet-stream"


def test_a_page_that_begins_like_a_picture_is_given_to_the_decoder():
    found = sniff(b"GIF89a/*<html><script>alert(1)</script>")

    assert found is not None
    assert found.is_image
