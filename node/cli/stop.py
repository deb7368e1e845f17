"""A command ends early with one clear line and a status that scripts can rely on (contract.md)."""

from typing import Final

FAILED: Final = 1
USAGE: Final = 2
CONFIGURATION: Final = 3
NOT_RUNNING: Final = 4


class StopError(Exception):
    """The command cannot go on.

    Attributes:
        message: What goes to standard error; usually one line; "" if all is said.
        status: The exit status.
    """

    def __init__(self, message: str, status: int = FAILED) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
