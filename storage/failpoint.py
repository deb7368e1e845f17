"""A process can be made to die at a named point, so that tests see what a crash leaves behind."""

import os
from typing import Literal

Name = Literal[
    "after-accept-before-commit",
    "after-commit-before-answer",
    "after-send-before-settle",
    "mid-fan-out",
]

_VARIABLE = "COVEY_FAILPOINT"
_ALLOWED = "COVEY_FAILPOINTS_ALLOWED"


def allow() -> None:
    """Let the environment choose a point; called at start under `[server] failpoints = true`."""
    os.environ[_ALLOWED] = "1"


def hit(name: Name) -> None:
    """Kill this process, as SIGKILL would, if the environment names this point."""
    if os.environ.get(_VARIABLE) == name and os.environ.get(_ALLOWED):
        os._exit(137)


def nothing(name: Name) -> None:
    """Pass a point at which nobody dies."""
    del name
