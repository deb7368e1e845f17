"""What was done to run this node, newest first, and whether each row is as it was written."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from storage import actors, audit
from storage.database import Row
from storage.times import from_ms

# Before this one stands every row.
FIRST: Final = 2**62


@dataclass(frozen=True, slots=True)
class DeedView:
    """A row of the audit log.

    Attributes:
        who: The id of a person; "" at the machine itself.
        is_intact: False for a row that was changed, or whose predecessor is not there.
    """

    number: int
    at: datetime
    who: str
    face: str
    act: str
    about: str
    detail: str
    hash: str
    is_intact: bool


@dataclass(frozen=True, slots=True)
class DeedLine:
    """A deed as it is told beside what it is about.

    Attributes:
        who: The handle or id of a person; "" at the machine itself.
    """

    at: datetime
    who: str
    face: str
    act: str
    detail: str


async def deeds_about(about: str, acts: str, *, limit: int) -> tuple[DeedLine, ...]:
    """What was done about something, newest first.

    Args:
        about: A name, id or domain.
        acts: How the words of the acts begin, such as "account.".
        limit: How many at most.
    """
    rows = await audit.about(about, acts, limit=limit)
    people = await handles(sorted({row["who"] for row in rows} - {""}))
    return tuple(
        DeedLine(
            at=from_ms(row["at"]),
            who=people.get(row["who"], row["who"]),
            face=row["face"],
            act=row["act"],
            detail=row["detail"],
        )
        for row in rows
    )


async def handles(uris: list[str]) -> dict[str, str]:
    """Of people, by id, the handles that are known."""
    known = await actors.find_actors(uris) if uris else {}
    return {uri: f"{one.username}@{one.domain}" for uri, one in known.items()}


async def search_deeds(
    *, before: int, limit: int, acts: str = "", who: str = ""
) -> tuple[tuple[DeedView, ...], int | None]:
    """A page of the log, and the cursor of the page after this one.

    Args:
        before: Only rows with a smaller number.
        limit: How many at most.
        acts: How the words of the acts begin; "" for all.
        who: What is found in the id of who did it; "" for all.
    """
    rows = await audit.search(before=before, limit=limit + 1, acts=acts, who=who)
    shown = rows[:limit]
    earlier = await audit.ones_before(shown)
    views = tuple(_view(row, earlier.get(row["n"])) for row in shown)
    return views, views[-1].number if len(rows) > limit else None


async def list_deeds(*, before: int, limit: int) -> tuple[tuple[DeedView, ...], int | None]:
    """A page of the log, and the cursor of the page after this one."""
    rows = await audit.listed(before=before, limit=limit + 1)
    older = [*rows[1:], None]
    views = [_view(row, prev) for row, prev in zip(rows[:limit], older, strict=False)]
    return tuple(views), views[-1].number if len(rows) > limit else None


def _view(row: Row, earlier: Row | None) -> DeedView:
    return DeedView(
        number=row["n"],
        at=from_ms(row["at"]),
        who=row["who"],
        face=row["face"],
        act=row["act"],
        about=row["about"],
        detail=row["detail"],
        hash=row["hash"],
        is_intact=audit.is_intact(row, earlier),
    )
