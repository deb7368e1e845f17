"""A row that cannot be dealt with is set aside, and a worker that hangs is replaced."""

import asyncio

import pytest

from tests.faults.scenarios import seeds
from tests.network.stories import sent, together
from tests.support.gate import Exchange, Gate, posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room
from tests.support.process_node import until

POISON = "poison"
NEWEST = "SELECT state, attempts, settled_at FROM delivery ORDER BY id DESC LIMIT 1"
# What a handler that raises after a partial write does, whatever it has written before.
REFUSE = {
    "sqlite": [
        """
        CREATE TRIGGER poisoned BEFORE INSERT ON event
        WHEN EXISTS (SELECT 1 FROM message WHERE id = NEW.message_id AND text = 'poison')
        BEGIN SELECT RAISE(ABORT, 'poison'); END
        """
    ],
    "postgres": [
        """
        CREATE FUNCTION poisoned() RETURNS trigger AS $f$ BEGIN
        IF EXISTS (SELECT 1 FROM message WHERE id = NEW.message_id AND text = 'poison')
        THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $f$ LANGUAGE plpgsql
        """,
        "CREATE TRIGGER poisoned BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION poisoned()",
    ],
}
ALLOW = {
    "sqlite": ["DROP TRIGGER poisoned"],
    "postgres": ["DROP TRIGGER poisoned ON event"],
}


async def do(node: LiveNode, *statements: str) -> None:
    """Change the database of a node behind its back."""
    for statement in statements:
        await node.rows(statement)


async def pair(network: Network) -> tuple[LiveNode, LiveNode, Person, Person, Room]:
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.advance(minutes=2)
    return alpha, beta, al, bo, room


@pytest.mark.parametrize("wrong", ["does not serialise", "key missing"])
@pytest.mark.parametrize("seed", seeds())
async def test_f31_a_row_that_cannot_be_sent(network: Network, wrong: str, seed: int):
    alpha, _beta, al, bo, room = await pair(network)
    await al.say(room, POISON)
    if wrong == "key missing":
        await do(alpha, "DELETE FROM actor_key")
        await alpha.stop()
        await alpha.start()
    else:
        await do(
            alpha,
            "UPDATE activity SET document = '{' WHERE id ="
            " (SELECT activity_id FROM delivery WHERE state = 'pending')",
        )
    for seconds in (0, 10, 30, 60):
        network.advance(seconds=seconds)
        await network.settle()

    (row,) = await alpha.rows("SELECT state, reason, tries FROM delivery WHERE state = 'parked'")
    assert row["reason"]
    (message,) = await al.messages(room)
    assert [(one["state"], bool(one["reason"])) for one in message["delivery"]] == [
        ("failed", True)
    ]
    if wrong != "key missing":
        await al.say(room, "goes on")
        await network.settle()
        assert await bo.texts(room) == ["goes on"]


@pytest.mark.parametrize("seed", seeds())
async def test_f32_an_entry_whose_handler_raises(network: Network, seed: int):
    alpha, beta, al, bo, room = await pair(network)
    await al.say(room, "stored by an older version")
    await alpha.work()
    (whole,) = await beta.rows("SELECT id, body FROM inbox_entry")
    await beta.rows("UPDATE inbox_entry SET body = $1", b'{"type": "Create", "id": 7}')
    for seconds in (0, 1, 5, 30, 120):
        network.advance(seconds=seconds)
        await network.settle()
    await al.say(room, "other work")
    await network.settle()

    (entry,) = await beta.rows("SELECT state, attempts, reason FROM inbox_entry")
    assert (entry["state"], entry["attempts"]) == ("parked", 5)
    assert entry["reason"]
    assert "other work" in await bo.texts(room)
    await beta.rows("UPDATE inbox_entry SET body = $1", bytes(whole["body"]))
    await beta.replay_all()
    await network.settle()
    assert await bo.texts(room) == ["stored by an older version", "other work"]


@pytest.mark.parametrize("seed", seeds())
async def test_f33_a_handler_that_raises_in_the_middle_of_a_batch(
    network: Network, engine: str, seed: int
):
    alpha, beta, al, bo, room = await pair(network)
    await do(beta, *REFUSE[engine])
    texts = [f"message {number}" for number in range(6)]
    for text in (*texts[:3], POISON, *texts[3:]):
        await al.say(room, text)
    while await alpha.inside(alpha.node.parts.deliveries.run_once(network.clock.now())):
        pass
    held = await beta.rows("SELECT count(*) AS number FROM inbox_entry")
    for seconds in (0, 1, 5, 30, 120):
        network.advance(seconds=seconds)
        await network.settle()

    assert held[0]["number"] == 7
    assert await bo.texts(room) == texts
    assert await beta.rows("SELECT id FROM message WHERE text = 'poison'") == []
    (entry,) = await beta.rows("SELECT state FROM inbox_entry")
    assert entry["state"] == "parked"
    await do(beta, *ALLOW[engine])
    await beta.replay_all()
    await network.settle()
    assert await bo.texts(room) == await al.texts(room)


@pytest.mark.parametrize("seed", seeds())
async def test_f34_a_worker_that_hangs(network: Network, seed: int):
    alpha, _beta, al, bo, room = await pair(network)
    goes_on, hangs = asyncio.Event(), list[Exchange]()

    async def hanging(gate: Gate, exchange: Exchange) -> bytes:
        answer = await gate.pass_on(exchange)
        if not hangs:
            hangs.append(exchange)
            await goes_on.wait()
        return answer

    network.strike(posted("Create", to="beta.test"), hanging)
    network.tape.clear()
    await al.say(room, "once")
    worker = alpha.node.parts.deliveries
    hung = asyncio.create_task(alpha.inside(worker.run_once(network.clock.now())))

    async def has_begun() -> bool:
        return bool(hangs)

    assert await until(has_begun, within_s=10)
    network.advance(seconds=61)
    await network.settle()
    (row,) = await alpha.rows(NEWEST)
    network.advance(seconds=5)
    goes_on.set()
    await hung
    await network.settle()

    assert (row["state"], row["attempts"]) == ("delivered", 2)
    assert len(sent(network.tape, "Create", to="beta.test")) == 2
    (late,) = await alpha.rows(NEWEST)
    assert late["settled_at"] == row["settled_at"]
    assert await bo.texts(room) == ["once"]
