"""PURE: how long a migration takes is told beforehand, by the rows that it passes over.

New tables and columns with a default take no time on either database. An index, another type of a
column and a statement of our own pass over every row of their table.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

# What a small machine does with its rows in a second; a guess on the safe side.
ROWS_A_SECOND: Final = 50_000
PASSING_OVER: Final = frozenset({"AddIndex", "AddConstraint", "AlterField", "RemoveField"})
_WORD: Final = re.compile(r"\w+")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Planned:
    """A migration that would run.

    Attributes:
        rows: By table, the rows that it passes over; a table is counted as often as it is passed.
    """

    name: str
    rows: Mapping[str, int]

    @property
    def seconds(self) -> int:
        """How long it takes, roughly; 0 for less than a second."""
        return sum(self.rows.values()) // ROWS_A_SECOND


def planned(name: str, operations: Sequence[object], rows: Mapping[str, int]) -> Planned:
    """What a migration takes.

    Args:
        name: Of the migration.
        operations: Tortoise's, in order.
        rows: By table, as many as there are now.
    """
    passed: dict[str, int] = {}
    for operation in operations:
        for table in _tables(operation):
            if table in rows:
                passed[table] = passed.get(table, 0) + rows[table]
    return Planned(name, {table: number for table, number in passed.items() if number})


def _tables(operation: object) -> Iterator[str]:
    kind = type(operation).__name__
    if kind in PASSING_OVER:
        yield _HUMP.sub("_", str(getattr(operation, "model_name", ""))).lower()
    elif kind == "RunSQL":
        yield from set(_WORD.findall(str(getattr(operation, "sql", ""))))
