"""Every actor this node has met, its own and others', and where each is reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

import msgspec

from storage.database import fetch, insert_many, run, transaction
from storage.dialect import Row
from storage.stamps import stamp_person
from storage.times import from_ms_or_none, to_ms

ACTIVE: Final = "active"
SUSPENDED: Final = "suspended"
DELETED: Final = "deleted"

Kind = Literal["person", "conversation", "server"]

# Without the document, which is long.
_FOUND: Final = """
SELECT uri, host, local, kind, type, username, domain, name, icon, inbox, shared_inbox, followers,
    outbox, aware, state, fetched_at
FROM actor
"""

# The actors with these ids.
BY_URI: Final = f"{_FOUND} WHERE uri = ANY($1)"

# One row, since a message to a large group asks for 1,000 of them.
HANDLES: Final = """
SELECT json_object_agg(uri, username || '@' || domain) AS handles
FROM unnest($1::text[]) AS named(value) CROSS JOIN actor
WHERE actor.uri = named.value AND kind = 'person'
"""

# The actor with this handle, our own first.
BY_HANDLE: Final = f"""{_FOUND}
WHERE username = $1 AND domain = $2 ORDER BY local DESC, created_at LIMIT 1
"""

# Active people of this node whose name on the wire or on display begins like this.
LOCAL_PEOPLE: Final = f"""{_FOUND}
WHERE local AND kind = 'person' AND state = 'active'
    AND (username LIKE $1 ESCAPE '!' OR lower(name) LIKE $1 ESCAPE '!')
ORDER BY username LIMIT $2
"""

# Active people elsewhere who are in a conversation with somebody, or whom they follow.
MET_PEOPLE: Final = """
SELECT uri, host, local, kind, type, username, domain, name, icon, inbox, shared_inbox, followers,
    outbox, aware, state, fetched_at
FROM actor
WHERE uri IN (
    SELECT theirs.actor_uri FROM membership AS mine
    JOIN membership AS theirs ON theirs.conversation_id = mine.conversation_id
    WHERE mine.actor_uri = $3 AND mine.state = 'joined' AND theirs.state = 'joined'
    UNION SELECT followed FROM follow WHERE follower = $3 AND state = 'accepted'
) AND NOT local AND kind = 'person' AND state = 'active'
    AND (lower(username) LIKE $1 ESCAPE '!' OR lower(name) LIKE $1 ESCAPE '!')
ORDER BY username, uri LIMIT $2
"""

# The document of a remote actor, as it came.
DOCUMENT: Final = "SELECT document FROM actor WHERE uri = $1"

# A handle that WebFinger has confirmed.
SET_HANDLE: Final = "UPDATE actor SET username = $2, domain = $3 WHERE uri = $1 AND NOT local"

SET_STATE: Final = "UPDATE actor SET state = $2 WHERE uri = $1"

# SECURITY: aware stays true once it was (groups-protocol.md 1.2), and no remote document touches
# an actor of ours; test_awareness_is_sticky, test_a_remote_document_never_replaces_one_of_ours.
PUT_REMOTE: Final = """ON CONFLICT (uri) DO UPDATE SET
    kind = EXCLUDED.kind, type = EXCLUDED.type, username = EXCLUDED.username,
    domain = EXCLUDED.domain, name = EXCLUDED.name, icon = EXCLUDED.icon, inbox = EXCLUDED.inbox,
    shared_inbox = EXCLUDED.shared_inbox, followers = EXCLUDED.followers,
    outbox = EXCLUDED.outbox, aware = (actor.aware OR EXCLUDED.aware),
    document = EXCLUDED.document, fetched_at = EXCLUDED.fetched_at, gone_days = 0, gone_at = NULL
