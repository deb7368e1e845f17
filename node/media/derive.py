"""A picture is taken apart by a process of its own, with little time, memory and say."""

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from federation.content.file_type import FileType
from federation.content.picture import Picture, Unreadable

CHILD: Final = Path(__file__).with_name("child.py")
FORMATS: Final[Mapping[str, str]] = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/avif": "AVIF",
}
MEDIA_TYPES: Final = {name: kind for kind, name in FORMATS.items()}
AT_ONCE: Final = 2
SECONDS_MAX: Final = 10
HEAD_BYTES_MAX: Final = 4096
MADE_BYTES_MAX: Final = 64 * 1024 * 1024
# Decoded, turned upright and converted; and what Python and Pillow take themselves.
BYTES_PER_PIXEL: Final = 16
MEMORY_MIN: Final = 256 * 1024 * 1024

# Of the picture of a person or group, in pixels: what other servers show at most.
SIDE_MAX: Final = 400

NO_PICTURE: Final = Unreadable("This is no picture that can be read.")
TOO_MUCH: Final = Unreadable("This picture takes too much to read.")


class _Head(msgspec.Struct):
    size: int
    thumbnail_size: int
    format: str = ""
    width: int = 0
    height: int = 0
    blurhash: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """Takes pictures apart, two at a time.

    Attributes:
        pixels_max: Of one frame.
        seconds_max: For one picture, of the clock and of the processor.
    """

    pixels_max: int
    seconds_max: int = SECONDS_MAX
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def derive(self, data: bytes, kind: FileType) -> Picture | Unreadable:
        """The picture made anew, or why it cannot be.

        Args:
            data: As it came.
            kind: What its first bytes say; no other decoder is tried.
        """
        return await self._derived(data, kind, side_max=0)

    async def square(self, data: bytes, kind: FileType) -> Picture | Unreadable:
        """As `derive`, for a picture of somebody: its middle, still, at most 400 pixels wide."""
        return await self._derived(data, kind, side_max=SIDE_MAX)

    async def _derived(self, data: bytes, kind: FileType, *, side_max: int) -> Picture | Unreadable:
        asked = {
            "format": FORMATS[kind.media_type],
            "side_max": side_max,
            "pixels_max": self.pixels_max,
            "memory_max": MEMORY_MIN + BYTES_PER_PIXEL * self.pixels_max,
            "seconds_max": self.seconds_max,
        }
        async with self._turns:
            answer = await self._asked(json.dumps(asked), data)
        return TOO_MUCH if answer is None else _read(answer)

    async def _asked(self, told: str, data: bytes) -> bytes | None:
        """What the child answers; None if it did not end well or in time."""
        child = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", str(CHILD), told),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
        )
        try:
            async with asyncio.timeout(self.seconds_max):
                answer = await _exchanged(child, data)
                return answer if await child.wait() == 0 else None
        except (TimeoutError, ConnectionError):
            return None
        finally:
            await _ended(child)


async def _exchanged(child: asyncio.subprocess.Process, data: bytes) -> bytes:
    """Write everything, then read no more than a picture may take."""
    source, answer = child.stdin, child.stdout
    if source is None or answer is None:
        raise ConnectionError("no pipes")
    source.write(data)
    await source.drain()
    source.close()
    told = bytearray()
    while part := await answer.read(1 << 16):
        told += part
        if len(told) > MADE_BYTES_MAX:
            raise ConnectionError("more than a picture")
    return bytes(told)


async def _ended(child: asyncio.subprocess.Process) -> None:
    if child.returncode is None:
        child.kill()
        await child.wait()
    if child.stdin is not None:
        child.stdin.close()


def _read(answer: bytes) -> Picture | Unreadable:
    """What the child says became of the picture.

    SECURITY: the child may be anybody's by now, so what it says has to add up;
    test_an_answer_that_does_not_add_up_is_no_picture.
    """
    line, _, rest = answer.partition(b"\n")
    try:
        head = msgspec.json.decode(line[:HEAD_BYTES_MAX], type=_Head)
    except msgspec.DecodeError:
        return NO_PICTURE
    if head.error:
        return Unreadable(head.error[:200])
    is_whole = 0 < head.size < len(rest) and head.size + head.thumbnail_size == len(rest)
    if not is_whole or head.format not in MEDIA_TYPES:
        return NO_PICTURE
    return Picture(
        media_type=MEDIA_TYPES[head.format],
        data=rest[: head.size],
        width=head.width,
        height=head.height,
        blurhash=head.blurhash[:100],
        thumbnail=rest[head.size :],
    )
