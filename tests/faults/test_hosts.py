"""Hosts that are away, flap, refuse, lie or send elsewhere: what waits, waits, and arrives."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import trustme

from storage.times import from_ms
from tests.faults.conftest import Measure
from tests.faults.scenarios import seeds
from tests.network.stories import sent, together
from tests.support.gate import Exchange, Gate, posted
from tests.support.live_node import LiveNode
from tests.support.network import Network
from tests.support.person import Person, Room

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
EMPTY = "\r\nContent-Length: 0\r\n\r\n"


async def due_in(node: LiveNode, host: str) -> timedelta:
    """How long this node leaves a host alone; a minute if it owes it nothing."""
    (lane,) = await node.rows("SELECT due_at FROM peer WHERE host = $1", host)
    if lane["due_at"] is None:
        return MINUTE
    return max(from_ms(lane["due_at"]) - node.clock.now(), SECOND)


async def states(person: Person, room: Room, host: str) -> list[str]:
    """What became of each message at a host."""
    return [
        one["state"]
        for message in await person.messages(room)
        for one in message["delivery"]
        if one["host"] == host
    ]


async def wait_for(
    network: Network, node: LiveNode, is_so: Callable[[], Awaitable[bool]], most: timedelta
) -> timedelta:
    """Let time pass from one try to the next until it is so; how long that took."""
    began = network.clock.now()
    while True:
        await network.settle()
        passed = network.clock.now() - began
        if await is_so() or passed > most:
            return passed
        network.advance(seconds=(await due_in(node, "beta.test")).total_seconds())


@pytest.mark.parametrize(
    ("outage", "probe"),
    [
        pytest.param(HOUR, 15 * MINUTE, id="1h"),
        pytest.param(DAY, HOUR, id="24h"),
        pytest.param(7 * DAY, 6 * HOUR, id="7d", marks=pytest.mark.long),
        pytest.param(29 * DAY, 6 * HOUR, id="30d", marks=pytest.mark.long),
    ],
)
# How long an outage lasts, and how long after it the next probe comes at most.
@pytest.mark.parametrize("ended_by", ["contact", "probe"])
@pytest.mark.parametrize("seed", seeds())
async def test_f13_a_host_that_was_away(
    network: Network, outage: timedelta, probe: timedelta, ended_by: str, seed: int
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    rooms = [await together(network, al, bo, title=title) for title in ("tea", "coffee")]
    network.cut("beta.test")
    ends_at = network.clock.now() + outage
    number = 0
    while network.clock.now() < ends_at:
        if number < 10:
            await al.say(rooms[number % 2], f"message {number}")
        number += 1
        await network.settle()
        wait = min(await due_in(alpha, "beta.test"), ends_at - network.clock.now())
        network.advance(seconds=max(wait.total_seconds(), 0.001))
    await alpha.tidy()
    network.heal("beta.test")
    if ended_by == "contact":
        await bo.say(rooms[0], "I am back")
    expected = {room: await al.texts(room) for room in rooms}

    async def is_all_there() -> bool:
        return all([set(expected[room]) <= set(await bo.texts(room)) for room in rooms])

    took = await wait_for(network, alpha, is_all_there, probe)

    assert await is_all_there()
    assert took <= (MINUTE if ended_by == "contact" else probe)
    for room in rooms:
        assert await bo.texts(room) == await al.texts(room)


async def test_f13_past_thirty_days_the_sender_is_told(network: Network):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.cut("beta.test")
    await al.say(room, "too late")
    await network.settle()

    network.advance(days=31)
    await alpha.tidy()
    network.heal("beta.test")
    await network.settle()

    (message,) = await al.messages(room)
    assert [(one["state"], bool(one["reason"])) for one in message["delivery"]] == [
        ("failed", True)
    ]


@pytest.mark.parametrize("seed", seeds())
async def test_f14_a_host_that_flaps(network: Network, measure: Measure, seed: int):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    is_up, failed = True, list[datetime]()

    async def flapping(gate: Gate, exchange: Exchange) -> bytes:
        if is_up:
            return await gate.pass_on(exchange)
        failed.append(network.clock.now())
        raise ConnectionResetError

    network.strike(lambda one: one.host == "beta.test", flapping)
    for second in range(600):
        is_up = second // 5 % 2 == 0
        if second % 2 == 0:
            await al.say(room, f"message {second}")
        if second % 60 == 2:
            # Whoever flaps is heard while it is up; without a word from it, all depends on chance.
            await bo.say(room, f"still here {second}")
        await network.settle()
        network.advance(seconds=1)

    texts = {text for text in await al.texts(room) if text.startswith("message")}
    arrived, said = len(texts & set(await bo.texts(room))), len(texts)
    measure("of what was said arrived in the ten minutes", arrived / said)
    # Half of the time it is up.
    assert arrived >= 0.2 * said / 2
    for at in failed:
        assert len([one for one in failed if at <= one < at + 5 * SECOND]) <= 2


GARBAGE = {
    "html": (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>",
        True,
    ),
    "a gibibyte": (
        b"HTTP/1.1 202 OK\r\nContent-Length: 1073741824\r\n\r\n" + bytes(1 << 20),
        True,
    ),
    "no http": (b"\x16\x03garbage\r\n\r\n", False),
    "1xx without end": (b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, False),
    "no status": (b"HTTP/1.1\r\n\r\n", False),
    "status 999": (b"HTTP/1.1 999 X" + EMPTY.encode(), False),
    "nothing": (b"", False),
}


@pytest.mark.parametrize("kind", GARBAGE)
@pytest.mark.parametrize("seed", seeds())
async def test_f17_a_host_that_answers_garbage(network: Network, kind: str, seed: int):
    answer, is_success = GARBAGE[kind]
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)

    async def garbled(_gate: Gate, _exchange: Exchange) -> bytes:
        if not answer:
            raise ConnectionResetError
        return answer

    with network.meanwhile(posted("Create", to="beta.test"), garbled):
        await al.say(room, "hello")
        await network.settle()

    assert await states(al, room, "beta.test") == ["delivered" if is_success else "waiting"]
    if not is_success:
        assert 7 * SECOND <= await due_in(alpha, "beta.test") <= 10 * SECOND
        network.advance(seconds=10)
        await network.settle()
        assert await bo.texts(room) == ["hello"]


# Status; what became of the row at once, and after two days of the same answer.
TABLE = [
    *((status, "waiting", "refused") for status in (400, 401, 404, 405, 413, 415, 422)),
    *((status, "waiting", "refused") for status in (301, 302, 307, 308)),
    (403, "refused", "refused"),
    (410, "refused", "refused"),
    (402, "waiting", "waiting"),
    (500, "waiting", "waiting"),
]


@pytest.mark.parametrize(("status", "at_first", "in_the_end"), TABLE)
@pytest.mark.parametrize("seed", seeds())
async def test_f18_a_host_that_refuses(
    network: Network, status: int, at_first: str, in_the_end: str, seed: int
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room, other = [await together(network, al, bo, title=title) for title in ("tea", "coffee")]
    head = f"HTTP/1.1 {status} X\r\nLocation: https://gamma.test/inbox{EMPTY}".encode()

    def is_in_room(one: Exchange) -> bool:
        return posted("Create", to="beta.test")(one) and room.uri in str(one.document["context"])

    with network.fail(is_in_room, head):
        await al.say(room, "refused")
        await al.say(other, "goes on")
        await network.settle()
        assert await states(al, room, "beta.test") == [at_first]
        assert await bo.texts(other) == ["goes on"]
        for _ in range(60):
            network.advance(hours=1)
            await network.settle()

    assert await states(al, room, "beta.test") == [in_the_end]
    assert sent(network.tape, to="gamma.test") == []


LADDER_FIRST = (7, 10)
WAITS = [
    ("5", (5, 5)),
    ("86400", (86400, 86400)),
    ("1000000000000", LADDER_FIRST),
    ("-1", LADDER_FIRST),
    ("garbage", LADDER_FIRST),
    ("in an hour", (3599, 3600)),
    ("in a year", LADDER_FIRST),
]


@pytest.mark.parametrize(("asked", "between"), WAITS)
@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("seed", seeds())
async def test_f19_a_host_that_asks_to_wait(
    network: Network, status: int, asked: str, between: tuple[int, int], seed: int
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room, other = [await together(network, al, bo, title=title) for title in ("tea", "coffee")]
    later = {"in an hour": HOUR, "in a year": 365 * DAY}.get(asked)
    value = asked if later is None else format_datetime(network.clock.now() + later, usegmt=True)
    network.tape.clear()

    head = f"HTTP/1.1 {status} X\r\nRetry-After: {value}{EMPTY}".encode()
    with network.fail(posted("Create", to="beta.test"), head):
        await al.say(room, "wait")
        await network.settle()
        await al.say(other, "the whole host waits")
        await network.settle()
        wait = await due_in(alpha, "beta.test")
        assert len(sent(network.tape, to="beta.test")) == 1

    assert between[0] * SECOND <= wait <= between[1] * SECOND
    network.advance(seconds=wait.total_seconds())
    await network.settle()
    assert await bo.texts(room) == ["wait"]
    assert await bo.texts(other) == ["the whole host waits"]


@pytest.mark.parametrize("seed", seeds())
async def test_f20_a_redirect_loop_leaks_nothing(network: Network, seed: int):
    alpha, beta, _ = await network.start("alpha.test", "beta.test", "gamma.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    network.tape.clear()

    for target in ("https://beta.test/inbox", "https://gamma.test/inbox"):
        head = f"HTTP/1.1 302 X\r\nLocation: {target}{EMPTY}".encode()
        with network.fail(posted("Create", to="beta.test"), head):
            await al.say(room, target)
            await network.settle()

    assert len(sent(network.tape, "Create", to="beta.test")) == 2
    assert [one for one in network.tape if one.host == "gamma.test"] == []
    network.advance(hours=2)
    await network.settle()
    assert len(await bo.texts(room)) == 2


@pytest.mark.parametrize("kind", ["another name", "expired", "nobody vouches for it"])
@pytest.mark.parametrize("seed", seeds())
async def test_f20_a_bad_certificate_that_is_repaired(
    network: Network, ca: trustme.CA, kind: str, seed: int
):
    alpha, beta = await network.start("alpha.test", "beta.test")
    al, bo = alpha.person("al"), beta.person("bo")
    room = await together(network, al, bo)
    yesterday = datetime.now(UTC) - DAY
    bad = {
        "another name": lambda: ca.issue_cert("gamma.test"),
        "expired": lambda: ca.issue_cert("beta.test", not_after=yesterday),
        "nobody vouches for it": lambda: trustme.CA().issue_cert("beta.test"),
    }[kind]()
    # Connections that are open saw the good one.
    await alpha.stop()
    network.show("beta.test", bad)
    await alpha.start()
    network.tape.clear()

    await al.say(room, "waits for the repair")
    for _ in range(12):
        await network.settle()
        network.advance(minutes=10)
    assert [one for one in network.tape if one.host == "beta.test"] == []
    assert await states(al, room, "beta.test") == ["waiting"]
    network.show("beta.test", ca.issue_cert("beta.test"))
    for _ in range(15):
        network.advance(minutes=1)
        await network.settle()

    assert await bo.texts(room) == ["waits for the repair"]
