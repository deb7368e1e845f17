"""The conversations a person has a place in: nobody sees another's, and an asked one no message."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import msgspec

from federation.groups.membership import Standing
from federation.pipeline.rows import known_log
from federation.queries.drafts import draft_files, draft_view
from federation.queries.members import ASKED, GONE, INSIDE, OUT, invitations_of, members_of
from federation.queries.messages import Shelf, person_of, shelf
from federation.queries.parted import departures, parted_by_rules
from federation.queries.views import (
    ConversationView,
    GapView,
    PersonView,
    PreferencesView,
    RequestView,
)
from storage import conversation_lists, deliveries, kept_out, logs, memberships, requests
from storage.database import Row, together
from storage.kept_out import KeptOut
from storage.times import from_ms, from_ms_or_none

_S = Standing

# What each filter of a list means; without one, everything that was not declined.
FILTERS: Final[Mapping[str, frozenset[Standing]]] = {
    "": INSIDE | ASKED | OUT,
    "joined": INSIDE,
    "invited": frozenset({_S.INVITED}),
    "requests": frozenset({_S.REQUESTED}),
    "left": OUT,
}


@dataclass(frozen=True, slots=True)
class _People:
    """Who has to do with some conversations, and the epochs in which they were members."""

    rows: Mapping[str, Sequence[Row]]
    spans: Mapping[str, Sequence[Row]]
    asked: Mapping[tuple[str, str], Sequence[Row]]
    missing: Mapping[str, Sequence[Row]]
    untaken: Mapping[tuple[str, str], str]
    kept_out: Mapping[str, KeptOut]

    def of(self, row: Row) -> Sequence[Row]:
        """Who has to do with the conversation of a row."""
        return self.rows.get(row["id"], ())


@together
async def list_conversations(
    person: str, states: frozenset[Standing], *, before: str, limit: int
) -> tuple[ConversationView, ...]:
    """A person's conversations in these states, newest first.

    Args:
        person: Who looks.
        states: Values of `FILTERS`.
        before: The id of the last one seen, or "".
        limit: How many at most.
    """
    words = sorted(state.value for state in states)
    rows = await conversation_lists.listed(person, words, before=before, limit=limit)
    return await _views(rows)


@together
async def find_conversation(person: str, conversation_id: str) -> ConversationView | None:
    """One conversation as this person sees it; None where they have no place in it."""
    rows = await conversation_lists.of_people([person], [conversation_id])
    found = await _views(rows)
    return found[0] if found else None


@together
async def views_for(
    wanted: Collection[tuple[str, str]],
) -> dict[tuple[str, str], ConversationView]:
    """Conversations by person and id, for who has a place in them."""
    if not wanted:
        return {}
    people, ids = ({key[side] for key in wanted} for side in (0, 1))
    rows = await conversation_lists.of_people(sorted(people), sorted(ids))
    rows = [row for row in rows if (row["person"], row["id"]) in wanted]
    views = await _views(rows)
    return {(row["person"], row["id"]): view for row, view in zip(rows, views, strict=True)}


async def _views(rows: Sequence[Row]) -> tuple[ConversationView, ...]:
    if not rows:
        return ()
    people = await _people(rows)
    shown = {row["last_message_id"] for row in rows} - {""}
    messages = await shelf(shown, {row["person"] for row in rows})
    files = await draft_files(rows)
    return tuple([_with_draft(_view(row, people, messages), row, files) for row in rows])


def _with_draft(view: ConversationView, row: Row, files: Mapping[str, Row]) -> ConversationView:
    updated_at = from_ms_or_none(row["draft_updated_at"])
    return replace(view, draft=draft_view(row, files), draft_updated_at=updated_at)


async def _people(rows: Sequence[Row]) -> _People:
    ids = sorted({row["id"] for row in rows})
    people: dict[str, list[Row]] = defaultdict(list)
    for row in await conversation_lists.people_of(ids):
        people[row["conversation_id"]].append(row)
    ended = sorted({row["id"] for row in rows if row["state"] in OUT | GONE})
    spans: dict[str, list[Row]] = defaultdict(list)
    for row in await memberships.spans(ended) if ended else []:
        spans[row["conversation_id"]].append(row)
    asked: dict[tuple[str, str], list[Row]] = defaultdict(list)
    viewers = sorted({row["person"] for row in rows})
    for row in await requests.shown(ids, viewers):
        asked[row["person"], row["conversation_id"]].append(row)
    missing: dict[str, list[Row]] = defaultdict(list)
    for row in await logs.missing(ids):
        missing[row["conversation_id"]].append(row)
    told = {one.host: one for one in await kept_out.told()}
    return _People(people, spans, asked, missing, await _untaken(viewers, people.values()), told)


async def _untaken(
    viewers: Collection[str], people: Iterable[Sequence[Row]]
) -> dict[tuple[str, str], str]:
    """Why servers do not take what these people ask, by the invitation and whom it is for."""
    invitations = invitations_of(viewers, [row for rows in people for row in rows])
    return {
        (one.activity_id, person): one.reason
        for one in await deliveries.untaken(invitations)
        for person in one.recipients
    }


def _view(row: Row, people: _People, messages: Shelf) -> ConversationView:
    state = row["state"]
    if row["closed_at"] is not None and state in INSIDE | ASKED:
        state = _S.CLOSED.value
    group = _group(row)
    asked = people.asked.get((row["person"], row["id"]), ())
    waits = state == _S.JOINING or any(one["state"] == "waiting" for one in asked)
    return ConversationView(
        id=row["id"],
        uri=row["uri"] or "",
        kind=row["kind"],
        title=row["title"],
        epoch=row["epoch"],
        role=row["role"],
        state=state,
        unread=row["unread"],
        members=members_of(
            row,
            people.of(row),
            people.spans.get(row["id"], ()),
            people.untaken,
        ),
        inviter=_inviter(row),
        preferences=_preferences(row),
        last_message=messages.view(row["last_message_id"], row["person"]),
        settings=group.get("settings", {}),
        icon=group.get("icon") or "",
        successors=_successors(group, people.of(row)) if state in INSIDE else (),
        outcasts=_outcasts(people.of(row)) if state in INSIDE else (),
        waiting_for=row["home_host"] if waits else "",
        requests=tuple([_request(one) for one in asked]),
        home_gone_at=from_ms_or_none(row["gone_at"]),
        moved_to="" if row["state"] in GONE else row["moved_to"],
        is_disputed=bool(row["disputed"]),
        gaps=_gaps(row["id"], people) if state in INSIDE else (),
        departures=departures(row, people.of(row)) if state in INSIDE else (),
        kept_out=parted_by_rules(row, people.of(row), people.kept_out),
    )


def _preferences(row: Row) -> PreferencesView:
    return PreferencesView(
        is_pinned=row["pinned_at"] is not None,
        is_archived=bool(row["archived"]),
        is_unread=bool(row["marked_unread"]),
        is_muted=row["muted_at"] is not None,
        muted_until=from_ms_or_none(row["muted_until"]),
        mutes_mentions=bool(row["mutes_mentions"]),
    )


def _group(row: Row) -> Mapping[str, Any]:
    """The group's state, or what an invitation shows; nothing for who is out."""
    if row["state"] in GONE:
        return {}
    if row["group_state"]:
        return dict(msgspec.json.decode(row["group_state"]))
    return {"settings": msgspec.json.decode(row["shown_settings"] or "{}")}


