"""PURE: a table of TOML is read by a schema, and every mistake in it is told.

A schema has a reader for each key; a reader answers the value, or why what is written is none.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any, Final

from federation.policy.expressions import Wrong

Reader = Callable[[object], object]
Mistake = tuple[str, str]
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
LIST_MAX: Final = 1_000
NO_KEY: Final = "is no key here"


def read_table(
    written: Mapping[str, object], schema: Mapping[str, Reader]
) -> tuple[dict[str, Any], list[Mistake]]:
    """The values that can be read by their keys, and each mistake as its key and a reason."""
    found: dict[str, Any] = {}
    mistakes: list[Mistake] = []
    for key, value in written.items():
        reader = schema.get(key)
        read = Wrong(NO_KEY) if reader is None else reader(value)
        if isinstance(read, Wrong):
            mistakes.append((key, read.reason))
        else:
            found[key] = read
    return found, mistakes


def ident(written: object) -> object:
    """An id of a rule or a list."""
    if isinstance(written, str) and _ID.fullmatch(written):
        return written
    return Wrong("is no id: up to 64 letters, digits, dots, hyphens and underscores")


def idents(written: object) -> object:
    """A list of ids."""
    if not isinstance(written, list) or not 0 < len(written) <= LIST_MAX:
        return Wrong(f"is no list of 1 to {LIST_MAX} ids")
    read = [ident(each) for each in written]
    return next((one for one in read if isinstance(one, Wrong)), tuple(read))


def flag(written: object) -> object:
    """A truth value."""
    return written if isinstance(written, bool) else Wrong("is true or false")


def text(chars_max: int) -> Reader:
    """A text of so many characters."""

    def read(written: object) -> object:
        if isinstance(written, str) and len(written) <= chars_max:
            return written
        return Wrong(f"is no text of up to {chars_max} characters")

    return read


def texts(written: object) -> object:
    """A list of texts, which may be empty."""
    if isinstance(written, list) and all(isinstance(each, str) for each in written):
        return tuple(written[:LIST_MAX])
    return Wrong("is no list of texts")


def whole(lowest: int, highest: int) -> Reader:
    """A whole number, both ends included."""

    def read(written: object) -> object:
        # A truth value is a number in Python.
        if type(written) is int and lowest <= written <= highest:
            return written
        return Wrong(f"is no whole number from {lowest:,} to {highest:,}")

    return read


def word(*words: str) -> Reader:
    """One of a few words."""

    def read(written: object) -> object:
        if isinstance(written, str) and written in words:
            return written
        return Wrong(f"is one of {', '.join(words)}")

    return read


def member(of: type[Enum], *left_out: Enum) -> Reader:
    """A member of an enumeration by its value."""
    members = {each.value: each for each in of if each not in left_out}

    def read(written: object) -> object:
        if isinstance(written, str) and written in members:
            return members[written]
        return Wrong(f"is one of {', '.join(members)}")

    return read


def members(of: type[Enum]) -> Reader:
    """A list of members."""
    one = member(of)

    def read(written: object) -> object:
        if not isinstance(written, list) or not written:
            return Wrong(f"is a list of {', '.join(each.value for each in of)}")
        read = [one(each) for each in written]
        return next((each for each in read if isinstance(each, Wrong)), frozenset(read))

    return read


def moment(written: object) -> object:
    """A day, which stands for its beginning in UTC, or a time; without a zone it is UTC."""
    if isinstance(written, datetime):
        try:
            aware = written if written.tzinfo else written.replace(tzinfo=UTC)
            return aware.astimezone(UTC)
        except OverflowError:
            return Wrong("is before or after all time")
    if isinstance(written, date):
        return datetime.combine(written, time(), UTC)
    return Wrong("is no day like 2027-01-15, written without quotes")


def table(
    schema: Mapping[str, Reader], make: Callable[..., object], *, needed: frozenset[str]
) -> Reader:
    """A table inside the table; its mistakes are told as one reason."""

    def read(written: object) -> object:
        if not isinstance(written, Mapping):
            return Wrong("is no table")
        found, mistakes = read_table(written, schema)
        missing = sorted(needed - written.keys())
        if missing:
            mistakes.append((missing[0], "is missing"))
        if mistakes:
            return Wrong("; ".join(f"{key} {reason}" for key, reason in mistakes))
        return make(**found)

    return read
