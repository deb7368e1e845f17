"""What `covey backup` and `covey restore` have in common: how they tell what they do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from node.backup.manifest import BackupError
from node.cli.stop import StopError

SAY_EVERY_S = 2.0


class Progress:
    """Says on standard error, every two seconds at most, how far it has come."""

    def __init__(self) -> None:
        self._said_s = monotonic()

    def __call__(self, what: str, done: int, whole: int) -> None:
        """So much of so much is done; nobody knows of how much where that is nothing."""
        if not whole or monotonic() - self._said_s >= SAY_EVERY_S:
            self._said_s = monotonic()
            print(f"{what}: {100 * done // whole} %" if whole else f"{what} …", file=sys.stderr)


@contextmanager
def plainly() -> Iterator[None]:
    """What is wrong with a backup is said in plain lines."""
    try:
        yield
    except BackupError as error:
        raise StopError(str(error)) from error
