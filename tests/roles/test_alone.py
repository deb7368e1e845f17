"""What one process does for all is done by another one as soon as that one has ended."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from node import alone
from node.clock import Clock
from storage import database
from tests.support.mold import copy_empty, url_of
from tests.support.process_node import until


class Asking(Clock):
    """Counts how often whoever has it asks for the time."""

    def __init__(self) -> None:
        self.times = 0

    def now(self) -> datetime:
        self.times += 1
        return super().now()

    async def often(self) -> bool:
        return self.times > 3


@pytest_asyncio.fixture(autouse=True)
async def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setattr(alone, "RENEW_EVERY_S", 0.01)
    async with database.opened(url_of(copy_empty(tmp_path / "covey.db"))):
        yield


async def test_one_at_a_time_and_the_next_when_it_ends():
    doing: list[str] = []

    async def job(name: str) -> None:
        doing.append(name)
        try:
            await asyncio.Event().wait()
        finally:
            doing.remove(name)

    async def are_doing(names: list[str]) -> bool:
        return doing == names

    first = asyncio.create_task(alone.alone(lambda: job("one"), "it", "1", Clock()))
    assert await until(lambda: are_doing(["one"]), within_s=10)
    asking = Asking()
    second = asyncio.create_task(alone.alone(lambda: job("two"), "it", "2", asking))
    assert await until(asking.often, within_s=10)
    assert doing == ["one"]

    first.cancel()

    assert await until(lambda: are_doing(["two"]), within_s=10)
    second.cancel()
    await asyncio.gather(first, second, return_exceptions=True)
    assert doing == []
