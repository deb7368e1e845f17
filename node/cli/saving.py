"""What `covey backup` and `covey restore` have in common: how they tell what they do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Final

import click

from node.backup.manifest import BackupError
from node.backup.sealed import PASSPHRASE_LEAST, SEALED, unseal
from node.cli.stop import USAGE, StopError

SAY_EVERY_S = 2.0

passphrase_option: Final = click.option(
    "--passphrase-file", metavar="FILE", help="Whose first line opens a sealed backup."
)


class Progress:
    """Says on standard error, every two seconds at most, how far it has come."""

    def __init__(self) -> None:
        self._said_s = monotonic()

    def __call__(self, what: str, done: int, whole: int) -> None:
        """So much of so much is done; nobody knows of how much where that is nothing."""
        if not whole or monotonic() - self._said_s >= SAY_EVERY_S:
            self._said_s = monotonic()
            print(f"{what}: {100 * done // whole} %" if whole else f"{what} …", file=sys.stderr)


def ask_passphrase(file: str | None, *, again: bool = False) -> str:
    """The passphrase of a backup: from a file, or from whoever sits at the terminal.

    Args:
        file: Whose first line it is.
        again: Whether it is typed twice, as for a new one.

    Raises:
        StopError: Nobody is there to type it, or it is too short.
    """
    if file is not None:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
        passphrase = lines[0] if lines else ""
    elif sys.stdin.isatty():
        passphrase = str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=again))
    else:
        raise StopError("this needs a passphrase: name a file by --passphrase-file", USAGE)
    if len(passphrase) < PASSPHRASE_LEAST:
        raise StopError(f"the passphrase needs {PASSPHRASE_LEAST} characters or more")
    return passphrase


@contextmanager
def laid_open(folder: Path, passphrase_file: str | None) -> Iterator[Path]:
    """The folder of a backup; of a sealed one what is in it, while the block lasts.

    Raises:
        BackupError: It does not open.
        StopError: There is no passphrase.
    """
    sealed = folder / SEALED
    if not sealed.exists():
        yield folder
        return
    passphrase = ask_passphrase(passphrase_file)
    with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as place:
        unseal(sealed, Path(place), passphrase)
        yield Path(place)


@contextmanager
def plainly() -> Iterator[None]:
    """What is wrong with a backup is said in plain lines."""
    try:
        yield
    except BackupError as error:
        raise StopError(str(error)) from error
