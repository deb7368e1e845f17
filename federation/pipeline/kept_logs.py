"""Logs that were read once are told from those that have been written since."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from federation.activities.author_logs import Logs
from federation.pipeline import rows
from storage.database import Row
from storage.stamps import in_sum, new_stamp


@dataclass(frozen=True, slots=True)
class KeptLogs:
    """The logs of a conversation with the stamps that their rows had.

    Attributes:
        stamps: By log id.
        total: What is in the sum of all of them.
        newest: None that is greater has been seen, but by a clock that is ahead of ours.
    """

    logs: Logs = field(default_factory=Logs)
    stamps: Mapping[str, int] = field(default_factory=dict)
    total: int = 0
    newest: int = 0

    @property
    def sum(self) -> tuple[int, int]:
        """What the database says of its logs if they are these; as in `Stamps`."""
        return len(self.stamps), self.total

    def with_rows(self, found: Iterable[Row]) -> "KeptLogs":
        """The same, with these rows in the places of those of their ids."""
        changed = [row for row in found if self.stamps.get(row["uri"]) != row["stamp"]]
        stamps, total, newest = dict(self.stamps), self.total, self.newest
        for row in changed:
            uri, stamp = row["uri"], row["stamp"]
            total += in_sum(stamp) - in_sum(stamps.get(uri, 0))
            newest = max(newest, stamp)
            stamps[uri] = stamp
        logs = self.logs.with_changed([rows.known_log(row) for row in changed])
        return KeptLogs(logs, stamps, total, min(newest, new_stamp()))
