"""What waits for somebody else holds up no more than its own place, and not even that for long."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest_asyncio

from node.clock import Clock
from node.workers import Queue, side_by_side
from storage import database
from tests.support.mold import copy_empty, url_of


@pytest_asyncio.fixture(autouse=True)
async def opened(tmp_path: Path) -> AsyncIterator[None]:
    async with database.opened(url_of(copy_empty(tmp_path / "covey.db"))):
        yield


@dataclass(slots=True)
class Errands:
    """Things to do, each of which ends when it is told to."""

    waiting: list[str]
    held_up: int = 0
    begun: list[str] = field(default_factory=list)
    ends: dict[str, asyncio.Event] = field(default_factory=dict)
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def run_once(self, _: datetime) -> bool:
        """Begin the next."""
        if not self.waiting:
            return False
        name = self.waiting.pop(0)
        self.ends[name] = asyncio.Event()
        self.begun.append(name)
        self.news.set()
        await self.ends[name].wait()
        return True

    async def count_ready(self, _: datetime, limit: int) -> int:
        """As many as wait."""
        return min(len(self.waiting), limit)

    async def next_due(self) -> datetime | None:
        """Nothing comes by itself."""
        return None

    async def have_begun(self, *names: str) -> None:
        """Wait until just these have."""
        while self.begun != list(names):
            self.news.clear()
            await self.news.wait()


async def test_those_that_are_held_up_leave_their_place_to_others():
    errands = Errands(["silent", "quiet", "well", "last"])
    queue = Queue(
        "deliver",
        errands.count_ready,
        errands.next_due,
        count_held_up=lambda: errands.held_up,
    )
    going = asyncio.create_task(side_by_side(errands.run_once, Clock(), queue, at_once=1, aside=2))
    async with asyncio.timeout(30):
        await errands.have_begun("silent")
        errands.held_up = 1
        await errands.have_begun("silent", "quiet")
        errands.held_up = 2
        await errands.have_begun("silent", "quiet", "well")
        # There is room beside the others for two.
        errands.held_up = 3
        errands.ends["well"].set()
        await errands.have_begun("silent", "quiet", "well", "last")
    going.cancel()
    await asyncio.gather(going, return_exceptions=True)
