"""Disks that are small, or that lose what was not written through to them."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

PLUG = "plug"
IMAGE_BYTES = 64 << 20


@contextmanager
def small_disk(folder: Path, mebibytes: int) -> Iterator[Path]:
    """A file system in memory of so many MiB; skipped where nobody may mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    _mounted("-t", "tmpfs", "-o", f"size={mebibytes}m,mode=0777", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        _run("umount", "--lazy", str(folder))


def fill(folder: Path, *, but_bytes: int = 0) -> None:
    """Take all room that is left on this disk, but for so many bytes."""
    with (folder / PLUG).open("ab", buffering=0) as file, suppress(OSError):
        # Whoever else writes meanwhile takes what is left.
        while shutil.disk_usage(folder).free > but_bytes:
            file.write(bytes(min(1 << 20, shutil.disk_usage(folder).free - but_bytes)))


def free(folder: Path) -> None:
    """Give the room back."""
    (folder / PLUG).unlink()


@contextmanager
def image(file: Path, folder: Path) -> Iterator[Path]:
    """A file system in a file, to which only what is synchronised is written soon.

    A copy of the file is what a computer finds after its power has failed at that moment.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if not file.exists():
        with file.open("wb") as made:
            made.truncate(IMAGE_BYTES)
        if not _run("mkfs.ext4", "-q", "-F", str(file)):
            pytest.skip("mkfs.ext4 is not installed")
    # Without a reason the journal is written every five seconds.
    _mounted("-o", "loop,commit=600", str(file), str(folder))
    try:
        yield folder
    finally:
        _run("umount", "--lazy", str(folder))


def _mounted(*arguments: str) -> None:
    if not _run("mount", *arguments):
        pytest.skip("no file system may be mounted here: needs root and mount")


def _run(*command: str) -> bool:
    try:
        # The commands are those above.
        return subprocess.run(command, check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False
