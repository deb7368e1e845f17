"""What was on its way when its author's account ended is not tried again, however it comes back."""

from collections.abc import Awaitable, Callable

import pytest

from storage import delivery_queue
from storage.delivery_queue import Lane
from tests.support.owed import NOW, SECOND, account, owe, settle, states, take, taken

pytestmark = pytest.mark.usefixtures("database")

Return = Callable[[Lane], Awaitable[object]]


async def by_failing(lane: Lane) -> None:
    await settle(lane, "pending", due_at=NOW + 10 * SECOND)


async def by_the_end_of_its_lease(lane: Lane) -> None:
    await take("u", at=NOW + 60 * SECOND, wanted=0)


async def by_a_restart(lane: Lane) -> None:
    await delivery_queue.recover(NOW + 60 * SECOND)


WAYS = [by_failing, by_the_end_of_its_lease, by_a_restart]


async def on_its_way() -> Lane:
    """A message, the deletion of another one, and a Leave; all have begun to travel."""
    await account()
    await owe("1 message", conversation_id="a", message_id="m")
    await owe("2 deletion", conversation_id="b", message_id="n", survives=True)
    await owe("3 leave", conversation_id="c")
    lane = await taken("t")
    assert set((await states()).values()) == {"sending"}
    return lane


@pytest.mark.parametrize("comes_back", WAYS)
async def test_a_message_whose_author_was_suspended_ends(comes_back: Return):
    lane = await on_its_way()
    await account("suspended")

    await comes_back(lane)

    assert await states() == {"1 message": "refused", "2 deletion": "pending", "3 leave": "pending"}


@pytest.mark.parametrize("comes_back", WAYS)
async def test_of_a_deleted_author_only_deletions_go_out(comes_back: Return):
    lane = await on_its_way()
    await account("deleted")

    await comes_back(lane)

    assert await states() == {
        "1 message": "cancelled",
        "2 deletion": "pending",
        "3 leave": "cancelled",
    }


@pytest.mark.parametrize("comes_back", WAYS)
async def test_everything_of_an_active_author_is_tried_again(comes_back: Return):
    lane = await on_its_way()

    await comes_back(lane)

    assert set((await states()).values()) == {"pending"}


async def test_what_has_arrived_meanwhile_has_arrived():
    lane = await on_its_way()
    await account("suspended")

    await settle(lane)

    assert set((await states()).values()) == {"delivered"}
