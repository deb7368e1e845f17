"""Uploads that nobody sends and files that no row names go; everything else stays."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from federation.upkeep.media import MediaKept, prune, usage
from storage import database, drafts, media
from storage.blobs import Blobs
from storage.changes import AddMedia, AttachMedia
from storage.database import transaction
from storage.errors import Conflict
from tests.support.api_node import SPACE
from tests.support.clock import VirtualClock


@pytest_asyncio.fixture
async def kept(url: str, tmp_path: Path) -> AsyncIterator[MediaKept]:
    async with database.opened(url):
        folders = Blobs(tmp_path / "own"), Blobs(tmp_path / "remote")
        yield MediaKept(*folders, 10**6, timedelta(days=30))


async def upload(kept: MediaKept, clock: VirtualClock, number: int, data: bytes) -> AddMedia:
    """A row with its file."""
    row = AddMedia(
        id=f"{number:026}",
        account="ana",
        token=f"{number:032x}",
        name="a.txt",
        media_type="text/plain",
        digest=await kept.own.put(data, clock.now()),
        thumbnail_digest="",
        size=len(data),
        thumbnail_size=0,
        width=None,
        height=None,
        blurhash="",
        description="",
        at=clock.now(),
    )
    async with transaction():
        await media.add([row])
    return row


async def test_an_upload_that_nobody_sends_goes_after_a_day(kept: MediaKept):
    clock = VirtualClock()
    sent = await upload(kept, clock, 1, b"sent")
    await upload(kept, clock, 2, b"unsent")
    await media.attach([AttachMedia(sent.id, "0" * 26)])

    clock.advance(hours=23)
    await prune(kept, clock.now())
    assert len(await kept.own.all()) == 2

    clock.advance(hours=2)
    assert (await usage(kept, clock.now())).unsent.files == 1
    await prune(kept, clock.now())
    assert [blob.digest for blob in await kept.own.all()] == [sent.digest]


async def test_an_upload_stays_as_long_as_a_draft_of_its_owner_takes_it_along(kept: MediaKept):
    clock = VirtualClock()
    kept_back, others = [await upload(kept, clock, n, data) for n, data in ((1, b"a"), (2, b"b"))]
    place, ana, bo = "C" * 26, SPACE.person("ana"), SPACE.person("bo")
    async with transaction():
        for person, ids in ((ana, [kept_back.id]), (bo, [others.id])):
            await drafts.put(place, person, "", reply_to="", media_ids=ids, at=clock.now())

    clock.advance(days=170)
    assert (await usage(kept, clock.now())).unsent.files == 1
    await prune(kept, clock.now())
    assert [blob.digest for blob in await kept.own.all()] == [kept_back.digest]

    async with transaction():
        await drafts.empty(place, ana, clock.now())
    await prune(kept, clock.now())
    assert await kept.own.all() == []


async def test_a_file_of_two_rows_stays_while_one_names_it(kept: MediaKept):
    clock = VirtualClock()
    first, second = [await upload(kept, clock, number, b"same") for number in (1, 2)]
    await media.attach([AttachMedia(first.id, "a"), AttachMedia(second.id, "b")])
    clock.advance(days=2)

    for message_id, left in (("a", 1), ("b", 0)):
        await database.run("DELETE FROM media WHERE message_id = $1", message_id)
        await prune(kept, clock.now())
        assert len(await kept.own.all()) == left


async def test_a_file_without_a_row_goes_when_it_is_no_upload_under_way(kept: MediaKept):
    clock = VirtualClock()
    await kept.own.put(b"nameless", clock.now())

    await prune(kept, clock.now())
    assert len(await kept.own.all()) == 1

    clock.advance(hours=2)
    assert (await usage(kept, clock.now())).nameless.size_bytes == len(b"nameless")
    await prune(kept, clock.now())
    assert await kept.own.all() == []


async def test_an_upload_is_taken_once(kept: MediaKept):
    row = await upload(kept, VirtualClock(), 1, b"one")
    await media.attach([AttachMedia(row.id, "a")])

    with pytest.raises(Conflict):
        await media.attach([AttachMedia(row.id, "b")])


async def test_a_path_comes_from_a_digest_alone(tmp_path: Path):
    for name in ("../../etc/passwd", "", "a" * 63, "A" * 64, "/" * 64):
        with pytest.raises(ValueError, match="digest"):
            Blobs(tmp_path).path(name)


async def test_a_file_is_whole_or_not_there(tmp_path: Path):
    clock, blobs = VirtualClock(), Blobs(tmp_path)

    digest = await blobs.put(b"hello", clock.now())

    assert blobs.path(digest).read_bytes() == b"hello"
    assert blobs.path(digest).parent.parent.parent == tmp_path
    assert list((tmp_path / "aside").iterdir()) == []
