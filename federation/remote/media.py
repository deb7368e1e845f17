"""A file of another server is fetched once, judged, and kept as long as there is room for it.

Whoever asks has been found to be allowed to see it. What cannot be shown is remembered for a day,
so that nobody asks the same server again and again.

Source: operations.md 8; security.md 6 and 8
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from federation.content.file_type import FileType, sniff
from federation.content.picture import Derive, Unreadable
from federation.protocol.canonical_json import multihash
from federation.protocol.uri import host_of
from federation.protocol.verdict import Refused
from federation.remote.flight import SingleFlight, Slots
from federation.transport.answer import Answer
from federation.transport.client import Client
from federation.transport.failure import BadAnswer
from storage import remote_media
from storage.blobs import Blobs
from storage.remote_media import Kept
from storage.times import from_ms

FILE_MAX_BYTES: Final = 40 * 1024 * 1024
ACCEPT: Final = "image/*, audio/*, video/*, */*;q=0.5"
OK: Final = 200
FETCHES_MAX: Final = 8
PER_HOST_MAX: Final = 2
# How exactly it is known when somebody last looked.
USE_STEP: Final = timedelta(hours=1)
EVICTED_AT_ONCE: Final = 20

AWAY: Final = Refused("The other server does not give this file.", 502)
BUSY: Final = Refused("Too much is being fetched.", 503)

# Why a file is not shown, for its viewer, by the word that is kept.
PROBLEMS: Final = {
    "digest-mismatch": "The file is not the one that the message's author has signed.",
    "not-taken": "The file is of a kind that this node does not take.",
    "unreadable": "The file is no picture that can be read.",
    "too-large": "The file is too large.",
}


@dataclass(frozen=True, slots=True)
class RemoteMedia:
    """Files of other servers.

    Attributes:
        client: With time enough for a large file.
        max_bytes: How much all of them may take up.
    """

    client: Client
    blobs: Blobs
    derive: Derive
    clock: Callable[[], datetime]
    max_bytes: int
    _flight: SingleFlight[Kept | Refused] = field(default_factory=SingleFlight)
    _slots: Slots = field(default_factory=lambda: Slots(per_host=PER_HOST_MAX, in_all=FETCHES_MAX))
    _room: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(
        self, url: str, digest: str, *, bytes_max: int = FILE_MAX_BYTES
    ) -> Kept | Refused:
        """The file at this URL, from here or from there.

        Args:
            url: In canonical form. Our own origin is never asked.
            digest: What its bytes must hash to, as on the wire, or "".
            bytes_max: How large it may be.
        """
        media_id = remote_media.id_of(url, digest)
        return await self._flight.run(media_id, lambda: self._get(media_id, url, digest, bytes_max))

    async def _get(self, media_id: str, url: str, digest: str, bytes_max: int) -> Kept | Refused:
        now = self.clock()
        found = await remote_media.find_kept(media_id)
        if found is not None:
            kept, used_at = found
            if kept.problem:
                return _refused(kept.problem)
            if await self.blobs.has(kept.digest):
                if now - from_ms(used_at) >= USE_STEP:
                    await remote_media.use(media_id, now)
                return kept
        async with self._slots.taken(host_of(url)) as is_free:
            if not is_free:
                return BUSY
            answer = await self.client.get(url, accept=ACCEPT, max_bytes=bytes_max)
            return await self._judged(media_id, answer, digest)

    async def _judged(self, media_id: str, answer: object, digest: str) -> Kept | Refused:
        match answer:
            case Answer(status=status, body=body) if status == OK and body:
                if digest and multihash(body) != digest:
                    return await self._failed(media_id, "digest-mismatch")
                return await self._taken(media_id, body)
            case BadAnswer(status=status) if status == OK:
                return await self._failed(media_id, "too-large")
            case _:
                return AWAY

    async def _taken(self, media_id: str, body: bytes) -> Kept | Refused:
        kind = sniff(body)
        if kind is None:
            return await self._failed(media_id, "not-taken")
        return await self._made(media_id, body, kind)

    async def _made(self, media_id: str, body: bytes, kind: FileType) -> Kept | Refused:
        """The files, in the room that was made for them."""
        thumbnail = b""
        media_type = kind.media_type
        if kind.is_image:
            picture = await self.derive(body, kind)
            if isinstance(picture, Unreadable):
                return await self._failed(media_id, "unreadable")
            media_type, body, thumbnail = picture.media_type, picture.data, picture.thumbnail
        size = len(body) + len(thumbnail)
        if size > self.max_bytes:
            return await self._failed(media_id, "too-large")
        async with self._room:
            await self._make_room(size)
            now = self.clock()
            kept = Kept(
                media_id,
                media_type,
                await self.blobs.put(body, now),
                await self.blobs.put(thumbnail, now) if thumbnail else "",
                size,
            )
            await remote_media.put(kept, now)
            return kept

    async def _failed(self, media_id: str, problem: str) -> Refused:
        await remote_media.put(Kept(media_id, problem=problem), self.clock())
        return _refused(problem)

    async def _make_room(self, size: int) -> None:
        """Let go what nobody has looked at for the longest, until so many bytes fit in."""
        while True:
            _, used = await remote_media.total()
            if used + size <= self.max_bytes:
                return
            oldest = await remote_media.oldest(EVICTED_AT_ONCE)
            if not oldest:
                return
            gone = []
            for kept in oldest:
                gone.append(kept)
                used -= kept.size
                if used + size <= self.max_bytes:
                    break
            await let_go(gone, self.blobs)


async def let_go(kept: list[Kept], blobs: Blobs) -> None:
    """Forget these files, and delete those that nothing else names."""
    await remote_media.drop([one.id for one in kept])
    files = {digest for one in kept for digest in (one.digest, one.thumbnail_digest) if digest}
    for digest in files - await remote_media.still_named(sorted(files)):
        await blobs.remove(digest)


def _refused(problem: str) -> Refused:
    return Refused(PROBLEMS.get(problem, AWAY.reason), 502)
