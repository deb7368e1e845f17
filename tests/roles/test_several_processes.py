"""Web and worker processes on one database are one node to everybody else."""

import pytest

from tests.roles.conftest import Several
from tests.support.checker import History
from tests.support.network import POSTGRES
from tests.support.process_node import until

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(not POSTGRES, reason="no PostgreSQL named"),
]


async def quiet(history: History, several: Several) -> list[str]:
    """Wait until everybody is shown the same, at both web processes; what is wrong then."""
    people = (*several.al_at, several.bo)

    async def is_quiet() -> bool:
        return await history.is_quiet(people)

    await until(is_quiet, within_s=40)
    return await history.faults(people)


async def test_messages_flow_through_all_processes(several: Several):
    history = History(several.room)
    await several.start()

    for number in range(6):
        assert await history.say(several.al_at[number % 2], f"from al {number}")
        assert await history.say(several.bo, f"from bo {number}")

    assert await quiet(history, several) == []
