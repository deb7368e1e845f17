"""Groups of any size in a node's database, made by plain inserts."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import msgspec

from federation.groups.chain import with_role
from federation.groups.state import MEMBER, GroupState
from federation.protocol.build.note import EXPLICIT_MEMBERS_MAX
from storage import database, dialect
from storage.times import to_ms
from tests.support.live_node import LiveNode
from tests.support.person import Person, Room

ACTORS = (
    *("uri", "host", "local", "kind", "type", "username", "domain", "inbox", "shared_inbox"),
    *("aware", "fetched_at", "created_at"),
)
MEMBERSHIPS = ("conversation_id", "actor_uri", "local", "role", "state", "updated_at")
SPANS = ("conversation_id", "actor_uri", "from_epoch")
MESSAGES = (
    *("id", "uri", "conversation_id", "author_uri", "activity_id", "type", "published_at", "t"),
    *("arrived_at", "epoch", "media_type", "html", "text", "provenance"),
    "addressed_to",
)
LOGS = (
    *("uri", "conversation_id", "author_uri", "local", "head", "last_entry_id", "moved_at"),
    *("complete_to", "heard"),
)
RECIPIENTS = ("message_id", "actor_uri", "conversation_id", "folder")


async def fill(node: LiveNode, room: Room, hosts: Sequence[str], *, members: int) -> None:
    """Make the group have so many members, the others aware and spread over hosts."""
    (row,) = await node.rows("SELECT id, state FROM conversation WHERE uri = $1", room.uri)
    place = row["id"]
    now = to_ms(node.clock.now())
    state = GroupState.from_json(msgspec.json.decode(row["state"]))
    people = [
        (f"https://{hosts[number % len(hosts)]}/u/p{number}", hosts[number % len(hosts)], number)
        for number in range(members - 1)
    ]
    for uri, _, _ in people:
        state = with_role(state, uri, MEMBER)
    actors = [
        (
            *(uri, host, False, "person", "Person", f"p{number}", host),
            *(f"{uri}/inbox", f"https://{host}/inbox", True, now, now),
        )
        for uri, host, number in people
    ]
    memberships = [(place, uri, False, MEMBER, "joined", now) for uri, _, _ in people]
    spans = [(place, uri, number + 2) for number, (uri, _, _) in enumerate(people)]

    async def write() -> None:
        async with database.transaction():
            await _insert("actor", ACTORS, actors)
            await _insert("membership", MEMBERSHIPS, memberships)
            await _insert("member_span", SPANS, spans)
            await database.run(
                "UPDATE conversation SET state = $1, epoch = $2, state_hash = $3 WHERE id = $4",
                msgspec.json.encode(state.to_json()).decode(),
                *(state.epoch, state.hash, place),
            )

    await node.inside(write())


async def talk(node: LiveNode, founder: Person, room: Room, *, messages: int) -> None:
    """Let the members have written so many messages in turn, the newest an hour ago."""
    (row,) = await node.rows("SELECT id, epoch FROM conversation WHERE uri = $1", room.uri)
    authors = [
        each["actor_uri"]
        for each in await node.rows(
            "SELECT actor_uri FROM membership WHERE conversation_id = $1", row["id"]
        )
    ]
    # A large group names itself alone.
    is_compact = len(authors) > EXPLICIT_MEMBERS_MAX
    named = msgspec.json.encode([*([] if is_compact else authors), room.uri]).decode()
    place, first = row["id"], node.clock.now() - timedelta(hours=1, seconds=messages)

    def one(number: int) -> tuple[dialect.Value, ...]:
        at = to_ms(first + timedelta(seconds=number))
        author = authors[number % len(authors)]
        uri = f"{author}/n/{place}{number}"
        text = f"message {number}"
        return (
            *(f"{place[:18]}{number:08}", uri, place, author, f"{uri}/create", "Note"),
            *(at, at, at, row["epoch"], "text/markdown", f"<p>{text}</p>", text, "verified"),
            named,
        )

    rows = [one(number) for number in range(messages)]
    said = Counter(authors[number % len(authors)] for number in range(messages))
    # The founder's own log is opened by their first post.
    written = [
        (f"{author}/log/{place}", place, author, False, n, f"{author}/n/last", rows[-1][7], n, n)
        for author, n in said.items()
        if author != founder.uri
    ]
    read = [(each[0], founder.uri, place, "inbox") for each in rows]

    async def write() -> None:
        async with database.transaction():
            await _insert("message", MESSAGES, rows)
            await _insert("recipient", RECIPIENTS, read)
            await _insert("author_log", LOGS, written)
            await database.run(
                "UPDATE conversation SET newest_t = $1, last_message_id = $2 WHERE id = $3",
                *(rows[-1][6], rows[-1][0], place),
            )

    await node.inside(write())


async def _insert(
    table: str, columns: tuple[str, ...], rows: Sequence[Sequence[dialect.Value]]
) -> None:
    await database.insert_many(table, columns, rows, conflict="ON CONFLICT DO NOTHING")
