"""What is to be fetched is taken so that nobody's servers hold up what others have."""

from datetime import UTC, datetime, timedelta

import pytest

from storage import asks, repairs
from storage.asks import NewRepair
from storage.database import fetch, transaction

pytestmark = pytest.mark.usefixtures("database")
NOW = datetime(2026, 9, 3, tzinfo=UTC)
LATER = NOW + repairs.LEASE_FOR


def row(number: int, asked: str, cause: str = "", at: datetime = NOW) -> NewRepair:
    return NewRepair(f"{number:026}", "actor", f"https://{asked}/{number}", at, asked, cause)


async def ask(*rows: NewRepair) -> None:
    async with transaction():
        await asks.insert(rows)


async def take_all(now: datetime = NOW) -> list[str]:
    taken = []
    while found := await repairs.lease(now):
        taken += [one.subject for one in found]
    return taken


async def test_a_noisy_domain_leaves_room_for_the_others():
    await ask(*(row(number, "noisy.test") for number in range(50)))
    await ask(row(50, "calm.test", at=NOW + timedelta(milliseconds=1)))

    taken = await take_all(NOW + timedelta(milliseconds=1))

    assert taken == ["https://noisy.test/0", "https://noisy.test/1", "https://calm.test/50"]


async def test_who_sends_us_to_many_others_leaves_room_for_the_rest():
    await ask(*(row(number, f"victim-{number}.test", "evil.test") for number in range(50)))
    await ask(row(50, "calm.test", "honest.test"), row(51, "calm.test"))

    taken = await take_all()

    assert taken == [
        *(f"https://victim-{number}.test/{number}" for number in range(repairs.CAUSED_AT_ONCE)),
        "https://calm.test/50",
        "https://calm.test/51",
    ]


async def test_what_we_cause_ourselves_is_held_by_nothing_but_whom_it_asks():
    await ask(*(row(number, f"home-{number}.test") for number in range(20)))

    assert len(await take_all()) == 20


async def test_the_next_of_a_domain_comes_when_one_is_done():
    await ask(*(row(number, "noisy.test") for number in range(3)))
    (first,) = await repairs.lease(NOW)
    await repairs.lease(NOW)

    assert await repairs.count_ready(NOW, 10) == 0
    assert await repairs.find_next_due() == LATER
    await repairs.settle(first.id)

    assert await repairs.count_ready(NOW, 10) == 1
    assert await repairs.find_next_due() == NOW


async def test_a_lease_that_ran_out_frees_its_domain():
    await ask(*(row(number, "noisy.test") for number in range(3)))
    await take_all()

    assert len(await take_all(LATER)) == 2


async def test_others_cause_no_more_rows_than_their_share(caplog: pytest.LogCaptureFixture):
    share = asks.CAUSED_MAX
    await ask(*(row(number, "victim.test", "evil.test") for number in range(share - 1)))
    await ask(*(row(share + number, "victim.test", "evil.test") for number in range(3)))
    await ask(row(share + 9, "victim.test", "honest.test"), row(share + 10, "victim.test"))

    held = await fetch("SELECT cause, COUNT(*) AS number FROM repair GROUP BY cause")

    assert {one["cause"]: one["number"] for one in held} == {
        "": 1,
        "honest.test": 1,
        "evil.test": share,
    }
    (line,) = caplog.records
    assert line.__dict__["causes"] == "evil.test"


