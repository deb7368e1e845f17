"""A database with deliveries in it, made by plain inserts."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage import database, migrate, peers
from storage.delivery_claims import Claimed
from storage.delivery_queue import Lane, Settled, Settlement, Take, Turn, turn
from storage.times import to_ms
from tests.support.mold import url_of

NOW = datetime(2026, 9, 3, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ALICE = "https://alpha.example/u/alice"
BOB = "bob.example"


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[None]:
    """A database at this URL with its tables."""
    async with database.opened(url):
        await migrate.apply("0" * 32)
        yield


def sqlite_url(folder: Path) -> str:
    """A database file in this folder."""
    return url_of(folder / "queue.db")


async def person(name: str, host: str = BOB, *, shared_inbox: str = "") -> str:
    """Somebody on another host, whose inbox is known."""
    uri = f"https://{host}/u/{name}"
    async with database.transaction():
        await database.insert_many(
            "actor",
            ("uri", "host", "local", "kind", "inbox", "shared_inbox", "created_at"),
            [(uri, host, False, "person", f"{uri}/inbox", shared_inbox, 0)],
            conflict="ON CONFLICT DO NOTHING",
        )
    return uri


async def account(state: str = "active") -> None:
    """The account of whose messages all rows are, in this state from here on."""
    await database.run("DELETE FROM account WHERE actor_uri = $1", ALICE)
    columns = ("name", "actor_uri", "role", "state", "created_at")
    await database.insert_many("account", columns, [("alice", ALICE, "member", state, 0)])


# Each parameter names one column that a test is about.
async def owe(  # noqa: PLR0913
    row_id: str,
    *,
    host: str = BOB,
    conversation_id: str = "",
    object_uri: str = "",
    target: str = "",
    recipients: str = "",
    aware: bool = False,
    message_id: str = "",
    survives: bool = False,
    at: datetime = NOW,
    due_at: datetime | None = None,
) -> None:
    """One row, its activity, and its lane made due, as a commit of a message leaves them."""
    activity_id, whom = f"{ALICE}/a/{row_id}", f"https://{host}/u/bob"
    columns = (
        *("id", "activity_id", "actor_uri", "host", "target", "recipients", "conversation_id"),
        *("object_uri", "aware", "message_id", "survives", "due_at", "created_at"),
    )
    row = (
        *(row_id, activity_id, ALICE, host, target or whom, recipients or f'["{whom}"]'),
        *(conversation_id, object_uri, aware, message_id, survives),
        *(to_ms(due_at or at), to_ms(at)),
    )
    document = f'{{"id":"{activity_id}","published":"2026-09-03T12:00:00.000Z"}}'
    async with database.transaction():
        await database.insert_many(
            "activity",
            ("id", "actor_uri", "document", "created_at"),
            [(activity_id, ALICE, document, 0)],
        )
        await database.insert_many("delivery", columns, [row])
        lane = [(host, to_ms(at))]
        await database.insert_many("peer", ("host", "due_at"), lane, conflict=peers.MAKE_DUE)


async def take(token: str, *, at: datetime = NOW, wanted: int = 8) -> Lane | None:
    """Lease the lane that is due the longest."""
    (lane,) = await turn([Take(token, at, wanted)])
    return lane


async def taken(token: str, *, at: datetime = NOW, wanted: int = 8) -> Lane:
    """Lease the lane that is due the longest; there is one."""
    lane = await take(token, at=at, wanted=wanted)
    assert lane is not None
    return lane


async def settle(
    lane: Lane,
    state: Settlement = "delivered",
    *,
    at: datetime = NOW,
    due_at: datetime | None = None,
    wanted: int = 8,
) -> Lane | None:
    """Settle every row in hand alike and ask for more."""
    rows = tuple(Settled(row, state, 0, "", 0, due_at or row.due_at) for row in lane.rows)
    (following,) = await turn([Turn(lane.host, lane.token, at, lane.health, rows, wanted)])
    return following


def ids(rows: Iterable[Claimed]) -> list[str]:
    """The ids of rows, in their order."""
    return [row.id for row in rows]


async def states() -> dict[str, str]:
    """The state of every row by its id."""
    rows = await database.fetch("SELECT id, state FROM delivery")
    return {row["id"]: row["state"] for row in rows}


async def lane_due_at(host: str = BOB) -> datetime | None:
    """When somebody should look at a lane again."""
    (row,) = await database.fetch("SELECT due_at FROM peer WHERE host = $1", host)
    due_ms = row["due_at"]
    return None if due_ms is None else datetime.fromtimestamp(due_ms / 1000, UTC)
