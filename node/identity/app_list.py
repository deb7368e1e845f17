"""A person sees which apps they have let in, and ends what they do not want any more."""

from dataclasses import dataclass, replace
from datetime import datetime

from node.identity.scopes import parse_scopes
from storage import consents
from storage.apps import DOCUMENT
from storage.consents import Use


@dataclass(frozen=True, slots=True)
class LetIn:
    """An app that somebody has let in.

    Attributes:
        id: Names it, and opens nothing.
        client_id: What it calls itself here.
        is_document: Whether its client id is an address that speaks for it.
        scopes: All that it may do.
        since: When it was first let in.
        used_at: When it last did something, to the hour, or None.
    """

    id: str
    client_id: str
    is_document: bool
    name: str
    website: str
    scopes: frozenset[str]
    since: datetime
    used_at: datetime | None


async def list_apps(account: str, now: datetime) -> tuple[LetIn, ...]:
    """The apps that can act for a person, the last let in first."""
    found: dict[str, LetIn] = {}
    for use in await consents.uses_of(account, now):
        one = _let_in(use)
        before = found.get(one.id)
        found[one.id] = one if before is None else _both(before, one)
    return tuple(sorted(found.values(), key=lambda one: one.since, reverse=True))


async def end_app(account: str, app_number: str, now: datetime) -> bool:
    """Let an app act for a person no more; whether it did."""
    for one in await list_apps(account, now):
        if one.id == app_number:
            await consents.end_of_app(account, one.client_id)
            return True
    return False


def _let_in(use: Use) -> LetIn:
    return LetIn(
        id=str(use.number),
        client_id=use.app_id,
        is_document=use.kind == DOCUMENT,
        name=use.name,
        website=use.website,
        scopes=parse_scopes(use.scope) or frozenset(),
        since=use.created_at,
        used_at=use.used_at,
    )


def _both(one: LetIn, other: LetIn) -> LetIn:
    used = [each.used_at for each in (one, other) if each.used_at is not None]
    return replace(
        one,
        scopes=one.scopes | other.scopes,
        since=min(one.since, other.since),
        used_at=max(used) if used else None,
    )
