"""What was done about rules, newest first."""

from dataclasses import dataclass
from datetime import datetime

from storage import audit
from storage.times import from_ms


@dataclass(frozen=True, slots=True)
class RuleDeed:
    """A row of the audit log about rules.

    Attributes:
        about: A rule, a list, or a domain that is blocked.
        detail: JSON, or the reason of a block.
    """

    number: int
    at: datetime
    who: str
    face: str
    act: str
    about: str
    detail: str


async def list_rule_deeds(*, before: int, limit: int) -> tuple[RuleDeed, ...]:
    """Some of them, from a number down."""
    return tuple(
        RuleDeed(
            row["n"],
            from_ms(row["at"]),
            row["who"],
            row["face"],
            row["act"],
            row["about"],
            row["detail"],
        )
        for row in await audit.listed_of_policy(before=before, limit=limit)
    )
