"""Which rows of a lane may begin, in which order, and what is needed to send them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from storage.database import fetch, update_many
from storage.dialect import Row
from storage.times import from_ms, to_ms

WINDOW: Final = 16
"""Rows of a lane that are looked at for one claim."""

SHARED: Final = "shared"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A row whose request has begun, with what is needed to send it.

    Attributes:
        target: An actor's URI, or "shared".
        tries: How often in a row the last judgement was `reason`.
        inboxes: Where it goes, as known at this moment: one as a rule, none if unknown; several
            when the shared inbox of its recipients is gone.
        body: The exact bytes of the activity; empty if they are lost.
    """

    id: str
    activity_id: str
    actor_uri: str
    host: str
    target: str
    recipients: tuple[str, ...]
    conversation_id: str
    message_id: str
    aware: bool
    attempts: int
    tries: int
    reason: str
    due_at: datetime
    created_at: datetime
    inboxes: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Asking:
    """A lane whose holder takes at most `wanted` rows."""

    host: str
    token: str
    wanted: int


# The rows of these lanes that may begin, about 16 of each, oldest first. A row waits for an
# earlier one about the same object. It waits for one in flight of the same conversation where the
# host is not aware, and of the same target where there is no conversation.
MAY_BEGIN: Final = """
owed.host = lane.host AND owed.state = 'pending' AND owed.due_at <= $2
AND NOT EXISTS (
  SELECT 1 FROM delivery AS earlier WHERE owed.object_uri <> '' AND earlier.host = owed.host
  AND earlier.object_uri = owed.object_uri AND earlier.id < owed.id
  AND earlier.state IN ('pending', 'sending'))
AND NOT EXISTS (
  SELECT 1 FROM delivery AS busy WHERE busy.host = owed.host AND busy.state = 'sending'
  AND busy.conversation_id = owed.conversation_id
  AND ((owed.conversation_id <> '' AND NOT owed.aware)
    OR (owed.conversation_id = '' AND busy.target = owed.target)))
"""

CANDIDATES: Final = """
SELECT owed.id, owed.activity_id, owed.actor_uri, owed.host, owed.target, owed.recipients,
  owed.conversation_id, owed.message_id, owed.aware, owed.attempts, owed.tries, owed.reason,
  owed.due_at, owed.created_at
FROM peer AS lane CROSS JOIN delivery AS owed
WHERE lane.host = ANY($1) AND <may begin> AND owed.id <= COALESCE((
  SELECT owed.id FROM delivery AS owed WHERE <may begin> ORDER BY owed.id LIMIT 1 OFFSET $3
), '~')
FOR UPDATE OF owed
""".replace("<may begin>", MAY_BEGIN)


async def claim(lanes: Sequence[Asking], at: datetime) -> dict[str, tuple[Claimed, ...]]:
    """Begin the next rows of each lane; lanes without any are left out. Inside a transaction."""
    chosen: dict[str, list[Row]] = {}
    asking = {lane.host: lane for lane in lanes}
    while asking:
        found = await _candidates(list(asking), at)
        begun: list[tuple[str | int, ...]] = []
        for host, rows in found.items():
            mine = chosen.setdefault(host, [])
            firsts = _first_of_each_key(rows)[: asking[host].wanted - len(mine)]
            mine += firsts
            begun += [
                (row["id"], "sending", asking[host].token, row["attempts"] + 1) for row in firsts
            ]
        await update_many("delivery", ("id",), ("state", "claim", "attempts"), begun)
        # A window full of one conversation must not hide the others.
        asking = {
            host: lane
            for host, lane in asking.items()
            if len(found.get(host, ())) >= WINDOW and len(chosen[host]) < lane.wanted
        }
    return await _completed(chosen)


async def _candidates(hosts: list[str], at: datetime) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in await fetch(CANDIDATES, hosts, to_ms(at), WINDOW - 1):
        found.setdefault(row["host"], []).append(row)
    for rows in found.values():
        rows.sort(key=_id)
    return found


def _id(row: Row) -> str:
    return str(row["id"])


def _first_of_each_key(rows: Sequence[Row]) -> list[Row]:
    """What may begin together: of rows that need the order of arrival, only the first."""
    firsts: list[Row] = []
    keys: set[tuple[str, str]] = set()
    for row in rows:
        conversation_id = row["conversation_id"]
        if conversation_id and row["aware"]:
            firsts.append(row)
            continue
        key = (conversation_id, "" if conversation_id else row["target"])
        if key not in keys:
            keys.add(key)
            firsts.append(row)
    return firsts


# The bytes of these activities.
BODIES: Final = "SELECT id, document FROM activity WHERE id = ANY($1)"

# Where these actors receive.
INBOXES: Final = "SELECT uri, inbox, shared_inbox FROM actor WHERE uri = ANY($1)"


async def _completed(chosen: Mapping[str, Sequence[Row]]) -> dict[str, tuple[Claimed, ...]]:
    rows = [row for mine in chosen.values() for row in mine]
    if not rows:
        return {}
    activities = list({row["activity_id"] for row in rows})
    bodies = {row["id"]: row["document"].encode() for row in await fetch(BODIES, activities)}
    people = {row["id"]: _recipients(row["recipients"]) for row in rows}
    inboxes = await _inboxes({row["id"]: (row["target"], people[row["id"]]) for row in rows})
    return {
        host: tuple(
            _claimed(
                row, people[row["id"]], inboxes[row["id"]], bodies.get(row["activity_id"], b"")
            )
            for row in mine
        )
        for host, mine in chosen.items()
        if mine
    }


def _recipients(text: str) -> tuple[str, ...]:
    return msgspec.json.decode(text, type=tuple[str, ...])


async def _inboxes(
    targets: Mapping[str, tuple[str, tuple[str, ...]]],
) -> dict[str, tuple[str, ...]]:
    """Where each row goes, by its target and recipients."""
    wanted = {uri for target, people in targets.values() for uri in _named(target, people)}
    actors = {row["uri"]: row for row in await fetch(INBOXES, list(wanted))}
    return {
        key: _of_actors(target, [actors[uri] for uri in _named(target, people) if uri in actors])
        for key, (target, people) in targets.items()
    }


def _named(target: str, people: tuple[str, ...]) -> tuple[str, ...]:
    return people if target == SHARED else (target,)


def _of_actors(target: str, actors: Sequence[Row]) -> tuple[str, ...]:
    """The shared inbox if there is one, else everybody's own."""
    if target == SHARED:
        shared = next((row["shared_inbox"] for row in actors if row["shared_inbox"]), "")
        if shared:
            return (shared,)
    return tuple(dict.fromkeys(row["inbox"] for row in actors if row["inbox"]))


def _claimed(row: Row, people: tuple[str, ...], inboxes: tuple[str, ...], body: bytes) -> Claimed:
    return Claimed(
        id=row["id"],
        activity_id=row["activity_id"],
        actor_uri=row["actor_uri"],
        host=row["host"],
        target=row["target"],
        recipients=people,
        conversation_id=row["conversation_id"],
        message_id=row["message_id"],
        aware=bool(row["aware"]),
        attempts=row["attempts"] + 1,
        tries=row["tries"],
        reason=row["reason"],
        due_at=from_ms(row["due_at"]),
        created_at=from_ms(row["created_at"]),
        inboxes=inboxes,
        body=body,
    )


async def inboxes_of(target: str, recipients: tuple[str, ...]) -> tuple[str, ...]:
    """Where a row for this target goes as of this moment; empty if unknown."""
    return (await _inboxes({target: (target, recipients)}))[target]
