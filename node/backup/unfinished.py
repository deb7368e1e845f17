"""A backup grows in a folder beside its place, which is gone when it does not become one."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from node.backup.manifest import BackupError

UNFINISHED: Final = ".unfinished"


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """The folder to write in; what is left there of a process that died goes, and so does this."""
    aside = folder.with_name(folder.name + UNFINISHED)
    aside.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(aside, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BackupError(f"{aside}: another process writes this backup") from error
        _empty(aside)
        try:
            yield aside
        finally:
            if aside.exists():
                shutil.rmtree(aside)
    finally:
        os.close(descriptor)


def _empty(folder: Path) -> None:
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink()