def _gaps(conversation_id: str, people: _People) -> tuple[GapView, ...]:
    known = {row["actor_uri"]: row for row in people.rows.get(conversation_id, ())}
    return tuple(
        [
            GapView(
                person=person_of(known[row["author_uri"]], row["author_uri"]),
                count=sum(last - first + 1 for first, last in known_log(row).missing()),
                since=from_ms(row["missing_since"] or row["moved_at"]),
                is_hidden=bool(row["is_hidden"]),
            )
            for row in people.missing.get(conversation_id, ())
            if row["author_uri"] in known
        ]
    )


def _request(row: Row) -> RequestView:
    subject = f"{row['username']}@{row['domain']}" if row["domain"] else row["subject"]
    return RequestView(row["wish"], subject, row["state"], row["notice"])


def _successors(group: Mapping[str, Sequence[str]], rows: Sequence[Row]) -> tuple[str, ...]:
    handles = {row["actor_uri"]: person_of(row, row["actor_uri"]).acct for row in rows}
    return tuple([handles.get(uri) or uri for uri in group.get("successors", ())])


def _outcasts(rows: Sequence[Row]) -> tuple[PersonView, ...]:
    return tuple([person_of(row, row["actor_uri"]) for row in rows if row["state"] == _S.BANNED])


def _inviter(row: Row) -> PersonView | None:
    if row["state"] not in ASKED or not row["inviter"]:
        return None
    return person_of(row, row["inviter"], prefix="inviter_")
