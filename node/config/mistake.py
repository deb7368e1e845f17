"""What is wrong with a configuration, said so that an operator can mend it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing to mend.

    Attributes:
        where: The file with its line, or the environment variable.
        key: The key as `section.key`, or "" when the file as a whole cannot be read.
        value: What was found there, secrets masked, or "" when nothing was.
        allowed: What would be right.
    """

    where: str
    key: str
    value: str
    allowed: str

    def __str__(self) -> str:
        subject = ": ".join(part for part in (self.where, self.key) if part)
        found = f" is {self.value}" if self.value else ""
        return f"{subject}{found}: {self.allowed}"


@dataclass(frozen=True, slots=True)
class Wrong:
    """A value that its key does not take.

    Attributes:
        allowed: What would be right.
    """

    allowed: str
