"""PURE: on which line of a policy file something stands.

The reader of TOML tells no lines. The n-th `[[rule]]` is found by its header, and a key by its name
under that. Where tables are written otherwise only the line of the id is found, or none.
"""

import re
from bisect import bisect_left
from typing import Final

_LONG_TEXT: Final = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'', re.DOTALL)
_HEADER: Final = re.compile(r"\s*\[{1,2}\s*([\w.\"' -]+?)\s*\]{1,2}\s*(?:#.*)?")
_KEY: Final = re.compile(r"\s*(?:when\s*\.\s*)?[\"']?([\w.-]+)")
_SYNTAX: Final = re.compile(r"\(at line (\d+), column \d+\)")


class Lines:
    """The lines of one file."""

    def __init__(self, text: str) -> None:
        without = _LONG_TEXT.sub(lambda found: '""' + "\n" * found[0].count("\n"), text)
        self._lines = without.split("\n")
        self._headers: list[int] = []
        self._of: dict[str, list[int]] = {}
        for at, line in enumerate(self._lines):
            found = _HEADER.fullmatch(line)
            if found is not None:
                self._headers.append(at)
                self._of.setdefault(found[1], []).append(at)

    def of_table(self, name: str, number: int, count: int, *, named: str = "") -> int:
        """The line of a table of an array of tables, from 1; 0 if it cannot be told.

        Args:
            name: Of the array.
            number: Which of them, from 0.
            count: How many there are; if headers are not as many, they are written otherwise.
            named: The id in the table.
        """
        found = self._of.get(name, [])
        if len(found) == count:
            return found[number] + 1
        if not named:
            return 0
        of_id = re.compile(rf"\bid\s*=\s*[\"']{re.escape(named)}[\"']")
        hits = [at for at, line in enumerate(self._lines) if of_id.search(line)]
        return hits[0] + 1 if len(hits) == 1 else 0

    def of_key(self, key: str, line: int) -> int:
        """The line of a key in the table that begins on a line; that line if it is not found."""
        if not line:
            return 0
        after = bisect_left(self._headers, line)
        end = self._headers[after] if after < len(self._headers) else len(self._lines)
        for at in range(line - 1, end):
            found = _KEY.match(self._lines[at])
            if found is not None and found[1] == key:
                return at + 1
        return line


def line_of_error(message: str) -> int:
    """The line that the reader of TOML names in an error; 0 if it names none."""
    found = _SYNTAX.search(message)
    return int(found[1]) if found is not None else 0
