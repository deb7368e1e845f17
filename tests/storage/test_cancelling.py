"""Once somebody is out, no request of their conversation to them begins, however it comes back."""

from collections.abc import Awaitable, Callable

import msgspec
import pytest

from storage import cancelling, database, delivery_orders, delivery_queue
from storage.changes import CancelAbout, CancelSends
from storage.delivery_queue import Lane
from tests.support.owed import (
    ALICE,
    BOB,
    NOW,
    SECOND,
    account,
    owe,
    settle,
    states,
    take,
    taken,
)

pytestmark = pytest.mark.usefixtures("database")

ONE, OTHER = f"https://{BOB}/u/bob", f"https://{BOB}/u/bea"
MESSAGE = f"{ALICE}/m/1"
Return = Callable[[Lane], Awaitable[object]]


async def by_failing(lane: Lane) -> None:
    await settle(lane, "pending", due_at=NOW + 10 * SECOND)


async def by_the_end_of_its_lease(lane: Lane) -> None:
    await take("u", at=NOW + 60 * SECOND, wanted=0)


async def by_a_restart(lane: Lane) -> None:
    await delivery_queue.recover(NOW + 60 * SECOND)


WAYS = [by_failing, by_the_end_of_its_lease, by_a_restart]


async def put_out(person: str = ONE) -> None:
    async with database.transaction():
        await cancelling.cancel([CancelSends("c", person, BOB, NOW)])


async def owe_to(*people: str, row_id: str = "1", survives: bool = False) -> None:
    text = msgspec.json.encode(people).decode()
    await owe(row_id, conversation_id="c", recipients=text, survives=survives)


async def recipients() -> list[str]:
    (row,) = await database.fetch("SELECT recipients FROM delivery")
    return list(msgspec.json.decode(row["recipients"]))


@pytest.mark.parametrize("comes_back", WAYS)
async def test_what_is_on_its_way_to_somebody_put_out_does_not_begin_again(comes_back: Return):
    await owe_to(ONE)
    lane = await taken("t")

    await put_out()
    await comes_back(lane)

    assert await states() == {"1": "cancelled"}


@pytest.mark.parametrize("comes_back", WAYS)
async def test_what_is_on_its_way_to_others_too_goes_on_for_them(comes_back: Return):
    await owe_to(ONE, OTHER)
    lane = await taken("t")

    await put_out()
    await comes_back(lane)

    assert await states() == {"1": "pending"}
    assert await recipients() == [OTHER]


async def test_what_arrived_while_somebody_was_put_out_has_arrived():
    await owe_to(ONE)
    lane = await taken("t")

    await put_out()
    await settle(lane, "delivered")

    assert await states() == {"1": "delivered"}


async def test_a_deletion_on_its_way_goes_on_to_whoever_had_the_message():
    await owe_to(ONE, survives=True)
    lane = await taken("t")

    await put_out()
    await by_failing(lane)

    assert await states() == {"1": "pending"}


async def test_what_was_parked_for_somebody_put_out_is_not_sent_by_a_retry():
    await owe_to(ONE)
    await settle(await taken("t"), "parked")

    await put_out()

    assert await delivery_orders.retry(host=BOB, at=NOW) == 0
    assert await states() == {"1": "cancelled"}


async def test_what_was_parked_of_a_deleted_message_is_not_sent_by_a_retry():
    await account()
    await owe("1", object_uri=MESSAGE)
    await settle(await taken("t"), "parked")

    async with database.transaction():
        await cancelling.cancel_about([CancelAbout(ALICE, MESSAGE, "", NOW)])

    assert await delivery_orders.retry(host=BOB, at=NOW) == 0
    assert await states() == {"1": "cancelled"}
