"""Somebody's own files go along as they are, with what is known of each."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from federation.protocol.namespace import Namespace
from federation.queries.own_files import OwnFile, list_own_files
from node.archive.zip_stream import ZipStream
from node.covey_api.documents import encoded
from storage.blobs import Blobs

PAGE: Final = 50
CHUNK_BYTES: Final = 256 * 1024


@dataclass(frozen=True, slots=True)
class Library:
    """Where what goes into archives is found.

    Attributes:
        space: The URLs of this node.
        blobs: Where the files of its people lie.
    """

    space: Namespace
    blobs: Blobs


async def put_uploads(archive: ZipStream, account: str, library: Library) -> None:
    """What is known of each file, and then the files."""
    async with archive.file("uploads.jsonl") as file:
        async for one in _uploads(account, library):
            is_there = await asyncio.to_thread(one.path.is_file)
            about = {
                "id": one.id,
                "file": f"uploads/{one.name}" if is_there else None,
                "media_type": one.media_type,
                "description": one.description,
                "size": one.size,
                "message": one.message_id or None,
                "is_picture": one.is_picture,
            }
            await file.write(encoded(about) + b"\n")
    async for one in _uploads(account, library):
        await _put_upload(archive, one)


async def _uploads(account: str, library: Library) -> AsyncIterator[OwnFile]:
    after = ""
    while True:
        files = await list_own_files(library.blobs, account, library.space, after=after, limit=PAGE)
        for one in files:
            yield one
        if len(files) < PAGE:
            return
        after = files[-1].id


async def _put_upload(archive: ZipStream, one: OwnFile) -> None:
    try:
        source: BinaryIO = await asyncio.to_thread(one.path.open, "rb")
    except FileNotFoundError:
        # It went with its message meanwhile.
        return
    try:
        async with archive.file(f"uploads/{one.name}", is_packed=False) as file:
            while data := await asyncio.to_thread(source.read, CHUNK_BYTES):
                await file.write(data)
    finally:
        source.close()