WHERE NOT actor.local AND actor.state <> 'deleted'"""

_PUT_COLUMNS: Final = (
    *("uri", "host", "local", "kind", "type", "username", "domain", "name", "icon", "inbox"),
    *("shared_inbox", "followers", "outbox", "aware", "state", "document", "fetched_at"),
    "created_at",
)


@dataclass(frozen=True, slots=True)
class StoredActor:
    """An actor as last seen.

    Attributes:
        host: The host of its id: the name of its lane.
        domain: What stands behind the @ in its handle.
        icon: The URL of its picture, or "".
        inbox: "" for an actor of ours; so are all that follow but `aware`, `state`.
        shared_inbox: "" if it has none.
        aware: Whether its node has ever spoken our group protocol.
        fetched_at: When its document was last fetched; None for an actor of ours.
    """

    uri: str
    host: str
    local: bool
    kind: Kind
    type: str
    username: str
    domain: str
    name: str
    icon: str
    inbox: str
    shared_inbox: str
    followers: str
    outbox: str
    aware: bool
    state: str
    fetched_at: datetime | None


@dataclass(frozen=True, slots=True)
class RemoteProfile:
    """What a remote actor's document says, ready to be stored.

    Attributes:
        icon: The URL of its picture in canonical form, or "".
        document: The JSON text as it came.
    """

    uri: str
    host: str
    kind: Kind
    type: str
    username: str
    domain: str
    name: str
    inbox: str
    shared_inbox: str
    followers: str
    outbox: str
    aware: bool
    document: str
    icon: str = ""


async def find_actor(uri: str) -> StoredActor | None:
    """The actor with this id, whatever its state."""
    return (await find_actors((uri,))).get(uri)


async def find_actors(uris: Sequence[str]) -> dict[str, StoredActor]:
    """The actors with these ids, by id; those we never met are missing."""
    return {row["uri"]: _actor(row) for row in await rows_of(uris)}


async def rows_of(uris: Sequence[str]) -> list[Row]:
    """The actors with these ids as rows, of which a message to a large group asks for many."""
    return await fetch(BY_URI, list(uris))


async def handles_of(people: Sequence[str]) -> dict[str, str]:
    """The handles of those of these actors who are people, by id."""
    (row,) = await fetch(HANDLES, list(people))
    return msgspec.json.decode(row["handles"] or "{}", type=dict[str, str])


async def find_actor_by_handle(username: str, domain: str) -> StoredActor | None:
    """The actor that is shown as @username@domain."""
    rows = await fetch(BY_HANDLE, username, domain)
    return _actor(rows[0]) if rows else None


async def list_local_people(prefix: str, *, limit: int) -> tuple[StoredActor, ...]:
    """Active people of this node whose handle or name begins with `prefix`, by handle."""
    return tuple([_actor(row) for row in await fetch(LOCAL_PEOPLE, _beginning(prefix), limit)])


async def list_met_people(prefix: str, person: str, *, limit: int) -> tuple[StoredActor, ...]:
    """People elsewhere whose handle or name begins with `prefix`, and whom a person has met.

    They share a conversation that both are in, or the person follows them.
    """
    rows = await fetch(MET_PEOPLE, _beginning(prefix), limit, person)
    return tuple(map(_actor, rows))


def _beginning(prefix: str) -> str:
    """The pattern of what begins so, in lower case."""
    folded = prefix.lower()
    return "".join(f"!{letter}" if letter in "!%_" else letter for letter in folded) + "%"


async def find_document(uri: str) -> str | None:
    """The JSON text of a remote actor as it came; "" for an actor of ours."""
    rows = await fetch(DOCUMENT, uri)
    return str(rows[0]["document"]) if rows else None


async def put_remote_actor(profile: RemoteProfile, at: datetime) -> None:
    """Store what an actor's origin says of it; awareness once seen stays.

    Args:
        profile: What its newest document says.
        at: When that was fetched.
    """
    p = profile
    row = (
        *(p.uri, p.host, False, p.kind, p.type, p.username, p.domain, p.name, p.icon),
        *(p.inbox, p.shared_inbox, p.followers, p.outbox, p.aware, ACTIVE, p.document, to_ms(at)),
        to_ms(at),
    )
    async with transaction():
        await insert_many("actor", _PUT_COLUMNS, [row], conflict=PUT_REMOTE)
        await stamp_person(p.uri)


async def set_handle(uri: str, username: str, domain: str) -> None:
    """Show a remote actor as @username@domain, which WebFinger has confirmed both ways."""
    async with transaction():
        await run(SET_HANDLE, uri, username, domain)
        await stamp_person(uri)


async def set_actor_state(uri: str, state: str) -> None:
    """Mark an actor as active, suspended or deleted."""
    async with transaction():
        await run(SET_STATE, uri, state)
        await stamp_person(uri)


def _actor(row: Row) -> StoredActor:
    return StoredActor(
        uri=row["uri"],
        host=row["host"],
        local=bool(row["local"]),
        kind=row["kind"],
        type=row["type"],
        username=row["username"],
        domain=row["domain"],
        name=row["name"],
        icon=row["icon"],
        inbox=row["inbox"],
        shared_inbox=row["shared_inbox"],
        followers=row["followers"],
        outbox=row["outbox"],
        aware=bool(row["aware"]),
        state=row["state"],
        fetched_at=from_ms_or_none(row["fetched_at"]),
    )
