"""A backup that only a passphrase opens: one file, in pieces of which none can be left out.

The file is a line that names its form, 16 random bytes, then pieces of 1 MiB sealed by AES-256-GCM
under a key that scrypt makes of passphrase and random bytes. A piece's nonce is its number and
whether it is the last, so that pieces can be neither exchanged nor cut off; the head belongs to
each. Inside is a tar archive with the manifest at its end.

Source: operations.md 6
"""

import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from node.backup.manifest import MANIFEST, BackupError, is_inside, pieces_of
from storage.online_backup import flush

SEALED: Final = "backup.sealed"
PASSPHRASE_LEAST: Final = 12
_FORM: Final = b"covey sealed backup 1\n"
_SALT_BYTES: Final = 16
_KEY_BYTES: Final = 32
_TAG_BYTES: Final = 16
_PIECE: Final = 1 << 20
_NUMBER_BYTES: Final = 11
# 128 MiB and about half a second for each guess.
_SCRYPT_N: Final = 1 << 17
_SCRYPT_R: Final = 8


@dataclass(frozen=True, slots=True)
class Lock:
    """What a backup is sealed with.

    Attributes:
        has_keys: Whether the node's secret key goes in.
    """

    passphrase: str
    has_keys: bool = False


class _Cipher:
    """Seals and opens the pieces of one file, in their order."""

    def __init__(self, passphrase: str, salt: bytes) -> None:
        derive = Scrypt(salt=salt, length=_KEY_BYTES, n=_SCRYPT_N, r=_SCRYPT_R, p=1)
        self._cipher = AESGCM(derive.derive(passphrase.encode()))
        self._head = _FORM + salt
        self._number = 0

    def seal(self, piece: bytes, *, is_last: bool) -> bytes:
        """The next piece, sealed."""
        return self._cipher.encrypt(self._nonce(is_last=is_last), piece, self._head)

    def open(self, sealed: bytes, *, is_last: bool) -> bytes:
        """The next piece; raises InvalidTag if it is not that one."""
        return self._cipher.decrypt(self._nonce(is_last=is_last), sealed, self._head)

    def _nonce(self, *, is_last: bool) -> bytes:
        # SECURITY: the salt is new for each file, and so is the key: no nonce comes twice, and no
        # piece opens in another place (test_a_sealed_backup_that_was_changed_opens_for_nobody).
        self._number += 1
        return self._number.to_bytes(_NUMBER_BYTES) + bytes([is_last])


class _Writer:
    """What is written to it goes out sealed; `finish` ends it."""

    def __init__(self, out: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(_SALT_BYTES)
        self._out, self._cipher, self._held = out, _Cipher(passphrase, salt), bytearray()
        out.write(_FORM + salt)

    def write(self, data: bytes) -> int:
        """Take some bytes."""
        self._held += data
        while len(self._held) > _PIECE:
            self._out.write(self._cipher.seal(bytes(self._held[:_PIECE]), is_last=False))
            del self._held[:_PIECE]
        return len(data)

    def finish(self) -> None:
        """Write the last piece."""
        self._out.write(self._cipher.seal(bytes(self._held), is_last=True))


class _Reader:
    """Reads as a file what was sealed.

    Raises:
        BackupError: By `read`: it is no sealed backup, another passphrase, or damaged.
    """

    def __init__(self, file: BinaryIO, passphrase: str) -> None:
        self._file = file
        head = file.read(len(_FORM) + _SALT_BYTES)
        if not head.startswith(_FORM) or len(head) != len(_FORM) + _SALT_BYTES:
            raise BackupError("this is no sealed backup of a form that this release knows")
        self._cipher = _Cipher(passphrase, head[len(_FORM) :])
        self._next = file.read(_PIECE + _TAG_BYTES)
        self._held = bytearray()

    def read(self, size: int) -> bytes:
        """So many bytes, or what is left."""
        while len(self._held) < size and self._next:
            sealed, self._next = self._next, self._file.read(_PIECE + _TAG_BYTES)
            try:
                self._held += self._cipher.open(sealed, is_last=not self._next)
            except InvalidTag as error:
                raise BackupError(
                    "the passphrase is another one, or the file is damaged"
                ) from error
        part = bytes(self._held[:size])
        del self._held[:size]
        return part


def seal(folder: Path, target: Path, passphrase: str) -> None:
    """Seal everything in a folder into a file that is not there yet."""
    paths = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    paths.remove(MANIFEST)
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        writer = _Writer(out, passphrase)
        with tarfile.open(fileobj=cast("BinaryIO", writer), mode="w|") as archive:
            for path in (*paths, MANIFEST):
                archive.add(folder / path, arcname=path, recursive=False)
        writer.finish()
    flush(target)


def unseal(file: Path, folder: Path, passphrase: str) -> None:
    """Put what was sealed into a folder that is empty.

    Raises:
        BackupError: Another passphrase, or the file is damaged, cut off or holds what no backup
            does.
    """
    with file.open("rb") as sealed:
        for name, pieces in _members(_Reader(sealed, passphrase)):
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as out:
                for piece in pieces:
                    out.write(piece)


def is_as_in(file: Path, folder: Path, passphrase: str) -> bool:
    """Whether what was sealed opens to what is in a folder."""
    missing = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    with file.open("rb") as sealed:
        for name, pieces in _members(_Reader(sealed, passphrase)):
            missing.discard(name)
            there = pieces_of(folder / name)
            if any(piece != next(there, b"") for piece in pieces) or next(there, b""):
                return False
    return not missing


def _members(reader: _Reader) -> Iterator[tuple[str, Iterator[bytes]]]:
    try:
        with tarfile.open(fileobj=cast("BinaryIO", reader), mode="r|") as archive:
            for member in archive:
                if not member.isreg() or not is_inside(member.name):
                    raise BackupError(f"{member.name}: belongs in no backup")
                content = archive.extractfile(member)
                if content is None:
                    raise BackupError(f"{member.name}: belongs in no backup")
                yield member.name, iter(partial(content.read, _PIECE), b"")
        # What is behind the archive belongs to it: the last piece has to be there.
        while reader.read(_PIECE):
            pass
    except tarfile.TarError as error:
        raise BackupError(f"what was sealed is no backup: {error}") from error
