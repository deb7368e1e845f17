"""How much comes in from one address and from one domain before it is told to wait."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from federation.activities.situation import json_text
from federation.inbound.meter import FAILURES_MAX, UNKNOWN_MAX
from node.http.limits import BODY_TIME_S
from storage.database import fetch, run
from tests.fediverse.conftest import ACTIVITY, AWAY, Town
from tests.fediverse.test_inbox import FOLLOW, follow
from tests.support.home_town import ALICE, BOB, LEGACY, SPACE

NEWCOMER_BURST = 100
STRANGER_BURST = 500


async def send(town: Town, count: int, person: str = LEGACY) -> list[int]:
    statuses = []
    for number in range(count):
        body = follow(id=f"{person}/a/{number}", actor=person)
        answer = await town.post("/inbox", body, person)
        statuses.append(answer.status)
    return statuses


async def test_a_domain_that_is_new_here_waits_after_its_burst(town: Town):
    statuses = await send(town, NEWCOMER_BURST + 1)

    assert statuses == [202] * NEWCOMER_BURST + [429]
    answer = await town.post("/inbox", follow(id=f"{LEGACY}/a/x"), LEGACY)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1")
    assert (await answer.json(content_type=None))["title"] == "Too many requests"
    (row,) = await fetch("SELECT count(*) AS stored FROM inbox_entry")
    assert row["stored"] == NEWCOMER_BURST


async def test_a_stranger_of_some_days_may_send_more_and_a_second_gives_some_back(town: Town):
    old = int((town.now - timedelta(days=2)).timestamp() * 1000)
    await run("UPDATE actor SET created_at = $1 WHERE uri = $2", old, LEGACY)

    assert await send(town, STRANGER_BURST + 1) == [202] * STRANGER_BURST + [429]

    town.now += timedelta(seconds=1)
    assert await send(town, 51) == [202] * 50 + [429]


async def test_whom_people_here_follow_is_known(town: Town):
    await run(
        "INSERT INTO follow (follower, followed, state, created_at) VALUES ($1, $2, 'accepted', 1)",
        *(ALICE, LEGACY),
    )

    assert set(await send(town, STRANGER_BURST + 1)) == {202}


async def test_who_becomes_known_is_not_told_to_wait_for_what_was_before(town: Town):
    await send(town, NEWCOMER_BURST)
    await run(
        "INSERT INTO follow (follower, followed, state, created_at) VALUES ($1, $2, 'accepted', 1)",
        *(ALICE, LEGACY),
    )
    town.now += timedelta(milliseconds=1001)

    statuses = [
        (await town.post("/inbox", follow(id=f"{LEGACY}/a/x{n}", actor=LEGACY), LEGACY)).status
        for n in range(STRANGER_BURST)
    ]

    assert set(statuses) == {202}


async def test_too_many_reads_are_told_to_wait_as_well(town: Town):
    await send(town, NEWCOMER_BURST)

    answer = await town.get("/u/alice/outbox", LEGACY)
    private = await town.get("/c/01K4G000000000000000000000", LEGACY)

    assert answer.status == 200
    assert (private.status, private.headers["Retry-After"]) == (429, "1")


async def test_an_address_with_many_bad_signatures_is_hardly_heard_for_a_minute(town: Town):
    body = json_text(FOLLOW).encode()
    broken = {"Signature": 'keyId="https://x.test/k",headers="date",signature="AA=="'}
    statuses = [(await town.post("/inbox", body, **broken)).status for _ in range(FAILURES_MAX)]
    assert set(statuses) == {401}

    honest = [(await town.post("/inbox", body, LEGACY)).status for _ in range(11)]
    assert honest == [202] * 10 + [429]

    town.now += timedelta(seconds=61)
    assert (await town.post("/inbox", body, LEGACY)).status == 202


async def make_suspect(town: Town) -> None:
    broken = {"Signature": 'keyId="https://x.test/k",headers="date",signature="AA=="'}
    for _ in range(FAILURES_MAX):
        await town.post("/inbox", b"{}", **broken)


async def test_a_flood_is_told_of_once_a_minute(town: Town, caplog: pytest.LogCaptureFixture):
    await make_suspect(town)
    caplog.set_level(logging.INFO)
    caplog.clear()

    assert (await send(town, 30))[10:] == [429] * 20

    # The server's own line for each request is not the node's.
    ours = [one for one in caplog.records if one.name.startswith("federation.")]
    told = [vars(one).get("action") for one in ours]
    assert told == ["address.refused"]


async def test_a_suspect_is_refused_before_its_body_has_come(town: Town):
    await make_suspect(town)
    await send(town, 10)
    is_over = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"{"
        await is_over.wait()

    headers = {"Host": SPACE.host, "Content-Type": ACTIVITY}
    asking = town.client.post("/inbox", headers=headers, data=endless())
    async with asyncio.timeout(BODY_TIME_S / 2), asking as answer:
        assert answer.status == 429
    is_over.set()


async def test_an_address_whose_keys_nobody_can_get_is_hardly_heard_either(town: Town):
    stranger = f"https://{AWAY}/u/zoe"
    assert set(await send(town, UNKNOWN_MAX, stranger)) == {503}

    assert await send(town, 11) == [202] * 10 + [429]

    town.now += timedelta(seconds=61)
    assert await send(town, 1) == [202]


async def test_an_inbox_that_does_not_exist_is_counted_too(town: Town):
    for _ in range(FAILURES_MAX):
        await town.post("/c/01K4G000000000000000000000/inbox", follow())

    path = "/c/01K4G000000000000000000000/inbox"
    statuses = [(await town.post(path, follow(), LEGACY)).status for _ in range(11)]

    assert statuses == [404] * 10 + [429]


async def test_the_host_of_a_member_is_known(town: Town):
    statuses = await send(town, NEWCOMER_BURST + 1, BOB)

    # A Follow by somebody on aware software carries a proof, which is asked for later.
    assert set(statuses) == {401}
