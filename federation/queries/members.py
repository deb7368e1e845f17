"""Whom a person is shown in a conversation: who is in it, or who was when they went out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from federation.groups.membership import Standing
from federation.queries.messages import person_of
from federation.queries.views import MemberView
from storage.database import Row

_S = Standing

INSIDE: Final = frozenset({_S.JOINED, _S.JOINING})
ASKED: Final = frozenset({_S.INVITED, _S.REQUESTED})
OUT: Final = frozenset({_S.LEFT, _S.REMOVED, _S.BANNED, _S.CLOSED})
# Who is told nothing of what became of a group; a closed one stays as it was for all.
GONE: Final = frozenset({_S.LEFT, _S.REMOVED, _S.BANNED, _S.REFUSED})


def members_of(
    mine: Row,
    rows: Sequence[Row],
    spans: Sequence[Row],
    untaken: Mapping[tuple[str, str], str] = MappingProxyType({}),
) -> tuple[MemberView, ...]:
    """The people of a conversation as one of them is shown them; no pictures before a yes.

    Args:
        mine: The conversation as that person has it.
        rows: Everybody who has or had to do with it.
        spans: The epochs in which they were members, where the person is out.
        untaken: Why servers do not take invitations, by the invitation and whom it is for.
    """
    shown = _shown_to(mine, rows, spans, untaken)
    if mine["state"] not in ASKED:
        return shown
    return tuple([replace(one, person=replace(one.person, icon="")) for one in shown])


def invitations_of(people: Collection[str], rows: Sequence[Row]) -> frozenset[str]:
    """The open invitations of these people to somebody, by whom they may ask what became of it."""
    return frozenset(
        row["invitation_id"] for row in rows if row["state"] in ASKED and row["inviter"] in people
    )


def _shown_to(
    mine: Row,
    rows: Sequence[Row],
    spans: Sequence[Row],
    untaken: Mapping[tuple[str, str], str],
) -> tuple[MemberView, ...]:
    if mine["kind"] == "direct":
        return tuple([_member(row, _S.JOINED) for row in rows])
    if mine["state"] in OUT | GONE:
        then = _members_then(mine, spans)
        return tuple([_member(row, _S.JOINED) for row in rows if row["actor_uri"] in then])
    inside = [row for row in rows if row["state"] in INSIDE | ASKED]
    return tuple([_member(row, _said(row), _refusal(mine, row, untaken)) for row in inside])


def _refusal(mine: Row, row: Row, untaken: Mapping[tuple[str, str], str]) -> str:
    # What another's server says to an inviter is for the inviter.
    if row["state"] not in ASKED or row["inviter"] != mine["person"]:
        return ""
    return untaken.get((row["invitation_id"], row["actor_uri"]), "")


def _said(row: Row) -> Standing:
    # Whether somebody takes the inviter for a stranger is theirs alone.
    return _S.INVITED if row["state"] in ASKED else Standing(row["state"])


def _members_then(mine: Row, spans: Sequence[Row]) -> frozenset[str]:
    """Who was a member in the last epoch of a person who is out: later ones are not told.

    Whoever left was one until home removed them, and has seen nothing of what came between.
    """
    ends = [span["to_epoch"] for span in spans if span["actor_uri"] == mine["person"]]
    if not ends:
        return frozenset({mine["person"]})
    last = mine["epoch"] if None in ends else min(mine["epoch"], max(ends) - 1)
    return frozenset(span["actor_uri"] for span in spans if _covers(span, last))


def _covers(span: Row, epoch: int) -> bool:
    return span["from_epoch"] <= epoch and (span["to_epoch"] is None or epoch < span["to_epoch"])


def _member(row: Row, state: Standing, refusal: str = "") -> MemberView:
    return MemberView(
        person=person_of(row, row["actor_uri"]),
        role=row["role"],
        state=state.value,
        aware=bool(row["aware"]),
        software="" if row["aware"] else row["software"],
        refusal=refusal,
    )
