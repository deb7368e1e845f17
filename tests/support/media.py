"""Files for a node of a test, and pictures to send."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from federation.commands.upload_media import Intake
from federation.remote.media import RemoteMedia
from federation.transport.client import Client
from node.entropy import Entropy
from node.media.derive import Derivation
from storage.blobs import Blobs

UPLOAD_MAX = 256 * 1024
USER_MAX = 1024 * 1024
PIXELS_MAX = 4_000_000
SECRET = "taken at 52.5200 N 13.4050 E"
ORIENTATION, DESCRIPTION = 0x0112, 0x010E
ON_ITS_SIDE = 6


def media_services(
    folder: Path, client: Client, clock: Callable[[], datetime], entropy: Entropy
) -> dict[str, Any]:
    """What `Services` holds for files."""
    derivation = Derivation(PIXELS_MAX)
    derive = derivation.derive
    return {
        "intake": Intake(
            Blobs(folder / "own"), derive, derivation.square, entropy, clock, USER_MAX
        ),
        "remote_media": RemoteMedia(client, Blobs(folder / "remote"), derive, clock, USER_MAX),
        "upload_max_bytes": UPLOAD_MAX,
        "queue_retention": timedelta(days=30),
    }


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), colour: str = "teal") -> bytes:
    """A small picture; one in JPEG lies on its side and says where it was taken."""
    told: dict[str, Any] = {}
    if kind == "JPEG":
        exif = Image.Exif()
        exif[ORIENTATION], exif[DESCRIPTION] = ON_ITS_SIDE, SECRET
        told["exif"] = exif
    return written(Image.new("RGB", size, colour), kind, **told)


def written(image: Image.Image, kind: str, **told: object) -> bytes:
    """A picture as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, kind, **told)
    return file.getvalue()


def moving(kind: str = "GIF", frames: int = 3) -> bytes:
    """A picture that moves."""
    images = [Image.new("RGB", (20, 10), (number % 256, 99, 0)) for number in range(frames)]
    return written(images[0], kind, save_all=True, append_images=images[1:], duration=50, loop=0)


def opened(data: bytes) -> Image.Image:
    """The picture in these bytes."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image
