"""While the rules of the operator cannot be read, what waits goes on waiting and loses nothing."""

from dataclasses import replace

import pytest

from federation.inbound.process import InboxWorker
from federation.inbound.reader import Reader
from federation.inbound.repair import RepairWorker
from federation.pipeline import errands
from federation.pipeline.prepare import Tools
from federation.policy.domains import NO_RULES, Rules
from storage.database import fetch
from storage.errors import StorageUnavailable
from tests.inbound.test_repair import arrive, entry, follow, work
from tests.support.home_town import NOW, SAM
from tests.support.origins import Believing, Origins

# More often than anything is tried.
TIMES = 10


class Operator:
    """The rules, which can be read or not."""

    is_readable = False

    def rules(self) -> Rules:
        if not self.is_readable:
            raise StorageUnavailable("the rules of the operator cannot be read")
        return NO_RULES


@pytest.fixture
def operator() -> Operator:
    return Operator()


async def standing(table: str) -> list[tuple[object, ...]]:
    rows = await fetch(f"SELECT state, attempts, lease_until FROM {table}")  # noqa: S608
    return [(row["state"], row["attempts"], row["lease_until"]) for row in rows]


async def test_an_entry_is_given_back_untried(
    tools: Tools, origins: Origins, operator: Operator
) -> None:
    tools = replace(tools, rules=operator.rules)
    await follow(None, "joining")
    await arrive(entry(1))
    inbox = InboxWorker(tools, Reader(allow_http=False))

    for _ in range(TIMES):
        with pytest.raises(StorageUnavailable):
            await inbox.run_once(NOW)
        assert await standing("inbox_entry") == [("pending", 0, None)]

    operator.is_readable = True
    assert await inbox.run_once(NOW)


async def test_a_repair_is_given_back_untried(
    tools: Tools, origins: Origins, operator: Operator
) -> None:
    tools = replace(tools, rules=operator.rules)
    repairs = RepairWorker(tools, Believing(), origins, allow_http=False)
    await errands.ask(tools.new_id, ("actor", SAM), NOW)

    for _ in range(TIMES):
        with pytest.raises(StorageUnavailable):
            await repairs.run_once(NOW)
        assert await standing("repair") == [("pending", 0, None)]

    operator.is_readable = True
    await work(tools, repairs)
    assert await standing("repair") == []
