"""An archive is read within bounds: what is none, is damaged or is made to exhaust is refused."""

import io
import struct
import zipfile

import pytest

from federation.protocol.verdict import Refused
from node.archive import reading as r
from tests.support.archives import archive, files, manifest, packed

HELD = files()
WHOLE = {**HELD, "manifest.json": manifest(HELD)}
MANY = files(lists={"blocked_accounts.csv": "a" * (r.BYTES_MAX + 1)})
LONG = files(profile={"bio": "a" * (r.JSON_BYTES_MAX + 1)})
ODD = files(profile={"name": 7})
LIST = {**HELD, "profile.json": b"[]"}


def read(data: bytes) -> r.Archive | Refused:
    return r.read_archive(io.BytesIO(data))


def encrypted(data: bytes) -> bytes:
    """An archive all of whose entries say that they are encrypted."""
    changed = bytearray(data)
    at = changed.find(b"PK\x01\x02")
    while at >= 0:
        changed[at + 8] |= 1
        at = changed.find(b"PK\x01\x02", at + 4)
    return bytes(changed)


def with_contents_of(size: int) -> bytes:
    """An archive that says so of the size of its table of contents."""
    data = bytearray(archive())
    data[-10:-6] = struct.pack("<L", size)
    return bytes(data)


def doubled() -> bytes:
    out = io.BytesIO(packed(WHOLE))
    with zipfile.ZipFile(out, "a") as more, pytest.warns(UserWarning, match="Duplicate name"):
        more.writestr("profile.json", b"{}")
    return out.getvalue()


def test_what_a_node_wrote_is_read() -> None:
    found = read(archive(lists={"following_accounts.csv": "Account address\nbo@alpha.test\n"}))

    assert isinstance(found, r.Archive)
    assert (found.acct, found.profile.name, found.profile.bio) == ("cy@old.test", "Cy", "hello")
    assert [(one.name, one.value) for one in found.profile.fields] == [("site", "cy.test")]
    assert (found.settings.typing, found.settings.previews) == (False, None)
    assert found.settings.quiet_hours == r.QuietHours("22:00", "07:00", "Europe/Berlin")
    assert found.lists["follows"] == b"Account address\nbo@alpha.test\n"


def test_folders_that_were_taken_out_are_not_missed() -> None:
    held = {**HELD, "uploads/a.png": b"a"}

    assert isinstance(read(packed({**HELD, "manifest.json": manifest(held)})), r.Archive)


@pytest.mark.parametrize(
    ("data", "refused"),
    [
        (b"", r.NO_ARCHIVE),
        (b"PK\x05\x06", r.NO_ARCHIVE),
        (b"a" * 1000, r.NO_ARCHIVE),
        (packed({}), r.NO_ARCHIVE),
        (packed(HELD), r.NO_ARCHIVE),
        (archive() + b"\0", r.NO_ARCHIVE),
        (packed({**HELD, "manifest.json": manifest(HELD, format="zip")}), r.NO_ARCHIVE),
        (packed({**HELD, "manifest.json": manifest(HELD, version=2)}), r.OTHER_VERSION),
        (packed({**HELD, "manifest.json": manifest(HELD, files=7)}), r.STRANGE),
        (packed({**HELD, "manifest.json": b"\xff"}), r.STRANGE),
        (packed({**HELD, "manifest.json": b"[" * 200_000}), r.STRANGE),
        (packed({**ODD, "manifest.json": manifest(ODD)}), r.STRANGE),
        (packed({**LIST, "manifest.json": manifest(LIST)}), r.STRANGE),
        (packed({**WHOLE, "../profile.json": b""}), r.STRANGE),
        (packed({**WHOLE, "/etc/passwd": b""}), r.STRANGE),
        (packed({**WHOLE, "uploads\\..\\a": b""}), r.STRANGE),
        (doubled(), r.STRANGE),
        (encrypted(archive()), r.STRANGE),
        (packed(WHOLE, zipfile.ZIP_LZMA), r.STRANGE),
        (packed({**WHOLE, "settings.json": b"{}"}), r.DAMAGED),
        (packed({name: WHOLE[name] for name in WHOLE if name != "settings.json"}), r.DAMAGED),
        (archive()[40:], r.DAMAGED),
        (packed({**MANY, "manifest.json": manifest(MANY)}), r.TOO_LARGE),
        (packed({**LONG, "manifest.json": manifest(LONG)}), r.TOO_LARGE),
        (packed({**HELD, "manifest.json": b" " * (r.MANIFEST_BYTES_MAX + 1)}), r.TOO_LARGE),
        (with_contents_of(r.CONTENTS_BYTES_MAX + 1), r.TOO_LARGE),
        (with_contents_of(0xFFFFFFFF), r.TOO_LARGE),
    ],
)
def test_what_is_not_as_a_node_writes_it_is_refused(data: bytes, refused: Refused) -> None:
    assert read(data) == refused


def test_whatever_byte_is_changed_nothing_else_comes_of_it_than_an_archive_or_a_refusal() -> None:
    data = archive()

    for at in range(0, len(data), 3):
        changed = bytearray(data)
        changed[at] ^= 0xFF
        assert isinstance(read(bytes(changed)), r.Archive | Refused)
