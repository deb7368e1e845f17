"""A backup is written beside its place, read back, and only then called by its name."""

import asyncio
import errno
import os
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from node.backup.checking import check
from node.backup.manifest import (
    DATABASES,
    FORMAT,
    KEY_FILE,
    MANIFEST,
    MEDIA,
    BackupError,
    Held,
    Manifest,
    Told,
    held,
    put,
    secret_check,
    written,
)
from node.backup.sealed import SEALED, Lock, is_as_in, seal
from node.backup.settings_kept import kept
from node.backup.unfinished import unfinished
from node.config.sections import Config
from node.media.kept import media_kept
from node.restoration import mark_restored
from storage import dumping, migrate, online_backup
from storage.blobs import Blobs
from storage.database import opened, transaction
from storage.online_backup import flush
from storage.settings import find_settings

# As node/names.py remembers them.
HOST: Final = "host"
DOMAIN: Final = "account_domain"
PLAIN: Final = "plain"
# Beside the database: what SQLite writes while it works, and the rest of the backup.
_SPARE: Final = 16 << 20
_NO_LINKS: Final = {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS}


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that is whole.

    Attributes:
        damaged: Files of people here that were no longer what was uploaded; in it as they are.
    """

    manifest: Manifest
    damaged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    host: str
    account_domain: str
    schema: str


def make(
    config: Config,
    folder: Path,
    now: datetime,
    *,
    release: str,
    told: Told,
    lock: Lock | None = None,
) -> Made:
    """Save a node, which may be running, to a folder that is not there yet.

    Args:
        config: Read from a file.
        folder: Its parent is there.
        now: When.
        release: Of this program.
        told: Hears how far it has come.
        lock: Seals it, if there is one.

    Raises:
        BackupError: The folder holds something, there is no room, or what was written is not what
            is read back. Nothing is left under the folder's name.
        StorageError: The database cannot be copied; likewise.
        OSError: Something cannot be read or written; likewise.
    """
    node = asyncio.run(_read_node(config))
    _refuse(folder, config)
    has_keys = lock is not None and lock.has_keys
    with unfinished(folder) as whole:
        aside = _inner(whole, lock)
        kind = _copy_database(config, aside, now, told)
        damaged = _take_media(media_kept(config).own, aside, told)
        if config.file is not None:
            for path, data in kept(config.file).items():
                put(aside / path, data)
        if has_keys:
            put(aside / KEY_FILE, f"{config.server.secret_key}\n".encode())
        files = _listed(aside, told)
        manifest = Manifest(
            format=FORMAT,
            made_at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            release=release,
            database=kind,
            schema=node.schema,
            host=node.host,
            account_domain=node.account_domain,
            has_keys=has_keys,
            secret_check=secret_check(config.server.sealing_key),
            files=files,
        )
        put(aside / MANIFEST, written(manifest))
        check(aside, told)
        if lock is not None:
            _lock_up(aside, whole, lock, told)
        _give_its_name(whole, folder)
    return Made(manifest, damaged)


def _give_its_name(whole: Path, folder: Path) -> None:
    for each in (*whole.rglob("*"), whole):
        if each.is_dir():
            flush(each)
    whole.rename(folder)
    flush(folder.parent)


def _inner(whole: Path, lock: Lock | None) -> Path:
    """Where files lie until they are sealed, or for good."""
    if lock is None:
        return whole
    inner = whole / PLAIN
    inner.mkdir(mode=0o700)
    return inner


def _lock_up(plain: Path, whole: Path, lock: Lock, told: Told) -> None:
    """Seal what was written, find that it opens to the same, and remove what is not sealed."""
    told("sealed", 0, 0)
    seal(plain, whole / SEALED, lock.passphrase)
    if not is_as_in(whole / SEALED, plain, lock.passphrase):
        raise BackupError("what was sealed does not open to what was saved")
    shutil.rmtree(plain)


async def _read_node(config: Config) -> _Node:
    async with opened(config.database_url, pool=1):
        await migrate.plan()
        schema = await migrate.find_newest()
        if not schema:
            raise BackupError("there is no node in this database yet")
        names = await find_settings([HOST, DOMAIN])
        return _Node(names[HOST], names[DOMAIN], schema)


def _refuse(folder: Path, config: Config) -> None:
    parent = folder.absolute().parent
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BackupError(f"{folder}: is there already; a backup needs a folder of its own")
    if not parent.is_dir():
        raise BackupError(f"{parent}: there is no such folder")
    needed, free = _needed(config, parent), shutil.disk_usage(parent).free
    if needed > free:
        raise BackupError(f"{parent}: {needed >> 20} MB are needed, and {free >> 20} MB are free")


def _needed(config: Config, parent: Path) -> int:
    """About how many bytes a backup takes; what a dump of PostgreSQL takes nobody knows."""
    size = _SPARE
    parts = urlsplit(config.database_url)
    if parts.scheme == "sqlite":
        size += sum(
            path.stat().st_size
            for path in (Path(parts.path), Path(f"{parts.path}-wal"))
            if path.exists()
        )
    own = media_kept(config).own
    if own.folder.exists() and own.folder.stat().st_dev != parent.stat().st_dev:
        size += sum(blob.size_bytes for blob in own.each())
    return size


def _copy_database(config: Config, aside: Path, now: datetime, told: Told) -> str:
    """Copy the database; answers which kind it is of."""
    parts = urlsplit(config.database_url)
    if parts.scheme != "sqlite":
        told("database", 0, 0)
        asyncio.run(dumping.dump(config.database_url, aside / DATABASES["postgres"]))
        flush(aside / DATABASES["postgres"])
        return "postgres"
    copy = aside.absolute() / DATABASES["sqlite"]
    online_backup.copy_file(parts.path, copy, lambda done, whole: told("database", done, whole))
    asyncio.run(_mark(copy, now))
    flush(copy)
    return "sqlite"


async def _mark(copy: Path, now: datetime) -> None:
    """Whoever starts a node on the copy has it in restored mode."""
    async with opened(f"sqlite://{copy}"), transaction():
        await mark_restored(now)


def _take_media(own: Blobs, aside: Path, told: Told) -> tuple[str, ...]:
    """Link or copy the files of people here; those that are damaged.

    After the database: a file that came later is in neither. One that goes meanwhile was deleted.
    """
    damaged, blobs = [], list(own.each())
    target = Blobs(aside / MEDIA)
    for number, blob in enumerate(blobs, start=1):
        path = target.path(blob.digest)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            _link_or_copy(own.path(blob.digest), path)
        except FileNotFoundError:
            continue
        if held(aside, str(path.relative_to(aside))).sha256 != blob.digest:
            damaged.append(str(own.path(blob.digest)))
        told("files", number, len(blobs))
    return tuple(damaged)


def _link_or_copy(file: Path, target: Path) -> None:
    try:
        os.link(file, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(file, target)
        target.chmod(0o600)
        flush(target)


def _listed(aside: Path, told: Told) -> tuple[Held, ...]:
    paths = sorted(str(path.relative_to(aside)) for path in aside.rglob("*") if path.is_file())
    found = []
    for number, path in enumerate(paths, start=1):
        found.append(held(aside, path))
        told("listed", number, len(paths))
    return tuple(found)
