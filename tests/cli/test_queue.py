"""An operator reads why something has not arrived, tries it again, or gives it up."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import database
from storage.times import to_ms
from tests.cli.conftest import Covey
from tests.support.owed import owe

HOST = "gamma.test"
HOUR = timedelta(hours=1)


@pytest.fixture
def queue(node: Path) -> Callable[[Callable[[], Awaitable[None]]], None]:
    """Does something inside the database of the node."""

    def inside(action: Callable[[], Awaitable[None]]) -> None:
        async def whole() -> None:
            async with database.opened(f"sqlite://{node.parent}/covey.db"):
                await action()

        asyncio.run(whole())

    return inside


@pytest.fixture
def stuck(queue: Callable[[Callable[[], Awaitable[None]]], None]) -> None:
    """Three messages for a host that is down, one of them parked, and one entry parked here."""
    now = datetime.now(UTC)

    async def fill() -> None:
        for row_id in ("1", "2", "3"):
            await owe(row_id, host=HOST, at=now - HOUR, message_id=f"m{row_id}")
        await database.run("UPDATE delivery SET state = 'parked' WHERE id = '3'")
        await database.run(
            "UPDATE peer SET state = 'failing', step = 5, due_at = $1, failing_since = $2, "
            "last_error = 'it does not accept connections', heard_at = $2",
            to_ms(now + HOUR / 2),
            to_ms(now - HOUR),
        )
        columns = ("id", "actor_uri", "activity_id", "inbox", "body", "state", "reason", "attempts")
        entry = ("e", "https://b.test/u/bo", "https://b.test/a/1", "x", b"{}", "parked", "a bug", 5)
        at = to_ms(now)
        await database.insert_many(
            "inbox_entry", (*columns, "due_at", "received_at"), [(*entry, at, at)]
        )

    queue(fill)


@pytest.mark.usefixtures("stuck")
def test_the_status_says_in_a_sentence_what_holds_a_server_up(covey: Covey, node: Path) -> None:
    ended = covey("queue", "status", "--config", node)
    told = json.loads(covey("queue", "status", "--json", "--config", node).out)

    sentence = next(line for line in ended.out.splitlines() if HOST in line)
    assert sentence.startswith(f"waiting for {HOST} since ")
    assert "it does not accept connections; next try in 30 min (step 5 of the back-off)" in sentence
    assert sentence.endswith("; 1 parked besides")
    assert "inbox: 1 failed five times and parked" in ended.out
    assert "is parked: a bug" in ended.out
    (host,) = told["hosts"]
    assert (host["host"], host["waiting"], host["parked"]) == (HOST, 2, 1)
    assert host["why"] == sentence
    assert (told["rows"], told["inbox"]["parked"]["rows"]) == ({"parked": 1, "pending": 2}, 1)


def test_an_empty_queue_says_so(covey: Covey, node: Path) -> None:
    assert covey("queue", "status", "--config", node).out == "nothing waits\n"
    assert covey("queue", "list", "--inbox", "--config", node).out == "nothing is set aside\n"


def test_a_node_that_has_stopped_is_named_as_the_cause(
    covey: Covey, node: Path, queue: Callable[[Callable[[], Awaitable[None]]], None]
) -> None:
    async def beat_long_ago() -> None:
        await database.run(
            "INSERT INTO setting (key, value) VALUES ('mark', $1)",
            str(to_ms(datetime(2026, 9, 1, 12, 5, tzinfo=UTC))),
        )

    queue(beat_long_ago)

    ended = covey("queue", "status", "--config", node)

    assert ended.out == "the node does not run: 2026-09-01 12:05 was its last\n"


@pytest.mark.usefixtures("stuck")
def test_a_server_is_shown_and_tried_at_once(covey: Covey, node: Path) -> None:
    shown = covey("peer", "show", HOST, "--config", node)
    before = json.loads(covey("peer", "list", "--json", "--config", node).out)
    tried = covey("peer", "retry", HOST, "--config", node)
    after = json.loads(covey("peer", "show", HOST, "--json", "--config", node).out)

    assert f"waiting for {HOST} since " in shown.out
    assert "2 deliveries wait, 1 are parked" in shown.out
    assert "it has failed for 60 min" in shown.out
    assert [(one["host"], one["step"]) for one in before] == [(HOST, 5)]
    assert tried.out == f"3 deliveries to {HOST} are due now\n"
    assert (after["waiting"], after["parked"], after["step"]) == (3, 0, 5)
    assert "next try now" in after["why"]


def test_a_server_that_nobody_knows_is_refused(covey: Covey, node: Path) -> None:
    shown = covey("peer", "show", "nobody.test", "--config", node)
    tried = covey("peer", "retry", "nobody.test", "--config", node)

    assert (shown.status, tried.status) == (1, 1)
    assert shown.err == "covey: this node has had nothing to do with nobody.test\n"
    assert tried.err == "covey: nothing waits for nobody.test\n"
    assert covey("peer", "list", "--config", node).out == "no other server is known yet\n"


@pytest.mark.usefixtures("stuck")
def test_parked_work_is_tried_again(covey: Covey, node: Path) -> None:
    parked = covey("queue", "list", "--inbox", "--config", node)
    ended = covey("queue", "retry", "--parked", "--json", "--config", node)
    rows = json.loads(covey("queue", "list", "--json", "--config", node).out)

    assert parked.out.startswith("e  https://b.test/u/bo came at ")
    assert json.loads(ended.out) == {"deliveries": 1, "inbox": 1}
    assert [(row["id"], row["state"]) for row in rows] == [
        ("1", "pending"),
        ("2", "pending"),
        ("3", "pending"),
    ]


@pytest.mark.usefixtures("stuck")
def test_what_is_dropped_ends_as_refused(covey: Covey, node: Path) -> None:
    dry = covey("queue", "drop", "--host", HOST, "--dry-run", "--json", "--config", node)
    one = covey("queue", "drop", "1", "e", "--config", node)
    rows = json.loads(covey("queue", "list", "--host", HOST, "--json", "--config", node).out)
    again = covey("queue", "drop", "1", "--config", node)

    assert json.loads(dry.out) == {"deliveries": 3, "inbox": 0}
    assert one.out == "ended: 1 deliveries, 1 that came here\n"
    assert [row["state"] for row in rows] == ["refused", "pending", "parked"]
    assert again.status == 1
    assert again.err == "covey: nothing of that waits or is parked; nothing was done\n"


@pytest.mark.parametrize(
    "arguments",
    [
        ("queue", "retry"),
        ("queue", "retry", "1", "--parked"),
        ("queue", "drop"),
        ("queue", "drop", "1", "--host", HOST),
        ("queue", "list", "--inbox", "--host", HOST),
    ],
)
def test_an_order_names_one_thing(covey: Covey, node: Path, arguments: tuple[str, ...]) -> None:
    assert covey(*arguments, "--config", node).status == 2
