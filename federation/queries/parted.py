"""PURE: who is out of a conversation for good, and which servers a rule has parted from it."""

from collections.abc import Mapping, Sequence

from federation.queries.members import ASKED, INSIDE, OUT
from federation.queries.messages import person_of
from federation.queries.views import DepartureView, KeptOutView
from storage.database import Row
from storage.kept_out import KeptOut
from storage.times import from_ms


def departures(mine: Row, rows: Sequence[Row]) -> tuple[DepartureView, ...]:
    """Whose accounts have ended or moved; whoever had left before that is not meant."""
    views = [
        DepartureView(
            person=person_of(row, row["actor_uri"]),
            moved_to=person_of(row, row["new_uri"], prefix="new_") if row["new_uri"] else None,
            at=from_ms(row["deleted_at"] or row["moved_at"]),
        )
        for row in rows
        if _has_departed(row, mine["kind"])
    ]
    return tuple(sorted(views, key=lambda view: view.at))


def _has_departed(row: Row, kind: str) -> bool:
    if row["new_uri"]:
        return row["state"] in INSIDE
    if row["deleted_at"] is None:
        return False
    was_in = row["state"] in OUT and row["updated_at"] >= row["deleted_at"]
    return kind == "direct" or was_in


def parted_by_rules(
    mine: Row, rows: Sequence[Row], kept_out: Mapping[str, KeptOut]
) -> tuple[KeptOutView, ...]:
    """Servers that a rule has parted from it; whoever had left before that is not meant.

    Args:
        mine: The conversation as somebody has it.
        rows: Who has to do with it.
        kept_out: The servers of which people are told, by name.
    """
    if not kept_out or mine["state"] in ASKED:
        return ()
    hosts = {mine["home_host"], *(row["host"] for row in rows if _is_parted(row, kept_out))}
    found = [kept_out[host] for host in hosts if host in kept_out]
    views = [KeptOutView(one.host, one.since, one.public_reason or None) for one in found]
    return tuple(sorted(views, key=lambda view: (view.since, view.host)))


def _is_parted(row: Row, kept_out: Mapping[str, KeptOut]) -> bool:
    one = kept_out.get(row["host"])
    if one is None or row["state"] in INSIDE | ASKED:
        return one is not None
    return row["state"] in OUT and from_ms(row["updated_at"]) >= one.since
