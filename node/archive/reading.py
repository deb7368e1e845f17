"""What somebody brings as an archive is read within bounds, or none of it is.

SECURITY: the file is a stranger's. Its table of contents is measured before `zipfile` reads it, of
its files only those that are wanted are unpacked, each up to a limit whatever it claims of itself,
and nothing of it is ever written to the disk; tests/unit/node/test_archive_reading.py.
"""

import hashlib
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Final, TypeVar

import msgspec

from federation.content.people_csv import BYTES_MAX
from federation.protocol.verdict import Refused
from node.archive.writing import FORMAT, VERSION

PROFILE: Final = "profile.json"
SETTINGS: Final = "settings.json"
MANIFEST: Final = "manifest.json"
# By the name of the list in commands/people_lists.py the file that holds it.
LISTS: Final = {
    "blocks": "blocked_accounts.csv",
    "mutes": "muted_accounts.csv",
    "hosts": "blocked_domains.csv",
    "follows": "following_accounts.csv",
}
WANTED: Final = (PROFILE, SETTINGS, *LISTS.values())
JSON_BYTES_MAX: Final = 64 * 1024
# The manifest names every file of the archive, and the table of contents does.
MANIFEST_BYTES_MAX: Final = 16 * 1024 * 1024
CONTENTS_BYTES_MAX: Final = 8 * 1024 * 1024

# The end of a ZIP that has no comment: 22 bytes, the size of the table in the sixth place.
END: Final = struct.Struct("<4s4H2LH")
END_MARK: Final = b"PK\x05\x06"
# It stands right before that end where the archive is larger than the old format can say.
LARGE_BYTES: Final = 20
LARGE_MARK: Final = b"PK\x06\x07"
KINDS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
IS_ENCRYPTED: Final = 0x1

NO_ARCHIVE: Final = Refused("This is no archive of an account; nothing was taken.", 422)
TOO_LARGE: Final = Refused(
    "This archive is too large. Take the folders conversations and uploads out of it first.", 422
)
STRANGE: Final = Refused("This archive is not as a node writes it; nothing was taken.", 422)
OTHER_VERSION: Final = Refused("This archive is of a version that this node does not know.", 422)
DAMAGED: Final = Refused("This archive is damaged; nothing was taken.", 422)


class Field(msgspec.Struct, frozen=True):
    """A field of a profile."""

    name: str
    value: str


class Profile(msgspec.Struct, frozen=True):
    """What `profile.json` says of who somebody is."""

    name: str = ""
    bio: str = ""
    fields: tuple[Field, ...] = ()


class QuietHours(msgspec.Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """When somebody wants to hear nothing: times such as 22:30, or never."""

    start: str | None = None
    end: str | None = None
    zone: str | None = None


class Settings(msgspec.Struct, frozen=True):
    """What `settings.json` says; None is what an older node did not know."""

    receipts: bool | None = None
    typing: bool | None = None
    presence: bool | None = None
    previews: bool | None = None
    writers: str | None = None
    inviters: str | None = None
    trusts_followed: bool | None = None
    mates_ask: bool | None = None
    approves_followers: bool | None = None
    quiet_hours: QuietHours | None = None
    appearance: dict[str, str] | None = None


class Listed(msgspec.Struct, frozen=True):
    """A file as the manifest names it."""

    name: str
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What `manifest.json` says."""

    format: str
    version: int
    acct: str
    files: tuple[Listed, ...]


@dataclass(frozen=True, slots=True)
class Archive:
    """What an archive holds of what can be brought.

    Attributes:
        acct: Whose it was.
        lists: The files of people and servers, by the names in `LISTS`.
    """

    acct: str
    profile: Profile
    settings: Settings
    lists: Mapping[str, bytes]


T = TypeVar("T")


class _UnfitError(Exception):
    """An archive is not taken; the refusal says why."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(refused.reason)
        self.refused = refused


def read_archive(file: IO[bytes]) -> Archive | Refused:
    """Read what can be brought from a file that can be sought in; it blocks.

    What the manifest says of each file that is read must be so. Others, which somebody may have
    taken out, are not missed.
    """
    try:
        _measure(file)
        with zipfile.ZipFile(file) as archive:
            return _read(archive)
    except _UnfitError as error:
        return error.refused
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError):
        return DAMAGED


def _measure(file: IO[bytes]) -> None:
    """Refuse what has no end of a ZIP as nodes write it, or a table that is too large to read."""
    size = file.seek(0, 2)
    if size < END.size:
        raise _UnfitError(NO_ARCHIVE)
    file.seek(size - min(size, END.size + LARGE_BYTES))
    tail = file.read()
    mark, *_, contents_bytes, _, comment_bytes = END.unpack(tail[-END.size :])
    if mark != END_MARK or comment_bytes:
        raise _UnfitError(NO_ARCHIVE)
    if tail.startswith(LARGE_MARK) or contents_bytes > CONTENTS_BYTES_MAX:
        raise _UnfitError(TOO_LARGE)


def _read(archive: zipfile.ZipFile) -> Archive:
    entries = _entries(archive)
    manifest = _document(_bytes(archive, entries, MANIFEST, MANIFEST_BYTES_MAX), Manifest)
    if manifest.format != FORMAT:
        raise _UnfitError(NO_ARCHIVE)
    if manifest.version != VERSION:
        raise _UnfitError(OTHER_VERSION)
    said = {one.name: one.sha256 for one in manifest.files if one.name in WANTED}
    found = {name: _bytes(archive, entries, name, _limit(name)) for name in WANTED}
    if any(said.get(name) != hashlib.sha256(data).hexdigest() for name, data in found.items()):
        raise _UnfitError(DAMAGED)
    return Archive(
        manifest.acct,
        _document(found[PROFILE], Profile),
        _document(found[SETTINGS], Settings),
        {name: found[file] for name, file in LISTS.items()},
    )


def _limit(name: str) -> int:
    return BYTES_MAX if name in LISTS.values() else JSON_BYTES_MAX


def _entries(archive: zipfile.ZipFile) -> Mapping[str, zipfile.ZipInfo]:
    """The table of contents; no name is there twice or leads out of a folder."""
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        name = entry.filename
        parts = name.removesuffix("/").split("/")
        if name in entries or "\\" in name or not {"", ".", ".."}.isdisjoint(parts):
            raise _UnfitError(STRANGE)
        entries[name] = entry
    return entries


def _bytes(
    archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], name: str, limit_bytes: int
) -> bytes:
    """A file, unpacked as far as its limit, whatever it says of its size."""
    entry = entries.get(name)
    if entry is None:
        raise _UnfitError(NO_ARCHIVE if name == MANIFEST else DAMAGED)
    if entry.flag_bits & IS_ENCRYPTED or entry.compress_type not in KINDS:
        raise _UnfitError(STRANGE)
    with archive.open(entry) as file:
        data = file.read(limit_bytes + 1)
    if len(data) > limit_bytes:
        raise _UnfitError(TOO_LARGE)
    return data


def _document(data: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise _UnfitError(STRANGE) from error
