"""A process can be made to die or to stand still at a named point, so that tests see what follows.

`COVEY_FAILPOINT` names the point: `mid-fan-out` kills the process there, `mid-fan-out=block` makes
it stand still once. `COVEY_SLOW_QUERIES` names a file that says by how many milliseconds every
statement on SQLite is slower.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

Name = Literal[
    "inside-group-commit",
    "after-accept-before-commit",
    "after-commit-before-answer",
    "after-send-before-settle",
    "mid-fan-out",
    "mid-migration",
    "mid-backup",
]

BLOCK: Final = "block"
BLOCK_S: Final = 5.0
_VARIABLE: Final = "COVEY_FAILPOINT"
_SLOWNESS: Final = "COVEY_SLOW_QUERIES"


class _Permission:
    """Whether the environment may choose: what is passed for every message asks this alone."""

    given = False


def allow() -> None:
    """Let the environment choose a point; called at start under `[server] failpoints = true`."""
    _Permission.given = True


def hit(name: Name) -> None:
    """Kill this process, as SIGKILL would, or stand still if the environment names this point."""
    if not _Permission.given:
        return
    point, _, deed = os.environ.get(_VARIABLE, "").partition("=")
    if point != name:
        return
    if deed == BLOCK:
        del os.environ[_VARIABLE]
        time.sleep(BLOCK_S)
    else:
        os._exit(137)


def slowness() -> Callable[[str], None] | None:
    """What to do before every statement on SQLite; None if the environment names no file."""
    file = os.environ.get(_SLOWNESS, "")
    if not file or not _Permission.given:
        return None

    def wait(_statement: str) -> None:
        time.sleep(int(Path(file).read_text() or "0") / 1000)

    return wait


def nothing(name: Name) -> None:
    """Pass a point at which nobody dies."""
    del name
