"""Group D of the corpus: nobody takes the room of all others."""

import asyncio
from collections.abc import Sequence

from federation.protocol.signature.parsed import Request
from tests.hostile.cast import ALICE, EVE, HANA, MALLORY, Actor
from tests.hostile.peer import told
from tests.hostile.stage import introduce
from tests.hostile.trial import HONEST_WITHIN_S, Trial
from tests.hostile.wire import plain
from tests.support.signer import ACTIVITY_JSON

LEARNED = ("actor", "remote_key", "repair")


NEW_HOSTS_AN_HOUR = 200
HOSTS_MOST = 10_000


def entangled(trial: Trial, people: Sequence[Actor]) -> list[Request]:
    """What people say who follow, mention and answer each other, and bring what others say."""
    stage, number = trial.stage, len(people)
    creates = [one.create(stage.otto.uri) for one in people]
    requests = []
    for n, who in enumerate(people):
        introduce(stage.peer, who)
        stage.peer.serve(creates[n]["id"], creates[n])
        stage.peer.serve(creates[n]["object"]["id"], creates[n]["object"])
        others = [people[(n + step) % number].uri for step in range(1, 9)]
        parent = creates[(n + 1) % number]["object"]["id"]
        requests += [
            who.post(who.activity("Follow", stage.otto.uri)),
            who.post(who.activity("Follow", others[0])),
            who.post(who.create(stage.otto.uri, *others, inReplyTo=parent)),
            # What only the other's own server can confirm.
            who.post(creates[(n + number // 2) % number]),
        ]
    return requests


async def is_heard(trial: Trial, who: Actor) -> None:
    """Somebody gets through, as fast as they may send."""
    create = who.create(trial.stage.otto.uri)
    await trial.stage.until_answered(who.post(create), 202)
    await trial.shows_once(create)


async def test_d03_names_without_end_below_one_domain(fresh: Trial):
    stage = fresh.stage
    people = [Actor(f"https://h{n}.wild.test/users/x", key_name=EVE.uri) for n in range(400)]
    other = Actor("https://tame.test/users/x", key_name=EVE.uri)
    after = Actor("https://after.wild.test/users/x", key_name=EVE.uri)
    for one in (other, after):
        introduce(stage.peer, one)
    requests = entangled(fresh, people)
    fresh.has_an_effect()
    fresh.may_change(*LEARNED, "follow", "delivery")
    await asyncio.gather(*(fresh.send_all(requests[n::20]) for n in range(20)))
    await stage.idle()

    asked = {url.split("/")[2] for url in fresh.fetched() if ".wild.test/" in url}
    assert len(asked) == NEW_HOSTS_AN_HOUR
    late = [answer for answer in fresh.answers if answer.status == 429]
    assert all(int(answer.headers["retry-after"]) > 0 for answer in late)
    # Whoever has been met goes on, so does every other domain, and in an hour the next one.
    await is_heard(fresh, next(one for one in people if one.host in asked))
    await is_heard(fresh, other)
    assert await fresh.status_of(after.post(after.create(stage.otto.uri))) == 429
    stage.advance(hours=1)
    await is_heard(fresh, after)


def hosts_like(trial: Trial, pattern: str) -> int:
    """How many hosts of such a name the node knows."""
    (row,) = trial.stage.rows("SELECT count(*) AS number FROM peer WHERE host LIKE ?", pattern)
    return int(row["number"])


def multiply(trial: Trial, host: str, times: int) -> None:
    """Let there be as many hosts more that are like this one, but owed nothing."""
    (row,) = trial.stage.rows("SELECT * FROM peer WHERE host = ?", host)
    others = ", ".join(name for name in row if name not in {"host", "due_at"})
    counted = "counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < ?)"
    found = f"SELECT 'old' || n || '.test', NULL, {others} FROM peer, counted WHERE host = ?"  # noqa: S608
    made = f"WITH RECURSIVE {counted} INSERT INTO peer (host, due_at, {others}) {found}"
    trial.stage.write(made, times, host)


async def starts_again(trial: Trial, **later: float) -> None:
    """The node is started anew after some time, and looks what it no longer needs."""
    await trial.stage.node.kill()
    trial.stage.advance(**later)
    await trial.stage.node.start()
    await trial.stage.idle()


async def test_d04_a_row_for_every_host_that_fails(fresh: Trial):
    stage = fresh.stage
    failing = [Actor(f"https://down{n}.test/users/x", key_name=EVE.uri) for n in range(60)]
    fresh.has_an_effect()
    fresh.may_change(*LEARNED, "follow", "delivery", "session", "known_device", "idempotency")
    for one in failing:
        introduce(stage.peer, one)
        stage.peer.act(one.host, "/inbox", told(503))
        assert await fresh.status_of(one.post(one.activity("Follow", stage.otto.uri))) == 202
    await stage.idle()
    assert hosts_like(fresh, "down%") == len(failing)

    multiply(fresh, failing[0].host, 12_000)
    await starts_again(fresh)
    await stage.until(lambda: hosts_like(fresh, "%") <= HOSTS_MOST)
    # Of those that are owed something none is forgotten, and who comes back gets it.
    assert hosts_like(fresh, "down%") == len(failing)
    introduce(stage.peer, failing[1])
    stage.advance(hours=7)
    await stage.until(lambda: bool(stage.peer.asked(failing[1].host, "/inbox", "POST")))
    await stage.idle()

    # What nobody took in a month is given up, and who was not heard of since is forgotten.
    await starts_again(fresh, days=31)
    await starts_again(fresh, days=41)
    await stage.until(lambda: not hosts_like(fresh, "down%") + hosts_like(fresh, "old%"))


async def test_d06_garbage_signatures_at_rate(trial: Trial):
    stage = trial.stage
    request = EVE.post(EVE.create(stage.otto.uri), parameters={"signature": '"AAAA"'})
    unsigned = plain("POST", "/inbox", {"Content-Type": ACTIVITY_JSON}, b"{}")
    flood = asyncio.gather(*(trial.send_all([request, unsigned] * 50) for _ in range(20)))
    honest = [await trial.honest_seconds() for _ in range(5)]
    own = []
    for _ in range(5):
        began = asyncio.get_running_loop().time()
        await stage.otto.must("GET", "/conversations")
        own.append(asyncio.get_running_loop().time() - began)
    await flood

    trial.may_change("token")
    trial.measure("an honest message during garbage, in s", sorted(honest)[2])
    trial.measure("the API during garbage, in s", sorted(own)[2])
    assert sorted(honest)[2] < HONEST_WITHIN_S
    assert sorted(own)[2] < HONEST_WITHIN_S


async def test_d07_one_hot_row(fresh: Trial):
    stage = fresh.stage
    creates = [HANA.create(stage.otto.uri, text=f"hot {n}") for n in range(400)]
    requests = [HANA.post(one) for one in creates]
    fresh.has_an_effect()
    began = asyncio.get_running_loop().time()
    await asyncio.gather(*(fresh.send_all(requests[n::20]) for n in range(20)))
    await stage.idle()
    took = asyncio.get_running_loop().time() - began
    fresh.measure("messages a second in one conversation", 400 / took)

    rows = stage.rows("SELECT count(*) AS number FROM message WHERE text LIKE 'hot %'")
    assert rows[0]["number"] == 400
    assert took < 60


async def test_d08_one_noisy_sender(fresh: Trial):
    stage = fresh.stage
    fresh.has_an_effect()
    fresh.may_change(*LEARNED)
    requests = [EVE.post(EVE.create(stage.otto.uri, text=f"noise {n}")) for n in range(2000)]
    flood = asyncio.gather(*(fresh.send_all(requests[n::20]) for n in range(20)))
    honest = [await fresh.honest_seconds() for _ in range(5)]
    await flood

    fresh.measure("an honest message during noise, in s", sorted(honest)[2])
    assert sorted(honest)[2] < HONEST_WITHIN_S
    assert {answer.status for answer in fresh.answers} <= {202, 429}


async def test_d10_amplification_to_people(fresh: Trial):
    stage = fresh.stage
    senders = (ALICE, MALLORY, EVE)
    fresh.has_an_effect()
    fresh.may_change(*LEARNED)
    for sender in senders:
        requests = [
            sender.post(sender.create(stage.otto.uri, text=f"@otto {n}")) for n in range(300)
        ]
        await fresh.send_all(requests)
    await stage.idle()

    assert {answer.status for answer in fresh.answers} <= {202, 429}
    assert 429 in {answer.status for answer in fresh.answers}
