"""PURE: what is wrong with policy files, and where."""

from collections.abc import Sequence
from dataclasses import dataclass

from federation.policy.rule import Place


@dataclass(frozen=True, slots=True)
class Source:
    """One file: what it is called, and what is in it.

    Attributes:
        is_configuration: Whether it says other things too, and may name further files.
    """

    name: str
    text: str
    is_configuration: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake, and where it stands.

    Attributes:
        subject: The rule or list, such as `rule friends`; "" for the file.
    """

    place: Place
    subject: str
    reason: str

    def __str__(self) -> str:
        """On one line, with the file and the line as far as they are known."""
        subject = f"{self.subject}: " if self.subject else ""
        return f"{self.place}: {subject}{self.reason}"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Nothing is loaded, for these reasons, by file and line."""

    problems: tuple[Problem, ...]


def sorted_by_place(problems: Sequence[Problem], sources: Sequence[Source]) -> Unreadable:
    """All problems, in the order of the files and of their lines."""
    number = {source.name: at for at, source in enumerate(sources)}
    return Unreadable(
        tuple(sorted(problems, key=lambda one: (number[one.place.file], one.place.line)))
    )
