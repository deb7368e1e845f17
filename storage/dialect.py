"""Statements are written once, for PostgreSQL; what SQLite says differently is said here."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeVar

import msgspec

# What a statement may be given; a list stands for the array of `= ANY($n)`.
Value = str | int | float | bool | bytes | None | Sequence[str] | Sequence[int]

_PLACEHOLDER = re.compile(r"\$(\d+)")
_ANY = re.compile(r"=\s*ANY\s*\(\s*\$(\d+)\s*\)", re.IGNORECASE)
_LOCKING = re.compile(
    r"\s+FOR\s+(?:NO\s+KEY\s+UPDATE|UPDATE|KEY\s+SHARE|SHARE)(?:\s+OF\s+\w+)?"
    r"(?:\s+SKIP\s+LOCKED|\s+NOWAIT)?",
    re.IGNORECASE,
)
_UNNEST = re.compile(r"unnest\(\$(\d+)::text\[\]\) AS (\w+)\(value\)")
_OBJECT = re.compile(r"\bjson_object_agg\(")
_COLLATE = re.compile(r'\s+COLLATE\s+"C"', re.IGNORECASE)
_CAST = re.compile(r"::\w+(?:\[\])?")
_READS = re.compile(r"\s*(?:SELECT|WITH|VALUES|PRAGMA|EXPLAIN)\b", re.IGNORECASE)
_WRITES = re.compile(r"\b(?:INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


Answer = TypeVar("Answer")


class Row(Protocol):
    """A row whose columns are known by name; booleans of SQLite come as 0 and 1."""

    # What a column holds is known to the statement alone.
    def __getitem__(self, column: str, /) -> Any: ...  # noqa: ANN401


class Driver(Protocol):
    """One database; `connection` is that of the open transaction, or None outside."""

    @property
    def at_a_stretch(self) -> "AtAStretch | None":
        """How whole pieces of work are handed over; None where they are not."""

    def transaction(self) -> AbstractAsyncContextManager[object]:
        """A transaction; the ORM uses its connection too."""

    def reader(self) -> AbstractAsyncContextManager[None]:
        """The ORM reads without waiting for the writer."""

    async def fetch(self, connection: object | None, sql: str, args: Sequence[Value]) -> list[Row]:
        """The rows of a query, or of a RETURNING clause."""

    async def run(self, connection: object | None, sql: str, args: Sequence[Value]) -> int:
        """How many rows the statement has changed."""

    async def insert_many(
        self, connection: object, insert: "Insert", rows: Sequence[Sequence[Value]]
    ) -> tuple[int, list[Row]]:
        """How many rows were added, and the returned columns of those."""

    async def update_many(
        self, connection: object, update: "Update", rows: Sequence[Sequence[Value]]
    ) -> int:
        """How many rows were changed."""

    async def exclusive(self, connection: object, name: str) -> None:
        """Until the transaction ends, no other one passes here under this name."""

    async def notify(self, connection: object | None, wakes: Mapping[str, str]) -> None:
        """Tell other processes, at the commit, of channels and what they carry."""

    async def listen(self, heard: "Heard", channels: Sequence[str]) -> None:
        """Hear what other processes tell until the connection is lost."""

    async def prepare_migration(self, connection: object) -> None:
        """One process migrates at a time, and may take its time."""

    async def collate_by_bytes(self, connection: object) -> None:
        """Every text column sorts by its bytes."""

    async def is_table(self, connection: object | None, name: str) -> bool:
        """Whether the database has this table."""

    def in_use(self) -> int:
        """How many connections somebody works with now."""


class AtAStretch(Protocol):
    """A database in this process, where work is handed over once and not statement by statement."""

    async def write(self, work: Callable[[object], Answer]) -> Answer:
        """A transaction; `work` is given its connection, in another thread."""

    async def read(self, work: Callable[[object], Answer]) -> Answer:
        """Queries of one moment; `work` is given their connection, in another thread."""


class Heard(Protocol):
    """Called with a channel and what it carried; with an empty channel for "anything"."""

    def __call__(self, channel: str, payload: str, /) -> None:
        """Take note; must not block."""


@dataclass(frozen=True, slots=True)
class Insert:
    """An insert of many rows of one shape; the names are constants of our code."""

    table: str
    columns: tuple[str, ...]
    conflict: str = ""
    returning: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """An update of many rows by key; a row is its keys, then its values."""

    table: str
    keys: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SqliteStatement:
    """A statement as SQLite takes it."""

    sql: str
    takes_arrays: bool
    writes: bool


@lru_cache(maxsize=1024)
def for_sqlite(sql: str) -> SqliteStatement:
    """Rewrite a statement: placeholders, arrays, objects, locks, casts and collation."""
    arrays = _ANY.search(sql) is not None or _UNNEST.search(sql) is not None
    text = _ANY.sub(r"IN (SELECT value FROM json_each(?\1))", sql)
    text = _OBJECT.sub("json_group_object(", _UNNEST.sub(r"json_each(?\1) AS \2", text))
    text = _COLLATE.sub("", _LOCKING.sub("", _CAST.sub("", text)))
    writes = _READS.match(sql) is None or _WRITES.search(text) is not None
    return SqliteStatement(_PLACEHOLDER.sub(r"?\1", text), arrays, writes)


def array_text(value: Value) -> Value:
    """A list as the JSON text that json_each reads; any other value as it is."""
    if isinstance(value, list | tuple):
        return msgspec.json.encode(value).decode()
    return value


def bytes_order(column: str) -> str:
    """An ORDER BY term that sorts by bytes on both databases."""
    return f'{column} COLLATE "C"'
