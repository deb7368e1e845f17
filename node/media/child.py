"""Whatever a picture does to its decoder, it does to a process that holds nothing and soon ends.

Run by its path with one argument, a JSON object with `format`, `side_max`, `pixels_max`,
`memory_max` and `seconds_max`. The picture comes on standard input. On standard output goes a line
of JSON, `{"size", "thumbnail_size", "format", "width", "height", "blurhash"}`, then the picture and
the thumbnail; or `{"error"}` alone. Nothing of ours is imported, and no file can be written.

Source: security.md 8
"""

import io
import json
import resource
import sys
from collections.abc import Mapping
from typing import Any, BinaryIO, Final

import blurhash
from PIL import Image, ImageCms, ImageOps, ImageSequence

FRAMES_MAX: Final = 300
THUMBNAIL_PIXELS: Final = 400
BLURHASH_PIXELS: Final = 32
OPEN_FILES_MAX: Final = 64

# How each format is written. What people send as AVIF few programs read, so it becomes WebP.
WRITTEN: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "JPEG": ("JPEG", {"quality": 88}),
    "PNG": ("PNG", {"compress_level": 4}),
    "GIF": ("GIF", {}),
    "WEBP": ("WEBP", {"quality": 85, "method": 2}),
    "AVIF": ("WEBP", {"quality": 85, "method": 2}),
}


class RefusedError(Exception):
    """The picture is too much, or none; the text is for whoever sent it."""


def limit(*, memory_max: int, seconds_max: int) -> None:
    """Take no more memory and time than this, and write no file."""
    for kind, most in (
        (resource.RLIMIT_AS, memory_max),
        (resource.RLIMIT_CPU, seconds_max),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES_MAX),
    ):
        resource.setrlimit(kind, (most, most))


def derived(
    data: bytes, *, kind: str, pixels_max: int, side_max: int = 0
) -> tuple[dict[str, Any], bytes, bytes]:
    """What is known of a picture, the picture made anew, and its thumbnail.

    Args:
        data: As it came.
        kind: The one format that it may have, as Pillow calls it.
        pixels_max: Of one frame.
        side_max: Of the square that is cut from the middle of the first frame; 0 for the whole.

    Raises:
        RefusedError: It is too large or has too many frames.
    """
    with Image.open(io.BytesIO(data), formats=[kind]) as image:
        width, height = image.size
        if width * height > pixels_max:
            raise RefusedError(f"A picture has at most {pixels_max} pixels.")
        count = getattr(image, "n_frames", 1)
        if count > FRAMES_MAX:
            raise RefusedError(f"A picture has at most {FRAMES_MAX} frames.")
        first = bare(image)
        if side_max:
            first, kind = _square(first, side_max)
        body = _moving(image) if count > 1 and not side_max else _still(first, kind)
    small = first.copy()
    small.thumbnail((THUMBNAIL_PIXELS, THUMBNAIL_PIXELS))
    thumbnail = io.BytesIO()
    small.save(thumbnail, "WEBP", quality=75)
    told = {
        "format": WRITTEN[kind][0],
        "width": first.width,
        "height": first.height,
        "blurhash": _blurhash(small),
    }
    return told, body, thumbnail.getvalue()


def bare(image: Image.Image) -> Image.Image:
    """The pixels of a frame, upright, in sRGB, and nothing else of it."""
    upright = ImageOps.exif_transpose(image)
    has_alpha = upright.has_transparency_data
    pixels = _in_srgb(upright).convert("RGBA" if has_alpha else "RGB")
    pixels.info = {}
    return pixels


def _in_srgb(image: Image.Image) -> Image.Image:
    """A wide colour space becomes the one that a picture without a profile has."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "CMYK"}:
        return image
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, given, srgb, outputMode="RGB") or image
    except ImageCms.PyCMSError:
        return image


def _square(image: Image.Image, side_max: int) -> tuple[Image.Image, str]:
    """The middle of a picture, and the format in which every server can read it."""
    side = min(side_max, *image.size)
    kind = "PNG" if image.mode == "RGBA" else "JPEG"
    return ImageOps.fit(image, (side, side)), kind


def _still(image: Image.Image, kind: str) -> bytes:
    name, options = WRITTEN[kind]
    written = io.BytesIO()
    image.save(written, name, **options)
    return written.getvalue()


def _moving(image: Image.Image) -> bytes:
    name, options = WRITTEN[image.format or ""]
    durations, frames = [], []
    loop = image.info.get("loop")
    for frame in ImageSequence.Iterator(image):
        durations.append(frame.info.get("duration", 100))
        frames.append(bare(frame))
    written = io.BytesIO()
    more = {} if loop is None else {"loop": loop}
    frames[0].save(
        written,
        name,
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        **more,
        **options,
    )
    return written.getvalue()


def _blurhash(image: Image.Image) -> str:
    tiny = image.convert("RGB")
    tiny.thumbnail((BLURHASH_PIXELS, BLURHASH_PIXELS))
    rows = [[tiny.getpixel((x, y)) for x in range(tiny.width)] for y in range(tiny.height)]
    across, down = (4, 3) if tiny.width >= tiny.height else (3, 4)
    return str(blurhash.encode(rows, across, down))


def main(told: str, source: BinaryIO, answer: BinaryIO) -> None:
    """Read one picture, answer what became of it."""
    asked = json.JSONDecoder().decode(told)
    limit(memory_max=asked["memory_max"], seconds_max=asked["seconds_max"])
    # Ours is checked before anything is decoded.
    Image.MAX_IMAGE_PIXELS = None
    try:
        document, body, thumbnail = derived(
            source.read(),
            kind=asked["format"],
            pixels_max=asked["pixels_max"],
            side_max=asked["side_max"],
        )
    except RefusedError as error:
        document, body, thumbnail = {"error": str(error)}, b"", b""
    # Decoders raise whatever they like, and this process has nothing to lose.
    except Exception:
        document, body, thumbnail = {"error": "This is no picture that can be read."}, b"", b""
    document |= {"size": len(body), "thumbnail_size": len(thumbnail)}
    answer.write(json.dumps(document).encode() + b"\n" + body + thumbnail)
    answer.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.stdin.buffer, sys.stdout.buffer)
