"""A node is made of a backup, where there is none yet; it begins in restored mode.

What is refused is refused before anything is written. The database comes last: whatever ends this
half way leaves no node that looks whole, and it can be done again.
"""

import asyncio
import os
import shutil
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from node.backup.manifest import (
    CONFIG_FILE,
    CONFIGURATION,
    DATABASES,
    KEY_FILE,
    MEDIA,
    BackupError,
    Manifest,
    Told,
    put,
    secret_check,
)
from node.config.sections import Config
from node.media.kept import media_kept
from node.restoration import Restoration, mark_restored
from storage import copying, dumping, lock_file, migrate
from storage.database import opened, transaction
from storage.online_backup import flush

_ASIDE: Final = ".restoring"


def refuse_unfit(manifest: Manifest, config: Config) -> None:
    """Find that a backup and a configuration belong together, and that no node is there.

    Raises:
        BackupError: They do not, or there is one.
        StorageError: The database is away.
    """
    kind = "sqlite" if urlsplit(config.database_url).scheme == "sqlite" else "postgres"
    server = config.server
    for ours, theirs, what in (
        (server.netloc, manifest.host, "host"),
        (server.domain, manifest.account_domain, "account_domain"),
        (kind, manifest.database, "database"),
    ):
        if ours != theirs:
            raise BackupError(f"the backup's {what} is {theirs}, that of the configuration {ours}")
    if not migrate.knows(manifest.schema):
        raise BackupError(f"the backup is of a newer release: install {manifest.release}")
    if secret_check(server.sealing_key) != manifest.secret_check:
        raise BackupError("server.secret_key is not the one of the node that was saved")
    if kind == "sqlite":
        _refuse_file(Path(urlsplit(config.database_url).path))
    else:
        asyncio.run(_refuse_tables(config))


def _refuse_file(path: Path) -> None:
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-journal")):
        if each.exists() and each.stat().st_size:
            raise BackupError(
                f"{each} is there already, and restoring never replaces a database: if it is of no "
                f"more use, stop the node and move {path.name}* away"
            )


async def _refuse_tables(config: Config) -> None:
    async with opened(config.database_url, pool=1):
        if not await copying.is_empty():
            raise BackupError(
                "the database has tables already, and restoring never replaces a database: name an "
                "empty one by database.url"
            )


def restore(folder: Path, manifest: Manifest, config: Config, now: datetime, told: Told) -> None:
    """Make the node of a backup that was checked and fits.

    Raises:
        StorageError: The database could not be made.
        OSError: Something could not be written.
    """
    Restoration(Path(config.server.data_dir)).note_lost()
    _put_back_media(folder, manifest, config, told)
    database = folder / DATABASES[manifest.database]
    if manifest.database == "postgres":
        told("database", 0, 0)
        asyncio.run(dumping.load(database, config.database_url))
        asyncio.run(_mark(config, now))
        return
    path = urlsplit(config.database_url).path
    with lock_file.served(path):
        aside = Path(path + _ASIDE)
        aside.unlink(missing_ok=True)
        _copy(database, aside)
        told("database", 1, 1)
        aside.replace(path)
        flush(aside.parent)


async def _mark(config: Config, now: datetime) -> None:
    async with opened(config.database_url, pool=1), transaction():
        await mark_restored(now)


def _put_back_media(folder: Path, manifest: Manifest, config: Config, told: Told) -> None:
    own = media_kept(config).own
    digests = [Path(one.path).name for one in manifest.files if one.path.startswith(f"{MEDIA}/")]
    for number, digest in enumerate(digests, start=1):
        path = own.path(digest)
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            aside = path.with_name(path.name + _ASIDE)
            aside.unlink(missing_ok=True)
            _copy(folder / MEDIA / path.relative_to(own.folder), aside)
            aside.replace(path)
        told("files", number, len(digests))


def _copy(file: Path, target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    shutil.copyfile(file, target)
    flush(target)


def put_back_configuration(folder: Path, manifest: Manifest, path: Path) -> list[Path]:
    """Write the configuration of a backup, and the files of rules that lay beside it.

    Args:
        folder: The backup.
        manifest: Its own.
        path: Of the configuration, which is not there yet.

    Returns:
        What was written.

    Raises:
        FileExistsError: One of the files is there.
        BackupError: There is no configuration in it.
    """
    beside = f"{CONFIGURATION}/"
    files = [one.path for one in manifest.files if one.path.startswith(beside)]
    if CONFIG_FILE not in files:
        raise BackupError("there is no configuration in this backup: write one first")
    made = []
    for file in files:
        name = file.removeprefix(beside)
        if name.startswith("elsewhere/"):
            continue
        target = path if file == CONFIG_FILE else path.parent / name
        put(target, (folder / file).read_bytes())
        made.append(target)
    if manifest.has_keys:
        made += _put_back_key(folder, path)
    return made


def _put_back_key(folder: Path, path: Path) -> list[Path]:
    """Write the secret key where a configuration looks for it, unless there is one."""
    server = tomllib.loads(path.read_text(encoding="utf-8")).get("server", {})
    place = path.parent / Path(str(server.get(f"{KEY_FILE}_file", KEY_FILE))).expanduser()
    if place.exists():
        return []
    put(place, (folder / KEY_FILE).read_bytes())
    return [place]
