"""A picture that attacks its decoder takes no more than its process has."""

import asyncio
import json
import sys
from pathlib import Path

import pytest
from PIL import Image

from federation.content.file_type import sniff
from federation.content.picture import Picture, Unreadable
from node.media import derive
from node.media.derive import CHILD, TOO_MUCH, Derivation
from tests.support.media import moving, opened, picture, written


async def derived(data: bytes, **limits: int) -> Picture | Unreadable:
    kind = sniff(data)
    assert kind is not None
    return await Derivation(**({"pixels_max": 4_000_000} | limits)).derive(data, kind)


async def test_what_takes_too_long_is_ended():
    assert await derived(picture(), seconds_max=0) == TOO_MUCH


async def test_a_picture_of_many_pixels_in_few_bytes_is_refused_unread():
    bomb = written(Image.new("1", (9000, 9000)), "PNG")
    assert len(bomb) < 200_000

    refused = await derived(bomb)

    assert isinstance(refused, Unreadable)
    assert "pixels" in refused.why


async def test_a_film_that_needs_too_much_memory_is_refused():
    frames = [Image.new("P", (990, 990), number) for number in range(120)]
    film = written(frames[0], "GIF", save_all=True, append_images=frames[1:])

    assert isinstance(await derived(film, pixels_max=1_000_000), Unreadable)


async def test_three_hundred_frames_are_read():
    made = await derived(moving("GIF", 300))

    assert isinstance(made, Picture)
    assert opened(made.data).n_frames == 300


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
async def test_pictures_of_every_mode_are_read(mode: str):
    kind = "JPEG" if mode == "CMYK" else "PNG"

    made = await derived(written(Image.new(mode, (30, 20)), kind))

    assert isinstance(made, Picture)
    assert (made.width, made.height) == (30, 20)


async def test_what_is_seen_through_stays_so():
    made = await derived(written(Image.new("RGBA", (30, 20), (9, 9, 9, 0)), "PNG"))

    assert isinstance(made, Picture)
    assert opened(made.data).getchannel("A").getextrema() == (0, 0)
    assert opened(made.thumbnail).has_transparency_data


async def test_the_process_writes_no_file(tmp_path: Path):
    asked = {"format": "PNG", "pixels_max": 10, "memory_max": 1 << 30, "seconds_max": 5}
    attempt = (
        f"import runpy; child = runpy.run_path({str(CHILD)!r});"
        "child['limit'](memory_max=1 << 30, seconds_max=5);"
        f"open({str(tmp_path / 'file')!r}, 'wb', buffering=0).write(b'x')"
    )

    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-c", attempt, json.dumps(asked)),
        stderr=asyncio.subprocess.DEVNULL,
    )

    assert await child.wait() != 0
    assert (tmp_path / "file").read_bytes() == b""


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"{}",
        b'{"size": 1}\nxx',
        b'{"size": 1, "thumbnail_size": 1, "format": "PNG"}\nxxx',
        b'{"size": -1, "thumbnail_size": 3, "format": "PNG"}\nxx',
        b'{"size": 2, "thumbnail_size": 0, "format": "PNG"}\nxx',
        b'{"size": 1, "thumbnail_size": 1, "format": "SVG"}\nxx',
        b'{"size": 1, "thumbnail_size": 1, "format": "PNG", "width": "9"}\nxx',
        b"[" * 5000,
    ],
)
def test_an_answer_that_does_not_add_up_is_no_picture(answer: bytes):
    assert derive._read(answer) == derive.NO_PICTURE