async def test_all_others_together_have_a_share(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(asks, "CAUSED_IN_ALL_MAX", 3)
    monkeypatch.setattr(asks, "CAUSED_ALWAYS", 0)
    await ask(*(row(number, "victim.test", f"evil-{number}.test") for number in range(5)))
    await ask(row(9, "victim.test"))

    assert [one["id"] for one in await fetch("SELECT id FROM repair ORDER BY id")] == [
        f"{number:026}" for number in (0, 1, 2, 9)
    ]


async def test_each_of_the_others_has_some_rows_whatever_the_rest_have(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(asks, "CAUSED_IN_ALL_MAX", 30)
    always = asks.CAUSED_ALWAYS
    await ask(*(row(number, "victim.test", "evil.test") for number in range(40)))

    await ask(*(row(100 + number, "victim.test", "honest.test") for number in range(always + 5)))

    held = await fetch("SELECT cause, COUNT(*) AS number FROM repair GROUP BY cause")
    assert {one["cause"]: one["number"] for one in held} == {"evil.test": 30, "honest.test": always}


@pytest.mark.parametrize("kind", ["anchor", "expel", "history", "part", "state", "succession"])
async def test_what_is_this_nodes_own_duty_is_kept_beyond_all_shares(
    kind: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(asks, "CAUSED_IN_ALL_MAX", 1)
    monkeypatch.setattr(asks, "CAUSED_ALWAYS", 0)
    await ask(row(0, "victim.test", "evil.test"))

    duties = [NewRepair(f"{n:026}", kind, f"01K {n}", NOW, "", "evil.test") for n in (1, 2)]
    await ask(*duties)
    await repairs.settle(f"{0:026}")
    await ask(row(3, "victim.test", "evil.test"), row(4, "victim.test", "evil.test"))

    assert [one["id"] for one in await fetch("SELECT id FROM repair ORDER BY id")] == [
        f"{number:026}" for number in (1, 2, 3)
    ]


async def test_what_is_held_already_takes_nothing_of_a_share(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    monkeypatch.setattr(asks, "CAUSED_MAX", 3)
    held = [row(number, "victim.test", "evil.test") for number in range(2)]
    await ask(*held)

    await ask(*held, row(2, "victim.test", "evil.test"))
    await ask(*held)

    assert len(await fetch("SELECT id FROM repair")) == 3
    assert caplog.records == []


SOON = NOW + timedelta(seconds=30)


async def take_one(now: datetime = NOW) -> repairs.Repair:
    (taken,) = await repairs.lease(now)
    return taken


async def test_what_is_asked_for_again_while_it_is_in_hand_is_done_once_more():
    await ask(row(0, "calm.test"))
    first = await take_one()
    for number in (1, 2):
        await ask(row(0, "calm.test", at=SOON + timedelta(seconds=number)))
    assert await take_all() == []

    await repairs.settle(first.id)

    assert await repairs.count_ready(NOW, 10) == 0
    assert await repairs.find_next_due() == SOON + timedelta(seconds=1)
    second = await take_one(SOON + timedelta(seconds=1))
    assert (second.subject, second.attempts) == (first.subject, 0)
    assert second.created_at == SOON + timedelta(seconds=1)
    await repairs.settle(second.id)
    assert await fetch("SELECT id FROM repair") == []


async def test_what_hastens_while_it_is_in_hand_counts_for_the_next_time():
    await ask(row(0, "calm.test"))
    first = await take_one()
    for number in (60, 10, 20):
        async with transaction():
            again = row(0, "calm.test", at=NOW + timedelta(seconds=number))
            await asks.insert([again], hastens=True)

    await repairs.settle(first.id)

    assert await repairs.find_next_due() == NOW + timedelta(seconds=10)


async def test_what_fails_after_it_was_asked_for_again_keeps_to_its_ladder():
    await ask(row(0, "calm.test"))
    first = await take_one()
    await ask(row(0, "calm.test"))

    await repairs.postpone(first.id, SOON, "away")

    assert await repairs.find_next_due() == SOON
    second = await take_one(SOON)
    assert second.attempts == 1
    await repairs.settle(second.id)
    assert await fetch("SELECT id FROM repair") == []


async def test_what_is_asked_for_again_still_holds_its_place_in_hand():
    await ask(*(row(number, "noisy.test") for number in range(3)))
    first, second = await take_one(), await take_one()

    await ask(row(0, "noisy.test"), row(1, "noisy.test"))

    assert await take_all() == []
    assert await repairs.find_next_due() == LATER
    assert {(await take_one(LATER)).id, (await take_one(LATER)).id} == {first.id, second.id}


async def test_whoever_takes_over_does_what_was_asked_for_again():
    await ask(row(0, "calm.test"))
    await take_one()
    await ask(row(0, "calm.test"))

    taken_over = await take_one(LATER)
    await repairs.settle(taken_over.id)

    assert taken_over.attempts == 1
    assert await fetch("SELECT id FROM repair") == []


async def test_what_was_asked_for_again_is_due_after_a_crash():
    await ask(row(0, "calm.test"))
    await take_one()
    await ask(row(0, "calm.test"))

    await repairs.recover()

    assert (await take_one()).attempts == 1


async def test_a_repair_does_not_ask_for_itself():
    await ask(row(0, "calm.test"))
    taken = await take_one()
    with asks.in_hand(taken.kind, taken.subject):
        await ask(row(0, "calm.test"), row(1, "calm.test"))

    await repairs.settle(taken.id)

    assert [one["id"] for one in await fetch("SELECT id FROM repair")] == [f"{1:026}"]
