"""Group M of the corpus: a file is what its bytes are, and a bad one harms nobody."""

import asyncio
import io
import struct
import zlib

import pytest
from PIL import Image

from tests.hostile.cast import HANA, HOME
from tests.hostile.peer import told
from tests.hostile.trial import Trial
from tests.hostile.wire import Answer, plain
from tests.support.media import picture
from tests.support.person import API

MARK = b"x-boundary"
MIB = 1 << 20
EFFECTS = ("media", "token", "idempotency")


async def upload(trial: Trial, data: bytes, name: str = "a.png", more: bytes = b"") -> Answer:
    """Hand in a file as Otto."""
    head = f'Content-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    body = more + b"--%s\r\n%s%s\r\n--%s--\r\n" % (MARK, head, data, MARK)
    headers = {
        "Authorization": f"Bearer {await trial.stage.node.token_for('otto')}",
        "Content-Type": f"multipart/form-data; boundary={MARK.decode()}",
    }
    return await trial.stage.send(plain("POST", f"{API}/media", headers, body), source=trial.source)


def gif_and_script() -> bytes:
    """A GIF that a browser could read as a script."""
    return b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)"


ACTIVE = {
    "a.html": b"<!doctype html><script>alert(1)</script>",
    "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "a.pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "a.xml": b"<?xml version='1.0'?><?xml-stylesheet href='x'?><a/>",
    "a.json": b'{"@context":"https://www.w3.org/ns/activitystreams","type":"Create"}',
    "a.php": b"<?php system($_GET['x']); ?>",
    "a.gif": gif_and_script(),
    "../../a.png": b"<script>alert(1)</script>",
}


@pytest.mark.parametrize("name", ACTIVE)
async def test_m01_an_active_upload(trial: Trial, name: str):
    trial.may_change(*EFFECTS)
    answer = await upload(trial, ACTIVE[name], name)
    assert answer.status in {200, 201, 422}
    if answer.status == 422:
        return
    path = answer.document["url"].removeprefix(f"https://{HOME}")
    served = await trial.stage.send(plain("GET", path))
    kind = served.headers["content-type"]
    assert kind in {"application/octet-stream", "application/pdf"} or kind.startswith("image/")
    assert kind.startswith("image/") or "attachment" in served.headers["content-disposition"]
    assert served.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in served.headers["content-security-policy"]


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * ((width // 8 + 1) * min(height, 2000)), 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def gif_of(frames: int) -> bytes:
    """A GIF of many frames of one point each."""
    head = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff"
    frame = b"\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00"
    return head + frame * frames + b"\x3b"


def bomb(kind: str) -> bytes:
    """A picture of one colour and very many points."""
    file = io.BytesIO()
    Image.new("L", (9_000, 9_000)).save(file, kind, quality=1)
    return file.getvalue()


BOMBS = {
    "a.png": lambda: png_of(50_000, 50_000),
    "a.gif": lambda: gif_of(100_000),
    "a.webp": lambda: bomb("WEBP"),
}


@pytest.mark.parametrize("name", BOMBS)
async def test_m03_an_image_bomb(trial: Trial, name: str):
    trial.may_change(*EFFECTS)
    data = await asyncio.to_thread(BOMBS[name])
    handing_in = asyncio.create_task(upload(trial, data, name))
    slowest = 0.0
    while not handing_in.done():
        slowest = max(slowest, (await trial.stage.send(plain("GET", "/livez"))).seconds)
    answer = await handing_in
    trial.answers.append(answer)
    trial.measure("/livez during a bomb, in s", slowest)
    assert slowest < 5


async def test_m03_sixty_mebibytes_of_exif(trial: Trial):
    segments = b"".join(b"\xff\xe1\xff\xff" + b"Exif\0\0" + b"x" * 65_527 for _ in range(200))
    data = picture("JPEG")
    answer = await upload(trial, data[:2] + segments + data[2:], "a.jpg")
    trial.may_change(*EFFECTS)
    assert answer.status in {201, 413, 422}


@pytest.mark.parametrize("kind", ["image/png", "text/html", "image/svg+xml"])
async def test_m05_a_declared_type_that_is_a_lie(trial: Trial, kind: str):
    stage = trial.stage
    page = b"<!doctype html><script>alert(1)</script>"
    stage.peer.act("honest.test", "/m05", told(body=page, content_type=kind))
    trial.has_an_effect()
    trial.may_change("remote_media", "token")
    url = "https://honest.test/m05"
    attached = {"type": "Document", "mediaType": "image/png", "url": url, "width": 9, "height": 9}
    create = HANA.create(stage.otto.uri, attachment=[attached])
    await trial.send(HANA.post(create))
    await trial.shows_once(create)
    (row,) = stage.rows(
        "SELECT id, conversation_id FROM message WHERE uri = ?", create["object"]["id"]
    )
    path = f"/conversations/{row['conversation_id']}/messages?limit=50"
    items = (await stage.otto.must("GET", path))["items"]
    (shown,) = [one["attachments"] for one in items if one["id"] == row["id"]]
    for link in [one["url"] for one in shown if one["url"]]:
        headers = {"Authorization": f"Bearer {stage.otto.token}"}
        served = await stage.send(plain("GET", link.removeprefix(f"https://{HOME}"), headers))
        kind_served = served.headers.get("content-type", "")
        assert served.status >= 400 or kind_served in {"application/octet-stream", "image/png"}
        assert "html" not in kind_served
        assert served.status >= 400 or "attachment" in served.headers["content-disposition"]
    await stage.idle()


async def test_m07_many_small_fields(trial: Trial):
    field = b'--%s\r\nContent-Disposition: form-data; name="f%d"\r\n\r\nx\r\n'
    fields = b"".join(field % (MARK, n) for n in range(100_000))
    trial.may_change("token")
    answer = await upload(trial, picture(), "a.jpg", fields)
    trial.answers.append(answer)

    assert answer.status == 413
