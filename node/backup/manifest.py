"""What a backup holds, written down last: without a whole list there is no backup."""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
MANIFEST_BYTES_MAX: Final = 1 << 30
DATABASES: Final = {"sqlite": "database.sqlite", "postgres": "database.pgdump"}
CONFIGURATION: Final = "configuration"
CONFIG_FILE: Final = f"{CONFIGURATION}/config.toml"
MEDIA: Final = "media"
# The node's secret key; in a sealed backup alone.
KEY_FILE: Final = "secret_key"
_PIECE: Final = 1 << 20

# Called with what is done, how far it has come, and how far it has to go.
Told = Callable[[str, int, int], None]


class BackupError(Exception):
    """It is no backup, or not a whole one; the text says why."""


class Held(msgspec.Struct, frozen=True):
    """One file of a backup.

    Attributes:
        path: From the folder of the backup.
        sha256: Of its bytes, in hexadecimal.
    """

    path: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup is.

    Attributes:
        format: Rises when an older program could not read it.
        made_at: RFC 3339, UTC.
        release: The program that made it.
        database: "sqlite" or "postgres".
        schema: The newest migration of the database.
        host: The node's name.
        account_domain: The part of its handles after the @.
        has_keys: Whether the secret key is in it.
        secret_check: By which the node's secret key is known; see `secret_check`.
        files: Everything but the manifest, by path.
    """

    format: int
    made_at: str
    release: str
    database: str
    schema: str
    host: str
    account_domain: str
    has_keys: bool
    secret_check: str
    files: tuple[Held, ...]


def secret_check(sealing_key: bytes) -> str:
    """What tells this secret key from another one, and is none itself.

    A database holds as much: its keys open with the right one alone.
    """
    return hmac.digest(sealing_key, b"covey backup", "sha256").hex()


def written(manifest: Manifest) -> bytes:
    """The manifest as it lies in a backup."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=1) + b"\n"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup.

    Raises:
        BackupError: It is not there, is no manifest, or names a file outside of the backup.
    """
    path = folder / MANIFEST
    try:
        if path.stat().st_size > MANIFEST_BYTES_MAX:
            raise BackupError(f"{path}: is too large")
        found = msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError as error:
        raise BackupError(f"{folder}: is no backup: there is no {MANIFEST} in it") from error
    except msgspec.MsgspecError as error:
        raise BackupError(f"{path}: is no manifest: {error}") from error
    if found.format != FORMAT:
        raise BackupError(f"{path}: was made by release {found.release}, in another format")
    for held in found.files:
        if not is_inside(held.path):
            raise BackupError(f"{path}: names a file outside of the backup")
    if DATABASES.get(found.database) not in {held.path for held in found.files}:
        raise BackupError(f"{path}: names no database")
    return found


def is_inside(path: str) -> bool:
    """Whether a path of a manifest stays in the folder, and is written in one way only."""
    parts = path.split("/")
    return not any(part in {"", ".", ".."} or "\0" in part for part in parts)


def held(folder: Path, path: str) -> Held:
    """A file as a manifest names it."""
    size, digest = digest_of(folder / path)
    return Held(path, size, digest)


def digest_of(path: Path) -> tuple[int, str]:
    """How many bytes a file has, and their SHA-256."""
    size, hashed = 0, hashlib.sha256()
    for piece in pieces_of(path):
        size += len(piece)
        hashed.update(piece)
    return size, hashed.hexdigest()


def pieces_of(path: Path) -> Iterator[bytes]:
    """The bytes of a file, a part at a time."""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece


def put(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, for this user alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
