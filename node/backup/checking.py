"""A backup is read back: every file is as its manifest says, and the database is sound."""

import asyncio
from pathlib import Path

from node.backup.manifest import (
    DATABASES,
    MANIFEST,
    BackupError,
    Manifest,
    Told,
    digest_of,
    read_manifest,
)
from storage import dumping, online_backup


def check(folder: Path, told: Told) -> Manifest:
    """Read a whole backup.

    Raises:
        BackupError: It is none, or something in it is missing, too much or damaged; all is listed.
        StorageError: The programs of PostgreSQL are needed and not installed.
    """
    manifest = read_manifest(folder)
    wrong = [*_strangers(folder, manifest), *_altered(folder, manifest, told)]
    if not wrong:
        database = folder / DATABASES[manifest.database]
        damage = _damage(manifest.database, database)
        wrong = [f"{database}: {damage}"] if damage else []
    if wrong:
        raise BackupError("\n".join(wrong))
    return manifest


def _damage(kind: str, database: Path) -> str:
    if kind == "sqlite":
        return online_backup.find_damage(database)
    return asyncio.run(dumping.find_damage(database))


def _strangers(folder: Path, manifest: Manifest) -> list[str]:
    named = {held.path for held in manifest.files} | {MANIFEST}
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir()}
    return [f"{folder / path}: is not in the manifest" for path in sorted(there - named)]


def _altered(folder: Path, manifest: Manifest, told: Told) -> list[str]:
    wrong, whole, done = [], sum(held.size for held in manifest.files), 0
    for held in manifest.files:
        path = folder / held.path
        try:
            if path.is_symlink() or digest_of(path) != (held.size, held.sha256):
                wrong.append(f"{path}: is not what was saved")
        except OSError as error:
            wrong.append(f"{path}: cannot be read: {error.strerror}")
        done += held.size
        told("checked", done, whole)
    return wrong
