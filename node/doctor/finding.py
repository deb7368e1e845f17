"""One thing that was looked at: whether it is well, and what to do if not."""

import enum
from dataclasses import dataclass


class Level(enum.Enum):
    """How it is with it."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found.

    Attributes:
        about: What was looked at, in a word or two; the same in each run.
        said: What was seen.
        fix: What to do; "" if it is well.
    """

    about: str
    level: Level
    said: str
    fix: str = ""

    def __str__(self) -> str:
        line = f"{self.level.value:<7}  {self.about}: {self.said}"
        return f"{line}\n         {self.fix}" if self.fix else line


def well(about: str, said: str) -> Finding:
    """It is as it should be."""
    return Finding(about, Level.OK, said)


def doubtful(about: str, said: str, fix: str) -> Finding:
    """It works, and somebody should look."""
    return Finding(about, Level.WARNING, said, fix)


def bad(about: str, said: str, fix: str) -> Finding:
    """It does not work, or nobody should run it so."""
    return Finding(about, Level.ERROR, said, fix)
